import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { HubError } from '../../errors.ts';
import { Done } from '../components/notice.tsx';
import { Layout } from '../layout.tsx';
import { page } from '../page.ts';
import { liveSince } from './live.ts';
import type { RoomContext } from './room.ts';

interface ShowOptions {
  /** Without anything of a person: it is kept in the history of the browser. */
  title: string;
  /** What may be said after a redirect with `?done=`, by its code. */
  done?: Readonly<Record<string, string>>;
  /** What was refused: the page is shown again with what was typed, under the status of the refusal. */
  problem?: HubError | undefined;
}

/** A page of the workspace. It hears of changes: what it holds in `Live` is fetched again when something changed. */
export function show(
  c: RoomContext,
  { title, done, problem }: ShowOptions,
  content: Child,
): Response | Promise<Response> {
  const { who, place } = c.var.room;
  const said = done?.[c.req.query('done') ?? ''];
  return c.html(
    page(
      <Layout title={`${title} – Warm Handoff`} who={who} live={liveSince(place)}>
        {said && <Done>{said}</Done>}
        {content}
      </Layout>,
    ),
    (problem?.status ?? 200) as 200,
  );
}

/** After something was done: the page, with what is said about it (`ShowOptions.done`). Reloading does nothing twice. */
export function doneAt(c: Pick<Context, 'redirect'>, path: string, done: string): Response {
  const [before, after = ''] = path.split('?', 2);
  const query = new URLSearchParams(after);
  query.set('done', done);
  return c.redirect(`${before}?${query}`, 303);
}
