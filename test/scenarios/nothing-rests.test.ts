import type { HealthcareService, Patient, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { HubError } from '../../src/errors.ts';
import type { Hub } from '../../src/hub.ts';
import { climbedOf } from '../../src/referral/escalation/climbed.ts';
import { nextStepOf } from '../../src/referral/lifecycle/next-step.ts';
import { type Ask, asks } from '../cases/lifecycle-asks.ts';
import { type Hubs, hubsOn } from '../harness/bots.ts';
import { type FakeClock, fakeClock } from '../harness/clock.ts';
import { eachDatabase } from '../harness/databases.ts';
import { fulfill, reference, treatingOrganization } from '../harness/referral.ts';

const centers = ['north', 'south'];
const day = 24 * 60;

type Command =
  | { kind: 'act'; by: 'turn' | 'source' | 'target'; task: number; ask: Ask }
  | { kind: 'ask' | 'note'; by: 'source' | 'target'; task: number }
  | { kind: 'offer'; to: string }
  | { kind: 'wait'; minutes: number }
  | { kind: 'restart' };

/** What carries a referral on; drawn from all asks alone, most would be refused. */
const onward = ['accept', 'accept', 'schedule', 'missVisit', 'recordVisit', 'hold'] as const;

const task = fc.nat(6);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      by: fc.constantFrom('turn', 'turn', 'turn', 'target', 'source'),
      task,
      ask: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...onward) },
        { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(asks) as Ask[])) },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('ask', 'note'),
      by: fc.constantFrom('source', 'target'),
      task,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('offer' as const), to: fc.constantFrom('hub', ...centers) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      minutes: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 1, max: 600 }) },
        { weight: 1, arbitrary: fc.integer({ min: day, max: 21 * day }) },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

/** A real hub that is closed and opened again, and the referrals of one request in it. */
interface World {
  hub: Hub;
  hubs: Hubs;
  clock: FakeClock;
}

const actorOf = (organization: string): Actor => ({
  kind: 'client',
  id: organization,
  organization,
  scopes: [{ type: '*', create: true, read: true, update: true, delete: true, search: true }],
});

async function create<R extends Resource>(
  { hub }: World,
  by: string,
  resource: R,
): Promise<R & { id: string }> {
  const [made] = await hub.repository(actorOf(by)).write([{ kind: 'create', resource }]);
  return made?.stored?.resource() as unknown as R & { id: string };
}

/** False where the hub refuses. */
async function attempt(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof HubError && error.kind !== 'unavailable') return false;
    throw error;
  }
}

const update = ({ hub }: World, by: string, resource: Task): Promise<unknown> =>
  hub.repository(actorOf(by)).write([{ kind: 'update', type: 'Task', id: resource.id ?? '', resource }]);

/** As their sender sees them: the hub sees the person no more when a referral is over, and finds nothing by them. */
async function tasksOf({ hub }: World, patient: string): Promise<Task[]> {
  const query = new URLSearchParams({
    patient: `Patient/${patient}`,
    code: 'fulfill',
    _count: '100',
    _sort: '_lastUpdated',
  });
  const { entries } = await hub.repository(actorOf('hospital')).search('Task', query);
  return entries.map(({ stored }) => stored.resource() as Task);
}

const idOf = (of: { reference?: string } | undefined): string => of?.reference?.split('/')[1] ?? '';
const over = ({ status }: Task): boolean =>
  ['rejected', 'cancelled', 'failed', 'completed', 'entered-in-error'].includes(status);

async function tick({ hub, clock }: World): Promise<void> {
  await hub.events.drain();
  await hub.events.tick(clock.now());
  await hub.events.drain();
}

async function perform(
  world: World,
  patient: string,
  request: ServiceRequest,
  command: Command,
): Promise<void> {
  if (command.kind === 'wait') {
    world.clock.advance({ minutes: command.minutes });
    return tick(world);
  }
  if (command.kind === 'restart') {
    await world.hub.close();
    world.hub = await world.hubs.open(world.clock);
    return tick(world);
  }
  if (command.kind === 'offer') {
    const again = referral(request, patient, command.to);
    await attempt(() => create(world, 'hospital', again));
    return;
  }
  const tasks = await tasksOf(world, patient);
  const waiting = tasks.filter(one => !over(one) && idOf(one.owner) !== 'hub');
  const among = command.by === 'turn' && waiting.length > 0 ? waiting : tasks;
  const chosen = among[command.task % Math.max(1, among.length)];
  if (!chosen) return;
  const by = { source: 'hospital', target: idOf(chosen.owner), turn: nextStepOf(chosen)?.turn }[command.by];
  if (!by || by === 'hub') return;
  await attempt(() => update(world, by, { ...chosen, ...changeOf(chosen, command) }));
}

function changeOf(chosen: Task, command: Extract<Command, { kind: 'act' | 'ask' | 'note' }>): Partial<Task> {
  if (command.kind === 'act') return asks[command.ask];
  if (command.kind === 'note') return { note: [...(chosen.note ?? []), { text: 'We are at it.' }] };
  const own = 'https://warmhandoff.example/fhir/CodeSystem/referral-status';
  return { businessStatus: { coding: [{ system: own, code: 'info-requested' }] } };
}

const referral = (request: ServiceRequest, patient: string, to: string): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  code: fulfill,
  focus: reference(request),
  for: { reference: `Patient/${patient}` },
  requester: { reference: 'Organization/hospital' },
  owner: { reference: `Organization/${to}` },
});

/** One party, one action, one due time, for everything that is not closed. */
async function expectTurns(world: World, patient: string, id: string, what: string): Promise<Task[]> {
  const [request] = (
    await world.hub.repository(actorOf('hospital')).search('ServiceRequest', new URLSearchParams({ _id: id }))
  ).entries.map(({ stored }) => stored.resource() as ServiceRequest);
  const closed =
    request === undefined || ['completed', 'revoked', 'entered-in-error'].includes(request.status);
  const tasks = await tasksOf(world, patient);
  for (const one of tasks) {
    const steps = (one.extension ?? []).filter(({ url }) => url.endsWith('/next-step'));
    expect(steps.length, `${what}: ${one.status}`).toBeLessThanOrEqual(1);
    if (!over(one)) expect(steps.length, `${what}: ${one.status} has one`).toBe(closed ? 0 : 1);
    if (steps.length === 0) continue;
    const step = nextStepOf(one);
    expect(['hospital', 'hub', ...centers], what).toContain(step?.turn);
    expect(Number.isNaN(Date.parse(step?.due ?? '')), what).toBe(false);
  }
  const roots = tasks.filter(one => !one.partOf && one.status !== 'entered-in-error');
  if (!closed && roots.length > 0 && roots.every(over)) {
    const holders = roots.filter(one => nextStepOf(one));
    expect(
      holders.map(one => nextStepOf(one)?.turn),
      what,
    ).toEqual(['hospital']);
  }
  return closed ? [] : tasks.filter(one => nextStepOf(one));
}

/** Nobody answers any more: until nothing changes. */
async function silence(world: World): Promise<void> {
  for (let round = 0; round < 6; round++) {
    world.clock.advance({ days: 7 });
    await tick(world);
  }
}

eachDatabase('no referral rests forever', database => {
  const world = {} as World;

  beforeAll(async () => {
    world.clock = fakeClock();
    world.hubs = await hubsOn(database);
    world.hub = await world.hubs.open(world.clock);
    for (const id of ['hospital', ...centers]) {
      const resource = {
        resourceType: 'Organization',
        id,
        name: id,
        active: true,
        ...treatingOrganization,
      } as const;
      await world.hub
        .repository(world.hub.hubActor)
        .write([{ kind: 'update', type: 'Organization', id, resource, inNameOf: id }]);
    }
    for (const id of centers)
      await create<HealthcareService>(world, id, {
        resourceType: 'HealthcareService',
        active: true,
        providedBy: { reference: `Organization/${id}` },
        type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '136' }] }],
      });
  });
  afterAll(() => world.hubs.close());

  const full = process.env.CHECK_FULL !== undefined;

  describe.skipIf(database.name === 'postgres' && !full)('whatever the parties do', () => {
    it('has one turn-holder, one action and one due time, and comes to its sender when nobody answers', {
      timeout: full ? 1_800_000 : 90_000,
    }, async () => {
      const came = new Set<string>();
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('hub', 'hub', ...centers),
          fc.array(command, { minLength: 6, maxLength: 18 }),
          async (first, commands) => {
            const { id: patient } = await create<Patient>(world, 'hospital', { resourceType: 'Patient' });
            const request = await create<ServiceRequest>(world, 'hospital', {
              resourceType: 'ServiceRequest',
              status: 'active',
              intent: 'order',
              code: {
                coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '136' }],
              },
              subject: { reference: `Patient/${patient}` },
              requester: { reference: 'Organization/hospital' },
            });
            await create(world, 'hospital', referral(request, patient, first));
            for (const one of commands) {
              await perform(world, patient, request, one);
              await expectTurns(world, patient, request.id, JSON.stringify(one));
            }
            await silence(world);
            const waiting = await expectTurns(world, patient, request.id, 'silence');
            for (const one of waiting) {
              came.add(nextStepOf(one)?.action ?? '');
              const told = `${one.status} ${JSON.stringify(nextStepOf(one))}`;
              expect(nextStepOf(one)?.turn, told).toBe('hospital');
              if (!mirrors(one))
                expect(
                  climbedOf(one).map(({ rung }) => rung),
                  told,
                ).toContain('network');
            }
          },
        ),
        full ? { numRuns: 150 } : { numRuns: 9, seed: 7 },
      );
      // Otherwise the sample says little: somebody was silent at work, and somebody never answered.
      expect([...came]).toEqual(expect.arrayContaining(['decide', 'choose-again']));
    });
  });
});

/** What the hub's own Task says is said, and told, on the one below it. */
const mirrors = (one: Task): boolean =>
  one.owner?.reference === 'Organization/hub' &&
  !over(one) &&
  !climbedOf(one).some(({ rung }) => rung === 'source');
