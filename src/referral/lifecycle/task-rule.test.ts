import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { asks } from '../../../test/cases/lifecycle-asks.ts';
import { arrive } from '../../../test/harness/referral-states.ts';
import { createReferralWorld, placeNetwork, referralTask } from '../../../test/harness/referral-world.ts';
import { nextStepOf } from './next-step.ts';

describe('what is no referral, and what is past', () => {
  it('other Tasks and requests have no lifecycle', async () => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world);
    const { stored } = await world.write('source', {
      ...referralTask(request.id),
      code: { text: 'call back' },
      status: 'completed' as const,
    });
    expect(nextStepOf(stored)).toBeUndefined();
    await expect(
      world.write('source', { ...request, status: 'revoked' as const, code: { text: 'other' } }),
    ).resolves.toBeDefined();
    await expect(
      world.write('outsider', { ...stored, code: referralTask(request.id).code } as Task),
    ).rejects.toThrow('does not become a referral later');
  });

  it('history is taken as given, and says whose turn it is now', async () => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world);
    const past = referralTask(request.id, {
      status: 'in-progress',
      businessStatus: { text: 'somewhere' },
      authoredOn: '2019-01-01',
    });
    const { stored, also } = await world.write('source', past, { importing: true });
    expect(stored).toMatchObject(past);
    expect(also).toEqual([]);
    expect(nextStepOf(stored)).toMatchObject({ turn: 'target', action: 'schedule' });
    const moved = await world.write('target', { ...stored, ...asks.schedule });
    expect(moved.stored.businessStatus?.coding?.[0]?.code).toBe('5.1.1');
    const wild = await world.write(
      'source',
      { ...moved.stored, status: 'draft' as const },
      { importing: true },
    );
    expect(wild.stored.status).toBe('draft');
  });

  it('what was sent is not deleted', async () => {
    const { world, task } = await arrive('requested');
    await expect(world.remove('source', `Task/${task.id}`)).rejects.toThrow(
      'A referral that was sent is not deleted (this one is requested)',
    );
    const draft = await arrive('draft');
    await draft.world.remove('source', `Task/${draft.task.id}`);
    expect(draft.world.tasks()).toEqual([]);
  });
});

it('an outcome that comes after the sender cancelled is kept, and told', async () => {
  const { world, task } = await arrive('cut');
  expect(task.note?.at(-1)?.text).toMatch(/^The sender has cancelled this referral: please stop/);
  const { stored } = await world.write('target', { ...task, ...asks.complete });
  expect(stored).toMatchObject({ status: 'cancelled', output: asks.complete.output });
  expect(stored.note?.at(-1)?.text).toBe(
    'An outcome has arrived after the cancellation: see the outputs of this Task.',
  );
});
