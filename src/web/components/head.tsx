import type { Child, PropsWithChildren } from 'hono/jsx';

interface HeadProps {
  title: Child;
  /** The way back: where this page hangs. */
  up?: { path: string; label: string };
  /** What one can do here, beside the title. */
  actions?: Child;
}

/** The head of a page: where it hangs, what it is, what one can do. */
export const Head = ({ title, up, actions, children }: PropsWithChildren<HeadProps>) => (
  <div class="head">
    {up && (
      <nav class="crumbs" aria-label="Where you are">
        <a href={up.path}>{up.label}</a>
      </nav>
    )}
    <div class="head-line">
      <h1>{title}</h1>
      {actions && <div class="actions">{actions}</div>}
    </div>
    {children && <div class="lead">{children}</div>}
  </div>
);
