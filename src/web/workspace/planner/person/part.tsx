import type { Child, PropsWithChildren } from 'hono/jsx';

/** A part of a page about something: a card with a heading. */
export const Part = ({ id, title, children }: PropsWithChildren<{ id: string; title: Child }>) => (
  <section class="card" aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
);
