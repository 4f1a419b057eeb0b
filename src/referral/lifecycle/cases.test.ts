import { isDeepStrictEqual } from 'node:util';
import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import {
  type CaseParty,
  type CaseState,
  cases,
  creations,
  type StateName,
  states,
} from '../../../test/cases/lifecycle.ts';
import { asks } from '../../../test/cases/lifecycle-asks.ts';
import {
  createReferralWorld,
  placeNetwork,
  type ReferralWorld,
  referralTask,
} from '../../../test/harness/referral-world.ts';
import { HubError } from '../../errors.ts';
import { stepIn } from './steps.ts';

/** Brings a Task into a state by the steps that lead there. */
async function arrive(world: ReferralWorld, name: StateName): Promise<string> {
  const state: CaseState = states[name];
  const { request } = placeNetwork(world);
  const created = referralTask(request.id, state.created === 'draft' ? { status: 'draft' } : {});
  if (state.created === 'unowned') delete created.owner;
  const { stored } = await world.write('source', created);
  for (const [party, ask] of state.path) await change(world, party, stored.id, asks[ask]);
  return stored.id;
}

async function change(world: ReferralWorld, party: string, id: string, patch: Partial<Task>): Promise<Task> {
  const task = world.read<Task>(`Task/${id}`);
  return (await world.write(party, { ...task, ...patch })).stored;
}

/** Who is no party of the Task is told so; a draft has no party but its sender, a Task without owner has any. */
const kindFor = (party: CaseParty, from: StateName) =>
  (party === 'outsider' && from !== 'unowned') || (party === 'target' && from === 'draft')
    ? 'forbidden'
    : 'unprocessable';

const shown = (task: Task) => ({ status: task.status, step: stepIn(task.businessStatus) });

describe('every ask in every state', () => {
  for (const from of Object.keys(states) as StateName[]) {
    it(from, async () => {
      const [legal, refused] = [true, false].map(is =>
        cases.filter(one => one.from === from && (one.to !== undefined) === is),
      );
      const world = createReferralWorld();
      const id = await arrive(world, from);
      const before = world.read<Task>(`Task/${id}`);
      const at: CaseState = states[from];
      expect(shown(before)).toEqual({ status: at.status, step: at.step });
      for (const { party, ask, patch } of refused ?? []) {
        const failure = await change(world, party, id, patch).catch((error: unknown) => error);
        expect(failure, `${party} ${ask} in ${from}`).toBeInstanceOf(HubError);
        expect((failure as HubError).kind, `${party} ${ask}`).toBe(kindFor(party, from));
        expect((failure as HubError).problems[0]?.expression).toMatch(/^Task/);
        expect(isDeepStrictEqual(world.read(`Task/${id}`), before)).toBe(true);
      }
      for (const { party, ask, patch, to } of legal ?? []) {
        const own = createReferralWorld();
        const task = await change(own, party, await arrive(own, from), patch).catch(
          (error: Error) => error.message,
        );
        const expected: CaseState = states[to as StateName];
        expect(typeof task === 'string' ? task : shown(task), `${party} ${ask} in ${from}`).toEqual({
          status: expected.status,
          step: expected.step,
        });
      }
    });
  }
});

describe('a new Task', () => {
  const statuses: Task['status'][] = [
    'draft',
    'requested',
    'received',
    'accepted',
    'rejected',
    'ready',
    'cancelled',
    'in-progress',
    'on-hold',
    'failed',
    'completed',
    'entered-in-error',
  ];
  it.each(statuses)('created as %s', async status => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world);
    const made = world.write('source', referralTask(request.id, { status }));
    const expected = creations[status];
    if (!expected)
      return expect(made).rejects.toThrow(
        /not there yet.*Possible from here for the sender: draft \(draft\), create \(requested\)/,
      );
    const at: CaseState = states[expected];
    expect(shown((await made).stored)).toEqual({ status: at.status, step: at.step });
  });
});
