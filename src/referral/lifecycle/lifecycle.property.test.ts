import { isDeepStrictEqual } from 'node:util';
import type { EpisodeOfCare, ServiceRequest, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CaseState, type StateName, states } from '../../../test/cases/lifecycle.ts';
import { type Ask, asks } from '../../../test/cases/lifecycle-asks.ts';
import { legal } from '../../../test/cases/lifecycle-legal.ts';
import {
  createReferralWorld,
  placeNetwork,
  placeRequest,
  type ReferralWorld,
  referralTask,
} from '../../../test/harness/referral-world.ts';
import { HubError } from '../../errors.ts';
import { nextStepOf } from './next-step.ts';

const targets = ['target', 'shelter', 'other-center'];

type Command =
  | { kind: 'ask'; party: string; task: number; ask: Ask }
  | { kind: 'refer'; to: string | undefined; draft: boolean }
  | { kind: 'offer'; root: number; to: string }
  | { kind: 'request'; status: ServiceRequest['status'] }
  | { kind: 'wait'; minutes: number };

const party = fc.constantFrom('source', 'hub', ...targets, ...targets, 'owner', 'owner', 'owner', 'outsider');
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 12,
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

/** What the tests know of the world without asking the code that is tested. */
interface View {
  world: ReferralWorld;
  request: string;
}

const tasksOf = ({ world }: View): Task[] => world.tasks();
const idOf = (reference: string | undefined): string => reference?.split('/')[1] ?? '';
const rootsOf = (view: View): Task[] => tasksOf(view).filter(task => !task.partOf);
const childrenOf = (view: View, root: Task): Task[] =>
  tasksOf(view).filter(task => idOf(task.partOf?.[0]?.reference) === root.id);
const terminal = (task: Task) =>
  ['rejected', 'cancelled', 'failed', 'completed', 'entered-in-error'].includes(task.status);
const working = (task: Task) => ['accepted', 'in-progress', 'on-hold'].includes(task.status);
const codeOf = (task: Task): string | undefined => task.businessStatus?.coding?.[0]?.code;
const requestOf = ({ world, request }: View): ServiceRequest => world.read(`ServiceRequest/${request}`);
const hubs = (view: View, task: Task): boolean => idOf(task.owner?.reference) === view.world.hub;

/** The name of a Task's state in the table of cases; a mirrored step counts as being at work. */
function nameOf(task: Task): StateName {
  const prior = task.extension?.find(one => one.url.endsWith('/prior-step'));
  if (task.status === 'requested') return task.owner ? 'requested' : 'unowned';
  if (task.status === 'cancelled' && codeOf(task) === '6.0') return prior ? 'cut' : 'cancelled';
  if (task.status === 'on-hold') return 'resting';
  const found = (Object.keys(states) as StateName[]).find(name => {
    const state: CaseState = states[name];
    return state.status === task.status && (state.step === undefined || state.step === codeOf(task));
  });
  return found ?? 'started';
}

/** What must come of an ask, by the table alone: `asked` a change of state, and the one it leads to, or a refusal. */
function expected(view: View, task: Task, actor: string, ask: Ask): { asked: boolean; to?: StateName } {
  const name = nameOf(task);
  const { status = task.status, businessStatus }: Partial<Task> = asks[ask];
  const sameStatus = status === task.status || (status === 'received' && task.status === 'requested');
  const finer = ask === 'scheduleInOurWords' && codeOf(task) === '5.1.1';
  const sameStep = !businessStatus || finer || businessStatus.coding?.[0]?.code === codeOf(task);
  const late = name === 'cut' && ask === 'complete';
  if ((sameStatus && sameStep) || late) return { asked: false };
  const to = allowed(view, task, actor, name, ask);
  return { asked: true, ...(to ? { to } : {}) };
}

function allowed(view: View, task: Task, actor: string, name: StateName, ask: Ask): StateName | undefined {
  const source = task.partOf ? view.world.hub : 'source';
  const owner = idOf(task.owner?.reference);
  if (actor === view.world.hub && owner === actor) return byHubBelowSource(view, task, name, ask);
  if (actor === view.world.hub && ['requested', 'unowned'].includes(name) && ask === 'cancel')
    return 'cancelled';
  if (actor === source) return bySource(view, task, name, ask);
  if (actor === owner && name !== 'draft') return byTarget(task, name, ask);
  return name === 'unowned' && ask === 'accept' ? 'accepted' : undefined;
}

/** The hub as the receiver of the sender's Task: it takes it or gives it back, the rest follows from below. */
function byHubBelowSource(view: View, task: Task, name: StateName, ask: Ask): StateName | undefined {
  if (name === 'requested' && ask === 'cancel') return 'cancelled';
  const to = legal[name].target[ask];
  if (to === undefined || to === name) return to;
  if (!['accepted', 'rejected', 'failed', 'withdrawn'].includes(to)) return undefined;
  return childrenOf(view, task).some(working) ? undefined : to;
}

function bySource(view: View, task: Task, name: StateName, ask: Ask): StateName | undefined {
  const to = legal[name].source[ask];
  if (name === 'draft' && to === 'requested') return maySend(view, task) ? to : undefined;
  // Nobody at work below: the hub confirms a cancellation at once.
  if (to === 'leaving' && hubs(view, task) && !childrenOf(view, task).some(working)) return 'cancelled';
  return to;
}

function byTarget(task: Task, name: StateName, ask: Ask): StateName | undefined {
  if (name !== 'resting') return legal[name].target[ask] === 'resting' ? 'resting' : legal[name].target[ask];
  const prior = task.extension?.find(one => one.url.endsWith('/prior-step'))?.valueCodeableConcept
    ?.coding?.[0]?.code;
  const back =
    ({ '5.1.1': 'scheduled', '5.1.2': 'missed', '5.1.3': 'visitCancelled', '5.1.4': 'visited' } as const)[
      prior ?? ''
    ] ?? 'started';
  const says: Partial<Record<Ask, StateName>> = {
    start: back,
    schedule: 'scheduled',
    scheduleInOurWords: 'scheduled',
    missVisit: 'missed',
    cancelVisit: 'visitCancelled',
    recordVisit: 'visited',
  };
  if (says[ask]) return says[ask] === back ? back : undefined;
  return legal.resting.target[ask];
}

/** One request: active, nobody at work on it, at most three asked. */
function maySend(view: View, self?: Task): boolean {
  const peers = rootsOf(view).filter(
    task => task.id !== self?.id && idOf(task.focus?.reference) === view.request,
  );
  const { status } = requestOf(view);
  return (
    (status === 'active' || status === 'draft') &&
    !peers.some(working) &&
    peers.filter(one => one.status === 'requested').length < 3
  );
}

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
  else if (command.kind === 'refer') await refer(view, command.to, command.draft);
  else if (command.kind === 'offer') await offer(view, command.root, command.to);
  else if (command.kind === 'request') await setRequest(view, command.status);
  else await ask(view, command);
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
  const root = roots[index % Math.max(1, roots.length)];
  if (!root) return;
  const peers = childrenOf(view, root);
  const filler =
    idOf(peers[0]?.focus?.reference) ||
    placeRequest(world, {
      intent: 'filler-order',
      basedOn: [{ reference: `ServiceRequest/${view.request}` }],
      requester: { reference: `Organization/${world.hub}` },
    }).id;
  const may =
    !terminal(root) &&
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
    if (after.resourceType === 'Task') expectLegalConsequence(view, was as Task, after, what);
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

const pairs: Record<string, (string | undefined)[]> = {
  draft: [undefined],
  requested: ['2.0'],
  accepted: ['3.0'],
  rejected: ['4.0'],
  'in-progress': ['in-progress', '5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.2'],
  'on-hold': ['waitlisted'],
  completed: ['7.0'],
  failed: ['4.0'],
  cancelled: ['4.0', '6.0'],
  'entered-in-error': [undefined],
};

function expectInvariants(view: View): void {
  for (const task of tasksOf(view)) {
    const mirrored = hubs(view, task) && task.status === 'in-progress' ? ['3.0', 'waitlisted'] : [];
    expect([...(pairs[task.status] ?? []), ...mirrored], `${task.status}`).toContain(codeOf(task));
    expect((task.extension ?? []).filter(one => one.url.endsWith('/next-step')).length).toBeLessThanOrEqual(
      1,
    );
  }
  expectTurns(view);
  for (const root of rootsOf(view).filter(one => hubs(view, one))) expectAgreement(view, root);
  expectStandings(view);
}

/** No open loop: every referral that is not closed has one party whose turn it is, an action and a due time. */
function expectTurns(view: View): void {
  const roots = rootsOf(view);
  const request = requestOf(view);
  const closed = ['completed', 'revoked', 'entered-in-error'].includes(request.status);
  const parties = ['source', view.world.hub, 'outsider', ...targets];
  for (const task of tasksOf(view)) {
    const step = nextStepOf(task);
    if (step) {
      expect(parties).toContain(step.turn);
      expect(Number.isNaN(Date.parse(step.due))).toBe(false);
    }
    if (closed && !task.partOf) expect(step, 'a closed referral').toBeUndefined();
    else if (!terminal(task)) expect(step, `${task.status} has no next step`).toBeDefined();
    else if (task.partOf) expect(step, 'what is over below').toBeUndefined();
  }
  if (closed) return;
  const over = roots.filter(terminal);
  const holders = over.filter(task => nextStepOf(task));
  const standing = over.filter(task => task.status !== 'entered-in-error');
  const carried = roots.some(task => !terminal(task));
  expect(holders.length, 'who closes or chooses again').toBe(carried || standing.length === 0 ? 0 : 1);
  for (const task of holders) expect(nextStepOf(task)?.turn).toBe('source');
}

/** The sender's Task and those below agree; what was reported below has arrived above. */
function expectAgreement(view: View, root: Task): void {
  const children = childrenOf(view, root);
  const active = children.filter(working);
  expect(active.length, 'one works at a time').toBeLessThanOrEqual(1);
  for (const output of children.flatMap(child => child.output ?? [])) {
    expect(
      root.output?.some(one => isDeepStrictEqual(one, output)),
      'outputs reach the sender',
    ).toBe(true);
  }
  if (terminal(root)) {
    expect(children.every(terminal), 'nothing stays open below').toBe(true);
    for (const child of children)
      expect(view.world.read<ServiceRequest>(child.focus?.reference ?? '').status).not.toBe('active');
    return;
  }
  expect(
    children.some(child => child.status === 'completed'),
    'completed below is completed above',
  ).toBe(false);
  const [working1] = active;
  if (working1) expect([root.status, codeOf(root)]).toEqual(['in-progress', codeOf(working1)]);
  if (!working1) expect(codeOf(root), 'a cancellation waits for somebody').not.toBe('5.2');
  const step = nextStepOf(root);
  if (working1 && root.status !== 'draft') expect(step).toEqual(nextStepOf(working1));
}

/** An episode for each acceptance by who treats, none for a shelter, and none left planned where it was called off. */
function expectStandings(view: View): void {
  const episodes = [...view.world.resources.values()].filter(
    one => one.resourceType === 'EpisodeOfCare',
  ) as EpisodeOfCare[];
  expect(episodes.some(one => one.managingOrganization?.reference === 'Organization/shelter')).toBe(false);
  for (const task of tasksOf(view).filter(working)) {
    const owner = task.owner?.reference;
    if (owner === 'Organization/shelter' || hubs(view, task)) continue;
    const own = episodes.filter(
      one =>
        one.managingOrganization?.reference === owner &&
        one.referralRequest?.[0]?.reference === task.focus?.reference,
    );
    expect(
      own.some(one => ['planned', 'waitlist', 'active', 'onhold'].includes(one.status)),
      'an episode at work',
    ).toBe(true);
  }
}

it('holds whatever the parties do', { timeout: 60_000 }, async () => {
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
    { numRuns: 300 },
  );
});
