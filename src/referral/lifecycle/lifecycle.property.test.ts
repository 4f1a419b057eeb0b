import { isDeepStrictEqual } from 'node:util';
import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CaseState, type StateName, states } from '../../../test/cases/lifecycle.ts';
import { type Ask, asks } from '../../../test/cases/lifecycle-asks.ts';
import { legal } from '../../../test/cases/lifecycle-legal.ts';
import {
  childrenOf,
  codeOf,
  expected,
  hubs,
  idOf,
  maySend,
  nameOf,
  requestOf,
  rootsOf,
  tasksOf,
  terminal,
  type View,
  working,
} from '../../../test/cases/lifecycle-oracle.ts';
import { expectInvariants } from '../../../test/harness/referral-invariants.ts';
import {
  createReferralWorld,
  placeNetwork,
  placeRequest,
  referralTask,
} from '../../../test/harness/referral-world.ts';
import { HubError } from '../../errors.ts';

const targets = ['target', 'shelter', 'other-center'];

type Command =
  | { kind: 'ask'; party: string; task: number; ask: Ask }
  | { kind: 'step'; pick: number; onward: boolean }
  | { kind: 'refer'; to: string | undefined; draft: boolean }
  | { kind: 'offer'; root: number; to: string }
  | { kind: 'request'; status: ServiceRequest['status'] }
  | { kind: 'wait'; minutes: number };

const party = fc.constantFrom('source', 'hub', ...targets, ...targets, 'owner', 'owner', 'owner', 'outsider');
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      pick: fc.nat(1000),
      onward: fc.integer({ min: 0, max: 9 }).map(dice => dice < 8),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      party,
      task: fc.nat(8),
      ask: fc.constantFrom(...(Object.keys(asks) as Ask[])),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refer' as const),
      to: fc.constantFrom(undefined, 'hub', ...targets),
      draft: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('offer' as const),
      root: fc.nat(3),
      to: fc.constantFrom(...targets),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('request' as const),
      status: fc.constantFrom('active', 'on-hold', 'completed', 'revoked', 'entered-in-error', 'draft'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 5000 }) }),
  },
);

async function attempt<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

async function perform(view: View, command: Command): Promise<void> {
  const { world } = view;
  if (command.kind === 'wait') world.now = new Date(world.now.getTime() + command.minutes * 60_000);
  else if (command.kind === 'step') await step(view, command.pick, command.onward);
  else if (command.kind === 'refer') await refer(view, command.to, command.draft);
  else if (command.kind === 'offer') await offer(view, command.root, command.to);
  else if (command.kind === 'request') await setRequest(view, command.status);
  else await ask(view, command);
}

/** One of the legal moves, so that the run gets somewhere: onward only, or also to an end. */
async function step(view: View, pick: number, onward: boolean): Promise<void> {
  const ends: StateName[] = ['rejected', 'failed', 'withdrawn', 'cancelled', 'cut', 'completed', 'error'];
  const moves = tasksOf(view).flatMap((task, index) => {
    const parties = ['source', idOf(task.owner?.reference) || 'target', view.world.hub];
    return parties.flatMap(actor =>
      (Object.keys(asks) as Ask[]).flatMap(name => {
        const { to } = expected(view, task, actor, name);
        return to && !(onward && ends.includes(to))
          ? [{ kind: 'ask', party: actor, task: index, ask: name } as const]
          : [];
      }),
    );
  });
  const move = moves[pick % Math.max(1, moves.length)];
  if (move) await ask(view, move);
}

async function refer(view: View, to: string | undefined, draft: boolean): Promise<void> {
  const may = draft ? true : maySend(view);
  const task = referralTask(view.request, { status: draft ? 'draft' : 'requested' });
  if (to) task.owner = { reference: `Organization/${to === 'hub' ? view.world.hub : to}` };
  else delete task.owner;
  const made = await attempt(() => view.world.write('source', task));
  expect(made !== undefined, `refer to ${to}`).toBe(may);
}

async function offer(view: View, index: number, to: string): Promise<void> {
  const { world } = view;
  const roots = rootsOf(view).filter(task => hubs(view, task) && task.status !== 'draft');
  const found = roots[index % Math.max(1, roots.length)];
  if (!found) return;
  const takes = found.status === 'requested' && index > 0;
  const root = takes ? (await world.write(world.hub, { ...found, status: 'accepted' })).stored : found;
  const peers = childrenOf(view, root);
  const filler =
    idOf(peers[0]?.focus?.reference) ||
    placeRequest(world, {
      intent: 'filler-order',
      basedOn: [{ reference: `ServiceRequest/${view.request}` }],
      requester: { reference: `Organization/${world.hub}` },
    }).id;
  const may =
    working(root) &&
    codeOf(root) !== '5.2' &&
    !peers.some(working) &&
    peers.filter(one => one.status === 'requested').length < 3;
  const task = referralTask(filler, {
    partOf: [{ reference: `Task/${root.id}` }],
    requester: { reference: `Organization/${world.hub}` },
    owner: { reference: `Organization/${to}` },
  });
  const made = await attempt(() => world.write(world.hub, task));
  expect(made !== undefined, `offer to ${to} below ${root.status}`).toBe(may);
}

async function setRequest(view: View, status: ServiceRequest['status']): Promise<void> {
  const request = requestOf(view);
  const sent = rootsOf(view).filter(
    task => task.status !== 'draft' && idOf(task.focus?.reference) === view.request,
  );
  const closed = ['completed', 'revoked', 'entered-in-error'].includes(request.status);
  const open = sent.some(task => !terminal(task));
  const may =
    sent.length === 0 ||
    status === request.status ||
    status === 'entered-in-error' ||
    (!closed &&
      status !== 'draft' &&
      (status === 'active' || !open) &&
      (status !== 'completed' || sent.some(task => task.status === 'completed')));
  const written = await attempt(() => view.world.write('source', { ...request, status }));
  expect(written !== undefined, `request ${request.status} → ${status}`).toBe(may);
}

async function ask(
  view: View,
  { party: who, task: index, ask: name }: Command & { kind: 'ask' },
): Promise<void> {
  const { world } = view;
  const all = tasksOf(view);
  const task = all[index % Math.max(1, all.length)];
  if (!task) return;
  const actor = who === 'hub' ? world.hub : who === 'owner' ? idOf(task.owner?.reference) || 'target' : who;
  const foreseen = expected(view, task, actor, name);
  const before = new Map(world.resources);
  const written = await attempt(() => world.write(actor, { ...task, ...asks[name] }));
  const what = `${actor} ${name} on ${nameOf(task)} of ${task.owner?.reference}`;
  if (foreseen.asked) expect(written !== undefined, what).toBe(foreseen.to !== undefined);
  if (!written)
    return expect(isDeepStrictEqual(new Map(world.resources), before), `${what} leaves a trace`).toBe(true);
  const state: CaseState | undefined = foreseen.to && states[foreseen.to];
  const reached = state ? [state.status, state.step] : [task.status, codeOf(task)];
  expect([written.stored.status, codeOf(written.stored)], what).toEqual(reached);
  for (const { before: was, after } of written.also) {
    if (after.resourceType !== 'Task') continue;
    if (was) expectLegalConsequence(view, was as Task, after, what);
    else expect([name, after.status, after.requester], what).toEqual(['redirect', 'draft', task.requester]);
  }
}

/** What the hub changes by itself is a step of the table too: as the sender of what it asks, or as the receiver. */
function expectLegalConsequence(view: View, was: Task, is: Task, what: string): void {
  const told = `${what}: ${was.status} ${codeOf(was)} → ${is.status} ${codeOf(is)}`;
  if (was.status === is.status && codeOf(was) === codeOf(is)) return;
  const [from, to] = [nameOf(was), nameOf(is)];
  if (was.partOf || !hubs(view, was)) {
    const steps = [
      ...Object.values(legal[from].source),
      ...(from === 'requested' || from === 'unowned' ? ['cancelled'] : []),
    ];
    expect(steps, told).toContain(to);
    return;
  }
  // The sender's Task follows: it is taken over, mirrors what is below, and ends as that ends.
  const atWork = ['accepted', 'started', 'scheduled', 'missed', 'visitCancelled', 'visited'];
  if (atWork.includes(from) || from === 'requested') {
    expect([...atWork, 'completed', 'cancelled', 'error'], told).toContain(to);
    return;
  }
  expect(Object.values(legal[from].target), told).toContain(to);
}

it('holds whatever the parties do', { timeout: process.env.CHECK_FULL ? 600_000 : 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('hub', 'hub', ...targets, undefined),
      fc.array(command, { minLength: 5, maxLength: 30 }),
      async (first, commands) => {
        const world = createReferralWorld();
        const { request } = placeNetwork(world, targets);
        const view: View = { world, request: request.id };
        await refer(view, first, false);
        expectInvariants(view);
        for (const one of commands) {
          await perform(view, one);
          expectInvariants(view);
        }
      },
    ),
    { numRuns: process.env.CHECK_FULL ? 10_000 : 400 },
  );
});
