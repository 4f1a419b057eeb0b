import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseState, type StateName, states } from '../cases/lifecycle.ts';
import { asks } from '../cases/lifecycle-asks.ts';
import { type Operation, workings } from '../cases/working.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';
import { call, openActions } from './calls.ts';

const code = (task: Task): string | undefined => task.businessStatus?.coding?.[0]?.code;

/** Every operation in every state: what it leads to, the same by PUT, and what is said where it is not possible. */
onSqlite('the operations of a referral', database => {
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

  async function arrive(name: StateName): Promise<string> {
    const state: CaseState = states[name];
    const anyone = {
      owner: undefined,
      restriction: { recipient: [{ reference: parties.target.organization }] },
    };
    const { task } = await refer(parties.source, parties.target.organization, {
      task: state.created === 'draft' ? { status: 'draft' } : state.created === 'unowned' ? anyone : {},
    });
    for (const [party, ask] of state.path) expect((await put(party, task.id, asks[ask])).status).toBe(200);
    return task.id;
  }

  async function put(party: keyof typeof parties, id: string, patch: Partial<Task>): Promise<Answer> {
    const task = (await parties.source.get(`/Task/${id}`)).json as Task;
    return parties[party].update({ ...task, ...patch } as Task);
  }

  const perform = (id: string, { by, name, inputs }: Operation) => call(parties[by], id, name, ...inputs);
  const reached = ({ status, businessStatus }: Task) => [status, businessStatus?.coding?.[0]?.code];
  const label = ({ by, name, inputs }: Operation, state: string) =>
    `${by} $${name} (${inputs.map(one => one.name).join(', ')}) in ${state}`;

  // All states on SQLite; on PostgreSQL every fourth, and all of them where everything is checked.
  const all = Object.keys(states) as StateName[];
  const whole = database.name === 'sqlite' || process.env.CHECK_FULL;
  const tried = whole ? all : all.filter((_, index) => index % 4 === 2);

  describe.each(tried)('%s', from => {
    it('refuses what is not possible, says what is, and changes nothing', async () => {
      const id = await arrive(from);
      const before = (await parties.source.get(`/Task/${id}`)).json as Task;
      const openTo = {
        source: await openActions(parties.source, id),
        target: from === 'draft' ? [] : await openActions(parties.target, id),
      };
      for (const one of workings.filter(({ leads }) => leads[from] === undefined)) {
        const answer = await perform(id, one);
        const sees = one.by === 'source' || from !== 'draft';
        if (!sees) expect(answer.status, label(one, from)).toBe(404);
        else if (one.done?.includes(from)) {
          expect([answer.status, answer.json.meta?.versionId], label(one, from)).toEqual([
            200,
            before.meta?.versionId,
          ]);
        } else {
          expect(answer.status, `${label(one, from)}: ${answer.text}`).toBe(422);
          const said = answer.json.issue[0].details.text as string;
          expect(said, label(one, from)).toContain(`The referral is ${before.status}`);
          expect(said).toContain(`cannot $${one.name}`);
          const open = openTo[one.by];
          expect(said).toContain(
            open.length ? `: ${open.map(name => `$${name}`).join(', ')}.` : ': nothing.',
          );
        }
      }
      expect(((await parties.source.get(`/Task/${id}`)).json as Task).meta?.versionId).toBe(
        before.meta?.versionId,
      );
      const [refused] = workings;
      expect((await call(parties.outsider, id, refused?.name ?? '')).status).toBe(404);
    });

    it('does what is possible, and the same by PUT', async () => {
      const open = workings.filter(({ leads }) => leads[from] !== undefined);
      await Promise.all(
        open.map(async one => {
          const id = await arrive(from);
          const answer = await perform(id, one);
          expect(answer.status, `${label(one, from)}: ${answer.text}`).toBe(200);
          const expected: CaseState = states[one.leads[from] as StateName];
          expect(reached(answer.json as Task), label(one, from)).toEqual([expected.status, expected.step]);
          if (!one.plain) return;
          const other = await arrive(from);
          const plain = await put(one.by, other, asks[one.plain]);
          expect([plain.json.status, code(plain.json)], `${one.plain} by PUT in ${from}`).toEqual(
            reached(answer.json as Task),
          );
          expect(turn(plain.json), `whose turn after ${label(one, from)}`).toEqual(turn(answer.json as Task));
        }),
      );
    });

    it('lists exactly what can be done', async () => {
      const id = await arrive(from);
      for (const by of ['source', 'target'] as const) {
        if (by === 'target' && from === 'draft') continue;
        const possible = workings.filter(one => one.by === by && one.leads[from] !== undefined);
        expect((await openActions(parties[by], id)).sort(), `${by} in ${from}`).toEqual(
          [...new Set(possible.map(({ name }) => name))].sort(),
        );
      }
    });
  });

  const turn = (task: Task): string | undefined =>
    JSON.stringify(task.extension?.find(one => one.url.endsWith('/next-step'))?.extension);
});
