import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseState, cases, type LifecycleCase, type StateName, states } from '../cases/lifecycle.ts';
import { asks } from '../cases/lifecycle-asks.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';

const code = (task: Task): string | undefined => task.businessStatus?.coding?.[0]?.code;

/**
 * A sample in which every party is refused and heard wherever it can be, in every state and for all it can ask. Taken
 * in leaps, so that the states take turns at the asks.
 */
function sampled(): typeof cases {
  const seen = new Set<string>();
  return cases
    .flatMap((_, index) => cases[(index * 101) % cases.length] ?? [])
    .filter(({ from, party, ask, to }) => {
      const outcome = to === undefined ? 'refused' : 'taken';
      const news = [`${party} in ${from} ${outcome}`, `${party} ${ask} ${outcome}`].filter(
        one => !seen.has(one),
      );
      for (const one of news) seen.add(one);
      return news.length > 0;
    });
}

/** Every transition and its illegal neighbors, by plain PUTs over HTTP, as the parties' own clients make them. */
eachDatabase('the referral lifecycle through the API', database => {
  let hub: TestHub;
  let parties: Record<'source' | 'target' | 'outsider', Party>;

  beforeAll(async () => {
    hub = await startTestHub(database);
    const [source, target, outsider] = await Promise.all(
      ['source', 'target', 'outsider'].map(name => hub.party(name, { organization: treatingOrganization })),
    );
    parties = { source, target, outsider } as typeof parties;
  });
  afterAll(() => hub.stop());

  /** A Task brought into a state by the steps that lead there. */
  async function arrive(name: StateName): Promise<string> {
    const state: CaseState = states[name];
    const anyone = {
      owner: undefined,
      restriction: {
        recipient: [parties.target, parties.outsider].map(party => ({ reference: party.organization })),
      },
    };
    const { task } = await refer(parties.source, parties.target.organization, {
      task: state.created === 'draft' ? { status: 'draft' } : state.created === 'unowned' ? anyone : {},
    });
    for (const [party, ask] of state.path) {
      const answer = await put(party, task.id, asks[ask]);
      expect(answer.status, `${party} ${ask}: ${answer.text}`).toBe(200);
    }
    return task.id;
  }

  async function put(party: keyof typeof parties, id: string, patch: Partial<Task>): Promise<Answer> {
    const task = (await parties.source.get(`/Task/${id}`)).json as Task;
    return parties[party].update({ ...task, ...patch } as Task);
  }

  // On SQLite every refusal of who has a part in it; of the rest a sample, as what is taken has to be led there first and
  // who is a stranger is always told the same. The whole table where everything is checked.
  const sample = new Set(sampled());
  const refusal = ({ party, to }: LifecycleCase) => party !== 'outsider' && to === undefined;
  const tried = process.env.CHECK_FULL
    ? cases
    : cases.filter(one => sample.has(one) || (database.name === 'sqlite' && refusal(one)));

  describe.each(Object.keys(states) as StateName[])('%s', from => {
    it('refuses what is not in the table, and changes nothing', async () => {
      const id = await arrive(from);
      const before = await parties.source.get(`/Task/${id}`);
      for (const [party, client] of Object.entries(parties)) {
        const seesIt = (await client.get(`/Task/${id}`)).status === 200;
        const refused = tried.filter(one => one.from === from && one.party === party && one.to === undefined);
        for (const { ask, patch } of refused) {
          const answer = await client.update({ ...(before.json as Task), ...patch });
          expect(answer.status, `${party} ${ask} in ${from}: ${answer.text}`).toBe(seesIt ? 422 : 404);
          if (seesIt) expect(answer.json.issue[0].expression[0]).toMatch(/^Task/);
        }
      }
      // A change that was refused and made all the same would have made a version.
      expect((await parties.source.get(`/Task/${id}`)).text).toBe(before.text);
    });

    it('takes what is in the table', async () => {
      const taken = tried.filter(one => one.from === from && one.to !== undefined);
      await Promise.all(
        taken.map(async ({ party, ask, patch, to }) => {
          const answer = await put(party, await arrive(from), patch);
          expect(answer.status, `${party} ${ask} in ${from}: ${answer.text}`).toBe(200);
          const expected: CaseState = states[to as StateName];
          expect([answer.json.status, code(answer.json)], `${party} ${ask} in ${from}`).toEqual([
            expected.status,
            expected.step,
          ]);
        }),
      );
    });
  });

  it('is the same by PATCH and in a transaction', async () => {
    const id = await arrive('requested');
    const patch = [{ op: 'replace', path: '/status', value: 'completed' }];
    const refused = await parties.target.request('PATCH', `/Task/${id}`, patch, {
      'Content-Type': 'application/json-patch+json',
    });
    expect(refused.status).toBe(422);
    expect(refused.json.issue[0].details.text).toMatch(/requested/);
    expect(refused.json.issue[0].details.text).toMatch(/accept/);
    const task = (await parties.target.get(`/Task/${id}`)).json as Task;
    const bundle = (status: string) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: { ...task, status }, request: { method: 'PUT', url: `Task/${id}` } }],
    });
    expect((await parties.target.request('POST', '/', bundle('completed'))).status).toBe(422);
    expect((await parties.target.request('POST', '/', bundle('accepted'))).status).toBe(200);
  });

  it('has one winner of two answers at once', async () => {
    const id = await arrive('requested');
    const task = (await parties.target.get(`/Task/${id}`)).json as Task;
    const answers = await Promise.all(
      [asks.accept, asks.decline, asks.accept, asks.decline].map(patch =>
        parties.target.update({ ...task, ...patch } as Task),
      ),
    );
    const won = answers.filter(answer => answer.status === 200);
    const current = (await parties.source.get(`/Task/${id}`)).json as Task;
    expect(['accepted', 'rejected']).toContain(current.status);
    for (const answer of won) expect(answer.json.status).toBe(current.status);
    for (const answer of answers.filter(one => one.status !== 200))
      expect([409, 412, 422]).toContain(answer.status);
  });
});
