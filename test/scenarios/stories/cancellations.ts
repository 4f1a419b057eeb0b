import type { Task } from '@medplum/fhirtypes';
import { expect } from 'vitest';
import type { Stage } from '../stage.ts';
import { network } from './nobody.ts';

/** The hospital asks to cancel what was accepted; the center confirms. */
export async function cancelAsked(stage: Stage): Promise<void> {
  const { hospital, north } = await network(stage);
  const { request } = await stage.refers(hospital, 'Organization/hub');
  await stage.settles();
  await north.accepts();
  await stage.scene(
    'the center accepts',
    {
      hospital: [
        'record',
        'hub: in-progress 3.0 · north schedule by 03-05 09:00',
        'north: accepted 3.0 · north schedule by 03-05 09:00',
      ],
      north: [
        'record',
        'hub: in-progress 3.0 · north schedule by 03-05 09:00',
        'north: accepted 3.0 · north schedule by 03-05 09:00',
      ],
    },
    {
      hospital: [
        'hub: requested 2.0',
        'hub: accepted 3.0',
        'north: requested 2.0',
        'north: accepted 3.0',
        'hub: in-progress 3.0',
      ],
      north: ['north: requested 2.0', 'north: accepted 3.0', 'hub: in-progress 3.0'],
    },
  );
  await hospital.asksToCancel('They stay with their family');
  await stage.scene(
    'the hospital asks to cancel',
    {
      hospital: [
        'record',
        'hub: in-progress 5.2 · north confirm-cancellation by 03-03 09:00',
        'north: in-progress 5.2 · north confirm-cancellation by 03-03 09:00',
      ],
      north: [
        'record',
        'hub: in-progress 5.2 · north confirm-cancellation by 03-03 09:00',
        'north: in-progress 5.2 · north confirm-cancellation by 03-03 09:00',
      ],
    },
    {
      hospital: ['hub: in-progress 5.2', 'north: in-progress 5.2'],
      north: ['hub: in-progress 5.2', 'north: in-progress 5.2'],
    },
  );
  await north.confirmsCancellation();
  await stage.scene(
    'the center confirms',
    {
      hospital: [
        'record',
        'hub: cancelled 6.0 · hospital close-request by 03-09 08:00',
        'north: cancelled 6.0',
      ],
      north: ['north: cancelled 6.0'],
    },
    {
      hospital: ['north: cancelled 6.0', 'hub: cancelled 6.0'],
      north: ['north: cancelled 6.0'],
    },
  );
  await hospital.puts(request, { status: 'revoked' });
  await stage.scene(
    'the hospital revokes the request',
    {
      hospital: ['record', 'hub: cancelled 6.0', 'north: cancelled 6.0'],
      north: ['north: cancelled 6.0'],
    },
    {},
  );
  await stage.ledger(
    hospital,
    {
      north: ['Condition', 'Observation', 'Patient', 'Task'],
    },
    {
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U Task'],
      'client hospital': ['C ServiceRequest', 'C Task', 'U ServiceRequest', 'U Task'],
      'client north': ['U Task'],
      'hub hub': ['U ServiceRequest', 'U Task'],
    },
  );
}

/** A plain client just writes `cancelled` after the acceptance: it holds, and a late outcome is kept all the same. */
export async function lateOutcome(stage: Stage): Promise<void> {
  const { hospital, north } = await network(stage);
  const { task } = await stage.refers(hospital, 'Organization/hub');
  await stage.settles();
  await north.accepts();
  await north.schedules('2026-03-04T15:00:00Z');
  await stage.scene(
    'a visit is scheduled',
    {
      hospital: [
        'record',
        'hub: in-progress 5.1.1 · north record-visit by 03-05 16:00',
        'north: in-progress 5.1.1 · north record-visit by 03-05 16:00',
      ],
      north: [
        'record',
        'hub: in-progress 5.1.1 · north record-visit by 03-05 16:00',
        'north: in-progress 5.1.1 · north record-visit by 03-05 16:00',
      ],
    },
    {
      hospital: [
        'hub: requested 2.0',
        'hub: accepted 3.0',
        'north: requested 2.0',
        'north: accepted 3.0',
        'hub: in-progress 3.0',
        'north: in-progress 5.1.1',
        'hub: in-progress 5.1.1',
      ],
      north: [
        'north: requested 2.0',
        'north: accepted 3.0',
        'hub: in-progress 3.0',
        'north: in-progress 5.1.1',
        'hub: in-progress 5.1.1',
      ],
    },
  );
  await hospital.cancelsAtOnce('They have moved away');
  await stage.scene(
    'the hospital cancels',
    {
      hospital: [
        'record',
        'hub: cancelled 6.0 · hospital close-request by 03-09 08:00',
        'north: cancelled 6.0',
      ],
      north: ['packet', 'north: cancelled 6.0'],
    },
    {
      hospital: ['hub: cancelled 6.0', 'north: cancelled 6.0'],
      north: ['north: cancelled 6.0'],
    },
  );
  const stop = (await north.asked()).note?.map(({ text }) => text).join('\n');
  expect(stop).toContain('please stop');
  await stage.passes('2026-03-04T17:00:00Z');
  await north.completes('They came nevertheless');
  await stage.scene(
    'the center had seen them',
    {
      hospital: [
        'record',
        'hub: cancelled 6.0 · hospital close-request by 03-09 08:00',
        'north: cancelled 6.0',
      ],
      north: ['packet', 'north: cancelled 6.0'],
    },
    {},
  );
  const told = await hospital.reads<Task>(`Task/${task.id}`);
  expect(told?.output?.map(({ valueReference }) => valueReference?.reference)).toContainEqual(
    expect.stringMatching(/^Procedure\//),
  );
  expect(told?.note?.map(({ text }) => text).join('\n')).toMatch(/outcome after the cancellation/);
  await stage.ledger(
    hospital,
    {
      north: ['Condition', 'Observation', 'Patient', 'Task'],
    },
    {
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U Task'],
      'client hospital': ['C ServiceRequest', 'C Task', 'U Task'],
      'client north': ['U Task'],
      'hub hub': ['U ServiceRequest', 'U Task'],
    },
  );
}
