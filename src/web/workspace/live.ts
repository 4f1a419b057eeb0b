import { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { accessFilter } from '../../access/filter.ts';
import type { Parts } from '../../fhir/parts.ts';
import type { FeedCursor, FeedRow } from '../../store/types.ts';
import type { Room, RoomEnv, Workspace } from './room.ts';
import { room } from './room.ts';

/** Where an open page hears that something changed. */
export const livePath = '/live';

/** The same, for a page that knows everything up to a place in the change feed. */
export const liveSince = (place: FeedCursor | null): string =>
  place ? `${livePath}?since=${place.xid}.${place.seq}` : livePath;

function placeIn(text: string | undefined): FeedCursor | undefined {
  const [, xid, seq] = /^(\d{1,20})\.(\d{1,15})$/.exec(text ?? '') ?? [];
  return xid !== undefined && seq !== undefined ? { xid, seq: Number(seq) } : undefined;
}

/** How long after a change of another process, in milliseconds: this process is told of its own at once. */
const pollMs = 500;
/** A stream with nothing to say says so, before something in between takes it for dead. */
const quietMs = 20_000;
const batch = 200;

const shown = new Set([
  'Task',
  'ServiceRequest',
  'Communication',
  'Appointment',
  'Encounter',
  'HealthcareService',
]);

/** Tells open pages that something changed which their reader may see, and nothing of what it is. */
export function liveRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const changes = createChanges(workspace);
  app.get(livePath, room(workspace), c =>
    streamSSE(c, async stream => {
      const leave = changes.join(c.var.room, stream);
      stream.onAbort(leave);
      // What happened between the page and this stream: a commit is often answered by another at once.
      await changes.catchUp(c.var.room, stream, placeIn(c.req.query('since')));
      while (!stream.aborted && !stream.closed) {
        await stream.write(': here\n\n');
        await stream.sleep(quietMs);
      }
      leave();
    }),
  );
  return app;
}

interface Reader {
  room: Pick<Room, 'actor'>;
  stream: SSEStreamingApi;
}

/** Follows the change feed while anybody listens. */
function createChanges({ parts, log }: Workspace) {
  const readers = new Set<Reader>();
  let stop: (() => void) | undefined;

  function start(): () => void {
    let place: Promise<FeedCursor | null> = parts.store.feed.head();
    const look = () => {
      place = place.then(tellSince).catch(error => {
        log.error({ err: error }, 'open pages could not be told of changes');
        return parts.store.feed.head();
      });
    };
    const deaf = parts.store.feed.onCommit(look);
    const poll = setInterval(look, pollMs).unref();
    return () => {
      deaf();
      clearInterval(poll);
    };
  }

  async function tellSince(after: FeedCursor | null): Promise<FeedCursor | null> {
    const rows = await parts.store.feed.read(after, batch);
    const of = rows.filter(({ type }) => shown.has(type));
    const organizations = Map.groupBy(readers, ({ room }) => room.actor.organization);
    for (const present of organizations.values()) {
      const [first] = present;
      if (first && (await seesAny(parts, first.room, of)))
        await Promise.all(present.map(({ stream }) => stream.writeSSE({ event: 'changed', data: '' })));
    }
    return rows.at(-1)?.cursor ?? after;
  }

  return {
    /** Tells one reader of what has changed since a place; of more than it looks at, that something may have. */
    async catchUp(of: Pick<Room, 'actor'>, stream: SSEStreamingApi, since: FeedCursor | undefined) {
      if (!since) return;
      const rows = await parts.store.feed.read(since, batch);
      const news =
        rows.length === batch ||
        (await seesAny(
          parts,
          of,
          rows.filter(({ type }) => shown.has(type)),
        ));
      if (news) await stream.writeSSE({ event: 'changed', data: '' });
    },
    join(of: Pick<Room, 'actor'>, stream: SSEStreamingApi): () => void {
      const reader = { room: of, stream };
      readers.add(reader);
      stop ??= start();
      return () => {
        readers.delete(reader);
        if (readers.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}

async function seesAny(
  parts: Parts,
  { actor }: Pick<Room, 'actor'>,
  rows: readonly FeedRow[],
): Promise<boolean> {
  const filter = accessFilter(actor, 'read', parts.clock.now().getTime());
  for (const { type, id } of rows) {
    const version = await parts.store.read({ type, id }, filter);
    if (version?.body) return true;
  }
  return false;
}
