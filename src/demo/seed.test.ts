import type { Organization, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import { startTestHub, type TestHub } from '../../test/harness/hub.ts';
import { parseScopes } from '../auth/scopes.ts';
import { nextStepOf } from '../referral/lifecycle/next-step.ts';
import { isReferralTask } from '../referral/lifecycle/referral-task.ts';
import { isTerminal } from '../referral/lifecycle/state.ts';
import { demoClients } from './clients.ts';
import { people } from './people.ts';
import { seedDemo } from './seed.ts';

onSqlite('the demo network', database => {
  let hub: TestHub;
  let other: TestHub;
  beforeAll(async () => {
    hub = await startTestHub(database);
    const { data, databaseUrl } = hub.config;
    other = await startTestHub(database, {
      HUB_DATA: data,
      ...(databaseUrl ? { HUB_DATABASE_URL: databaseUrl } : {}),
    });
    // Both at once: one does it, the other finds it done, and all that follows holds of what they leave.
    const outcomes = await Promise.all([hub, other].map(one => seedDemo(one.hub, one.config)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['present', 'seeded']);
    expect(outcomes[0]?.people).toBe(people.length);
  });
  afterAll(async () => {
    await other.stop();
    await hub.stop();
  });

  /** What an organization's own client finds. */
  async function seen<R extends Resource>(
    organization: string,
    type: R['resourceType'],
    query = '',
  ): Promise<R[]> {
    const actor = {
      kind: 'client',
      id: organization,
      organization,
      scopes: parseScopes('system/*.cruds'),
    } as const;
    const { entries } = await hub.hub
      .repository(actor)
      .search(type, new URLSearchParams(`_count=200&${query}`));
    return entries.map(entry => entry.stored.resource() as R);
  }

  it('signs in each of its clients, which reads its own organization', async () => {
    for (const { clientId } of demoClients) {
      const { token } = await hub.hub.authorization.issueToken({ client: clientId });
      const answer = await fetch(`${hub.url}/fhir/Organization/${clientId}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(answer.status, clientId).toBe(200);
    }
  });

  it('leaves each directory entry to the organization it describes', async () => {
    const { token } = await hub.hub.authorization.issueToken({ client: 'northside-cmhc' });
    const put = async (id: string) => {
      const [entry] = await seen<Organization>('northside-cmhc', 'Organization', `_id=${id}`);
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' };
      const body = JSON.stringify({ ...entry, alias: ['Another name'] });
      return (await fetch(`${hub.url}/fhir/Organization/${id}`, { method: 'PUT', headers, body })).status;
    };
    expect(await put('northside-cmhc')).toBe(200);
    expect(await put('southside-cmhc')).toBe(403);
  });

  it('has referrals in many states, each open one with a next step, none late by more than two weeks', async () => {
    const tasks = (await seen<Task>('hub', 'Task')).filter(isReferralTask);
    const states = new Set(tasks.map(task => task.status));
    expect([...states].sort()).toEqual([
      'accepted',
      'completed',
      'draft',
      'in-progress',
      'on-hold',
      'rejected',
      'requested',
    ]);
    const now = hub.clock.now().getTime();
    for (const task of tasks.filter(one => !isTerminal(one))) {
      const due = Date.parse(nextStepOf(task)?.due ?? '');
      expect(due, `${task.id} is due`).toBeGreaterThan(now - 14 * 86_400_000);
    }
  });

  it('has each referral once', async () => {
    const tasks = await seen<Task>('hub', 'Task');
    const sent = tasks.filter(task => isReferralTask(task) && !task.partOf).map(task => task.id);
    expect(sent.sort()).toEqual(
      [...people.map(({ id }) => `referral-${id}`), 'referral-marisol-vega-work'].sort(),
    );
    const asked = tasks
      .filter(task => task.partOf)
      .map(task => `${task.partOf?.[0]?.reference} ${task.owner?.reference}`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('has a past: nothing happened after the seed, and most of it days before', async () => {
    const tasks = await seen<Task>('hub', 'Task');
    const times = tasks.map(task => Date.parse(task.meta?.lastUpdated ?? ''));
    expect(Math.max(...times)).toBeLessThan(hub.clock.now().getTime());
    expect(Math.min(...times)).toBeLessThan(hub.clock.now().getTime() - 5 * 86_400_000);
  });

  it('routed by the rules: for her language, past a refusal, by age', async () => {
    const owners = async (person: string) =>
      (
        await seen<Task>('hub', 'Task', `patient=Patient/${person}&part-of:missing=false&_sort=authored-on`)
      ).map(task => [task.owner?.reference, task.status]);
    expect(await owners('linh-pham')).toEqual([['PractitionerRole/southside-cmhc-tran', 'completed']]);
    expect(await owners('theo-lindqvist')).toEqual([
      ['Organization/northside-cmhc', 'rejected'],
      ['Organization/southside-cmhc', 'accepted'],
    ]);
    expect(await owners('jonah-reyes-hart')).toEqual([['Organization/eastgate-cmhc', 'requested']]);
  });

  it('keeps what is not theirs from each other', async () => {
    expect(await seen('county-hospital', 'Patient')).toHaveLength(
      people.filter(one => one.hospital === 'county-hospital').length,
    );
    expect(await seen('harbor-shelter', 'Coverage')).toEqual([]);
    expect(await seen('general-hospital', 'Location', '_id=safe-passage-site')).toEqual([]);
    expect(await seen('safe-passage', 'Location', '_id=safe-passage-site')).toHaveLength(1);
  });

  it('stays as it is, however often it is asked for', async () => {
    const before = await hub.hub.store.feed.head();
    expect(await seedDemo(hub.hub, hub.config)).toMatchObject({ outcome: 'present' });
    expect(await hub.hub.store.feed.head()).toEqual(before);
  });
});

onSqlite('a database that is not for the demo', database => {
  it('is left alone in production, and where something else is', async () => {
    const hub = await startTestHub(database);
    try {
      expect(await seedDemo(hub.hub, { env: 'production' })).toMatchObject({ outcome: 'production' });
      const clinic = await hub.party('clinic');
      const before = await hub.hub.store.feed.head();
      expect(await seedDemo(hub.hub, hub.config)).toMatchObject({ outcome: 'occupied' });
      expect(await hub.hub.store.feed.head()).toEqual(before);
      expect((await clinic.get('/Organization/general-hospital')).status).toBe(404);
    } finally {
      await hub.stop();
    }
  });
});
