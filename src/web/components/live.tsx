import type { PropsWithChildren } from 'hono/jsx';

interface LiveProps {
  id: string;
  /** The address of the page that has this part. */
  path: string;
}

/**
 * A part of a page that is fetched again when something changed, and each minute for the words of its clocks. What
 * has the focus keeps it, and what is being typed stays: the new part is merged into the old one.
 */
export const Live = ({ id, path, children }: PropsWithChildren<LiveProps>) => (
  <div
    id={id}
    hx-get={path}
    hx-trigger="changed from:#live delay:100ms, every 60s"
    hx-select={`#${id}`}
    hx-target="this"
    hx-swap="outerMorph"
  >
    {children}
  </div>
);
