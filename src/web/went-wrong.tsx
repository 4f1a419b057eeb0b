import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { HubError } from '../errors.ts';
import { page } from './page.ts';
import { ProblemPage } from './problem-page.tsx';
import { localPath, withReturn } from './sign-in/desk.ts';
import type { Room } from './workspace/room.ts';

/** The page that says what happened, that nothing was lost, and what next; who is not signed in is led there. */
export function whatWentWrong(
  c: Context,
  error: unknown,
  log: Pick<Logger, 'error'>,
): Response | Promise<Response> {
  if (error instanceof HubError && error.kind === 'unauthorized' && c.req.method === 'GET')
    return c.redirect(withReturn('/sign-in', localPath(c.req.path)), 303);
  const { status, text } = told(error, log);
  const title = status === 404 ? 'Not found' : 'This did not work';
  const room = c.get('room') as Room | undefined;
  return c.html(page(<ProblemPage title={title} text={text} who={room?.who} />), status as 400);
}

function told(error: unknown, log: Pick<Logger, 'error'>): { status: number; text: string } {
  if (error instanceof HubError) return { status: error.status, text: error.message };
  if (error instanceof HTTPException)
    return {
      status: error.status,
      text: 'This form was not sent from a page of the hub, so nothing was done. Open the page here, and send it again.',
    };
  log.error({ err: error }, 'a page failed');
  return {
    status: 500,
    text: 'The hub failed to answer. What was saved before is kept. Try again; the operator finds the cause in the log.',
  };
}
