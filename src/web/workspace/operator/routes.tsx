import type { Task } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { HubError } from '../../../errors.ts';
import { parkedTasks, settle } from '../../../events/by-hand.ts';
import { fieldsOf, localPath, mendable } from '../../sign-in/desk.ts';
import { type RoomContext, type RoomEnv, room, type Workspace } from '../room.ts';
import { doneAt, show } from '../show.tsx';
import { BotPage } from './bot-page.tsx';
import { BotsPage } from './bots-page.tsx';
import { DeliveriesPage } from './deliveries-page.tsx';
import { readNetwork } from './network.ts';
import { NetworkPage } from './network-page.tsx';

const done = {
  started: 'The bot runs now. What comes of it is shown here.',
  sending: 'It is sent now. If it is not taken, it is back here in a few minutes.',
  worked: 'It has worked, and is parked no more.',
  settled: 'Settled: the hub does not try this again.',
};

/** Pages of who runs the network: what it is made of, its bots, its deliveries. */
export function operatorRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const { pages, operations } = workspace;
  for (const area of ['/network', '/bots', '/deliveries']) app.use(`${area}/*`, room(workspace, area));

  app.get('/network', async c => {
    const { actor, now, person, repository } = c.var.room;
    const [people, clients, parked] = await Promise.all([
      pages.people.management.list(person),
      pages.clients.list(),
      operations.parked.list(actor),
    ]);
    const network = await readNetwork(repository, { people, clients, now });
    const runs = parked.filter(one => one.kind === 'bot').length;
    const counts = { runs, deliveries: parked.length - runs };
    return show(c, { title: 'Network' }, <NetworkPage network={network} parked={counts} room={c.var.room} />);
  });

  app.get('/bots', c => botsPage(c));
  app.get('/bots/:name', c => botPage(c, c.req.param('name')));
  app.get('/deliveries', c => deliveriesPage(c));

  app.post('/bots/:name/run', async c => {
    const name = c.req.param('name');
    try {
      await operations.bots.start(c.var.room.actor, name);
    } catch (error) {
      return pageAt(c, (await returnOf(c)) ?? `/bots/${name}`, mendable(error));
    }
    return doneAt(c, (await returnOf(c)) ?? `/bots/${name}`, 'started');
  });
  app.post('/deliveries/retry', async c => {
    const at = (await returnOf(c)) ?? '/deliveries';
    try {
      const { id = '' } = await fieldsOf(c);
      const retried = await operations.parked.retry(c.var.room.actor, id);
      if (retried.outcome === 'failed')
        throw new HubError('conflict', `It has failed again, and is kept here: ${retried.error}`);
      return doneAt(c, at, retried.outcome === 'done' ? 'worked' : 'sending');
    } catch (error) {
      return pageAt(c, at, mendable(error));
    }
  });
  app.post('/bots/settle', async c => {
    const at = (await returnOf(c)) ?? '/bots';
    try {
      const { id = '' } = await fieldsOf(c);
      await settle(c.var.room.repository, await parkedRun(c, id));
      return doneAt(c, at, 'settled');
    } catch (error) {
      return pageAt(c, at, mendable(error));
    }
  });

  async function botsPage(c: RoomContext, problem?: HubError) {
    const bots = await operations.bots.list(c.var.room.actor);
    return show(
      c,
      { title: 'Bots', done, problem },
      <BotsPage bots={bots} room={c.var.room} problem={problem} />,
    );
  }
  async function botPage(c: RoomContext, name: string, problem?: HubError) {
    const bots = await operations.bots.list(c.var.room.actor);
    const bot = bots.find(one => one.name === name);
    if (!bot) throw new HubError('not-found', 'There is no bot of this name. All are at /bots.');
    return show(
      c,
      { title: `Bot ${name}`, done, problem },
      <BotPage bot={bot} room={c.var.room} problem={problem} />,
    );
  }
  async function deliveriesPage(c: RoomContext, problem?: HubError) {
    const items = await operations.parked.list(c.var.room.actor);
    const deliveries = items.filter(one => one.kind !== 'bot');
    return show(
      c,
      { title: 'Deliveries', done, problem },
      <DeliveriesPage items={deliveries} room={c.var.room} problem={problem} />,
    );
  }
  /** The page that something was asked from, with what went wrong. */
  function pageAt(c: RoomContext, at: string, problem: HubError) {
    const [, name] = /^\/bots\/([\w-]+)$/.exec(at) ?? [];
    if (name) return botPage(c, name, problem);
    return at === '/bots' ? botsPage(c, problem) : deliveriesPage(c, problem);
  }
  return app;
}

const returnOf = async (c: RoomContext): Promise<string | undefined> => localPath((await fieldsOf(c)).return);

async function parkedRun(c: RoomContext, id: string): Promise<Task> {
  const task = (await parkedTasks(c.var.room.repository)).find(one => `Task/${one.id}` === id);
  if (task) return task;
  throw new HubError('not-found', 'This is parked no more: somebody has settled it, or it has worked.');
}
