import type { PropsWithChildren } from 'hono/jsx';
import { type BotState, goesOn } from '../../../events/bot-desk.ts';
import { Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Live } from '../../components/live.tsx';
import { Progress } from '../../components/progress.tsx';
import type { Room } from '../room.ts';

/** What the pages of bots know of their reader. */
export type Seen = Pick<Room, 'now' | 'zone' | 'token'>;

interface ChangingProps {
  id: string;
  path: string;
  /** Bots that somebody has run now. */
  running: readonly string[];
}

/** A part of a page that follows what happens: by the second while a bot runs that somebody asked for. */
export function Changing({ id, path, running, children }: PropsWithChildren<ChangingProps>) {
  return running.length > 0 ? (
    <Progress id={id} path={path} label={`${running.join(', ')} is running.`}>
      {children}
    </Progress>
  ) : (
    <Live id={id} path={path}>
      {children}
    </Live>
  );
}

/** Has a bot run now. */
export function RunNow({ bot, room, at }: { bot: BotState; room: Seen; at: string }) {
  const { name, schedule, byHand } = bot;
  if (!schedule) return <span class="quiet">Runs by itself</span>;
  if (goesOn(byHand, room.now)) return <span class="quiet">Running</span>;
  return (
    <Form action={`/bots/${name}/run`} token={room.token} to={at} look="beside">
      <button type="submit" class="second small">
        <Icon name="play" /> Run now<span class="hidden"> {name}</span>
      </button>
    </Form>
  );
}
