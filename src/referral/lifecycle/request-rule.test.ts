import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { StateName } from '../../../test/cases/lifecycle.ts';
import { asks } from '../../../test/cases/lifecycle-asks.ts';
import { arrive } from '../../../test/harness/referral-states.ts';
import {
  createReferralWorld,
  placeNetwork,
  placeRequest,
  referralTask,
} from '../../../test/harness/referral-world.ts';
import { nextStepOf } from './next-step.ts';

describe('the status of a request that was sent', () => {
  type Status = ServiceRequest['status'];
  const legal: [StateName, Status[]][] = [
    ['requested', ['active', 'entered-in-error']],
    ['accepted', ['active', 'entered-in-error']],
    ['leaving', ['active', 'entered-in-error']],
    ['rejected', ['active', 'on-hold', 'revoked', 'entered-in-error']],
    ['cancelled', ['active', 'on-hold', 'revoked', 'entered-in-error']],
    ['completed', ['active', 'on-hold', 'revoked', 'completed', 'entered-in-error']],
    ['draft', ['draft', 'active', 'on-hold', 'revoked', 'completed', 'entered-in-error', 'unknown']],
  ];
  const statuses: Status[] = [
    'draft',
    'active',
    'on-hold',
    'revoked',
    'completed',
    'entered-in-error',
    'unknown',
  ];
  it.each(
    legal.flatMap(([state, may]) => statuses.map(status => [state, status, may.includes(status)] as const)),
  )('while the Task is %s: %s (%s)', async (state, status, may) => {
    const { world, request } = await arrive(state);
    const written = world.write('source', { ...request, status });
    if (may) expect((await written).stored.status).toBe(status);
    else
      await expect(written).rejects.toMatchObject({
        kind: 'unprocessable',
        problems: [{ expression: 'ServiceRequest.status' }],
      });
  });

  it('does not come back once it is closed', async () => {
    const { world, request } = await arrive('cancelled');
    const { stored } = await world.write('source', { ...request, status: 'revoked' as const });
    await expect(world.write('source', { ...stored, status: 'active' as const })).rejects.toThrow(
      'a closed request is not opened again',
    );
    await expect(world.write('source', { ...stored, priority: 'stat' as const })).rejects.toThrow(
      'fixed once the request is revoked',
    );
    await expect(
      world.write('source', { ...stored, note: [{ text: 'for the files' }] }),
    ).resolves.toBeDefined();
    await expect(world.write('source', referralTask(request.id ?? ''))).rejects.toThrow(
      'is revoked: only an active request is sent',
    );
  });

  it('closed, nobody has a turn any more', async () => {
    const { world, request, task } = await arrive('completed');
    expect(nextStepOf(task)?.action).toBe('close-request');
    await world.write('source', { ...request, status: 'completed' as const });
    expect(nextStepOf(world.read(`Task/${task.id}`))).toBeUndefined();
  });

  it('in error, so are its open Tasks', async () => {
    const { world, request, task } = await arrive('accepted');
    await world.write('source', { ...request, status: 'entered-in-error' as const });
    expect(world.read<Task>(`Task/${task.id}`)).toMatchObject({ status: 'entered-in-error' });
    expect(nextStepOf(world.read(`Task/${task.id}`))).toBeUndefined();
  });

  it('a Task that is in error takes its request with it, if it is the only one', async () => {
    const { world, request, task } = await arrive('rejected');
    const { stored: second } = await world.write('source', referralTask(request.id ?? ''));
    const status = () => world.read<ServiceRequest>(`ServiceRequest/${request.id}`).status;
    await world.write('source', { ...second, ...asks.markError });
    expect(status()).toBe('active');
    await world.write('source', { ...world.read<Task>(`Task/${task.id}`), ...asks.markError });
    expect(status()).toBe('entered-in-error');
  });
});

describe('what a request says', () => {
  it.each([
    ['code', { code: { text: 'something else' } }],
    ['subject', { subject: { reference: 'Patient/another' } }],
    ['requester', { requester: { reference: 'Organization/target' } }],
    ['intent', { intent: 'plan' }],
    ['basedOn', { basedOn: [{ reference: 'ServiceRequest/another' }] }],
  ] as [string, Partial<ServiceRequest>][])('%s is fixed once it is sent', async (element, change) => {
    const { world, request } = await arrive('requested');
    await expect(world.write('source', { ...request, ...change })).rejects.toMatchObject({
      problems: [{ expression: `ServiceRequest.${element}` }],
    });
    const draft = await arrive('draft');
    await expect(draft.world.write('source', { ...draft.request, ...change })).resolves.toBeDefined();
  });

  it('more can be attached', async () => {
    const { world, request } = await arrive('accepted');
    const supportingInfo = [{ reference: 'DocumentReference/summary' }];
    expect((await world.write('source', { ...request, supportingInfo })).stored.supportingInfo).toEqual(
      supportingInfo,
    );
  });

  it('a new priority counts the due time anew', async () => {
    const { world, request, task } = await arrive('requested');
    await world.write('source', { ...request, priority: 'stat' as const });
    expect(nextStepOf(world.read(`Task/${task.id}`))?.due).toBe('2026-05-04T15:00:00.000Z');
  });
});

describe('sending', () => {
  it('makes a draft request active', async () => {
    const world = createReferralWorld();
    placeNetwork(world);
    const request = placeRequest(world, { status: 'draft' });
    const { stored } = await world.write('source', referralTask(request.id, { status: 'draft' }));
    expect(world.read<ServiceRequest>(`ServiceRequest/${request.id}`).status).toBe('draft');
    await world.write('source', { ...stored, ...asks.send });
    expect(world.read<ServiceRequest>(`ServiceRequest/${request.id}`).status).toBe('active');
  });

  it('fills in what goes without saying', async () => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world);
    const { for: _patient, requester: _sender, ...bare } = referralTask(request.id);
    const { stored } = await world.write('source', bare as Task);
    expect(stored).toMatchObject({
      for: { reference: 'Patient/milan' },
      requester: { reference: 'Organization/source' },
      authoredOn: '2026-05-04T14:00:00.000Z',
    });
  });

  it.each<[string, Partial<Task>, string, string]>([
    [
      'a request that is not there',
      { focus: { reference: 'ServiceRequest/none' } },
      'Task.focus',
      'does not exist',
    ],
    [
      'another patient',
      { for: { reference: 'Patient/another' } },
      'Task.for',
      'must be the patient of the request',
    ],
    [
      'nobody who can be asked',
      { owner: { reference: 'Practitioner/x' } },
      'Task.owner',
      'which organization is asked',
    ],
    [
      'a sender who is nobody',
      { requester: { reference: 'Patient/milan' }, focus: { reference: 'ServiceRequest/of-nobody' } },
      'Task.requester',
      'which organization asks',
    ],
  ])('is refused for %s', async (_what, change, expression, text) => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world);
    world.place<ServiceRequest>({ ...request, id: 'of-nobody', requester: { reference: 'Patient/milan' } });
    const sent = world.write('source', referralTask(request.id, change));
    await expect(sent).rejects.toMatchObject({
      problems: [{ expression, text: expect.stringContaining(text) }],
    });
  });

  it("is for one's own requests only", async () => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world, ['target', 'second']);
    const onward = referralTask(request.id, {
      requester: { reference: 'Organization/target' },
      owner: { reference: 'Organization/second' },
    });
    await expect(world.write('target', onward)).rejects.toMatchObject({
      kind: 'forbidden',
      problems: [{ expression: 'Task.focus' }],
    });
    await expect(world.write('target', referralTask(request.id))).rejects.toThrow(
      'the receiver cannot make it "create" (requested), which is for the sender. Possible from here for the receiver: nothing.',
    );
  });

  it('knows the organization of a practitioner who works for one alone', async () => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world);
    world.place({
      resourceType: 'PractitionerRole',
      practitioner: { reference: 'Practitioner/planner' },
      organization: { reference: 'Organization/source' },
    });
    const { stored } = await world.write(
      'source',
      referralTask(request.id, { requester: { reference: 'Practitioner/planner' } }),
    );
    expect((await world.write('target', { ...stored, ...asks.decline })).stored.status).toBe('rejected');
    expect(nextStepOf(world.read(`Task/${stored.id}`))).toMatchObject({
      turn: 'source',
      action: 'choose-again',
    });
  });

  it('asks nobody more while somebody is at work, and at most three at once', async () => {
    const { world, request } = await arrive('accepted');
    await expect(world.write('source', referralTask(request.id ?? ''))).rejects.toThrow(
      'Another organization is at work on this request',
    );
    const other = await arrive('requested');
    for (const _more of [2, 3]) await other.world.write('source', referralTask(other.request.id ?? ''));
    await expect(other.world.write('source', referralTask(other.request.id ?? ''))).rejects.toThrow(
      '3 organizations are asked already',
    );
  });
});
