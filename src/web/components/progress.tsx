import type { PropsWithChildren } from 'hono/jsx';

interface ProgressProps {
  id: string;
  /** The address of the page that has this part. */
  path: string;
  /** What is going on. */
  label: string;
}

/**
 * In the place of a `Live` part while something long goes on: it is fetched again each second, until the page has the
 * `Live` part of the same id again.
 */
export const Progress = ({ id, path, label, children }: PropsWithChildren<ProgressProps>) => (
  <div
    id={id}
    hx-get={path}
    hx-trigger="every 1s"
    hx-select={`#${id}`}
    hx-target="this"
    hx-swap="outerHTML"
    aria-busy="true"
  >
    <p class="progress" role="status">
      <progress aria-label={label} /> {label} <a href={path}>Look again</a>
    </p>
    {children}
  </div>
);
