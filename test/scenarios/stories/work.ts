import type { Stage } from '../stage.ts';
import { network } from './nobody.ts';

/** The person misses two visits and is not found: the hub asks on, and the hospital is told each time. */
export async function noShowTwice(stage: Stage): Promise<void> {
  const { hospital, north, south } = await network(stage);
  await stage.refers(hospital, 'Organization/hub');
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
  await stage.passes('2026-03-04T17:00:00Z');
  await north.reports('missed');
  await stage.scene(
    'it is missed',
    {
      hospital: [
        'record',
        'hub: in-progress 5.1.2 · north reschedule by 03-05 17:00',
        'north: in-progress 5.1.2 · north reschedule by 03-05 17:00',
      ],
      north: [
        'record',
        'hub: in-progress 5.1.2 · north reschedule by 03-05 17:00',
        'north: in-progress 5.1.2 · north reschedule by 03-05 17:00',
      ],
    },
    {
      hospital: ['north: in-progress 5.1.2', 'hub: in-progress 5.1.2'],
      north: ['north: in-progress 5.1.2', 'hub: in-progress 5.1.2'],
    },
  );
  await north.schedules('2026-03-06T15:00:00Z');
  await stage.scene(
    'there is another date',
    {
      hospital: [
        'record',
        'hub: in-progress 5.1.1 · north record-visit by 03-09 15:00',
        'north: in-progress 5.1.1 · north record-visit by 03-09 15:00',
      ],
      north: [
        'record',
        'hub: in-progress 5.1.1 · north record-visit by 03-09 15:00',
        'north: in-progress 5.1.1 · north record-visit by 03-09 15:00',
      ],
    },
    {
      hospital: ['north: in-progress 5.1.1', 'hub: in-progress 5.1.1'],
      north: ['north: in-progress 5.1.1', 'hub: in-progress 5.1.1'],
    },
  );
  await stage.passes('2026-03-06T17:00:00Z');
  await north.reports('missed');
  await stage.scene(
    'it is missed again',
    {
      hospital: [
        'record',
        'hub: in-progress 5.1.2 · north reschedule by 03-09 16:00',
        'north: in-progress 5.1.2 · north reschedule by 03-09 16:00',
      ],
      north: [
        'record',
        'hub: in-progress 5.1.2 · north reschedule by 03-09 16:00',
        'north: in-progress 5.1.2 · north reschedule by 03-09 16:00',
      ],
    },
    {
      hospital: ['north: in-progress 5.1.2', 'hub: in-progress 5.1.2'],
      north: ['north: in-progress 5.1.2', 'hub: in-progress 5.1.2'],
    },
  );
  await stage.passes({ days: 1 });
  await north.cannotReach('Three calls, and nobody knows where they are');
  await stage.scene(
    'the center cannot reach them, and the hub asks on',
    {
      hospital: [
        'record',
        'hub: in-progress in-progress · south answer by 03-09 16:00',
        'north: failed 4.0',
        'south: requested 2.0 · south answer by 03-09 16:00',
      ],
      north: ['north: failed 4.0'],
      south: ['packet', 'south: requested 2.0 · south answer by 03-09 16:00'],
    },
    {
      hospital: ['north: failed 4.0', 'hub: in-progress in-progress', 'south: requested 2.0'],
      north: ['north: failed 4.0'],
      south: ['south: requested 2.0'],
    },
  );
  await south.accepts();
  await south.schedules('2026-03-10T15:00:00Z');
  await stage.passes('2026-03-10T16:00:00Z');
  await south.reports('kept');
  await stage.scene(
    'the second center meets them',
    {
      hospital: [
        'record',
        'hub: in-progress 5.1.4 · south report-outcome by 03-24 16:00',
        'north: failed 4.0',
        'south: in-progress 5.1.4 · south report-outcome by 03-24 16:00',
      ],
      north: ['north: failed 4.0'],
      south: [
        'record',
        'hub: in-progress 5.1.4 · south report-outcome by 03-24 16:00',
        'north: failed 4.0',
        'south: in-progress 5.1.4 · south report-outcome by 03-24 16:00',
      ],
    },
    {
      hospital: [
        'south: accepted 3.0',
        'hub: in-progress 3.0',
        'south: in-progress 5.1.1',
        'hub: in-progress 5.1.1',
        'south: in-progress 5.1.4',
        'hub: in-progress 5.1.4',
      ],
      south: [
        'south: accepted 3.0',
        'hub: in-progress 3.0',
        'south: in-progress 5.1.1',
        'hub: in-progress 5.1.1',
        'south: in-progress 5.1.4',
        'hub: in-progress 5.1.4',
      ],
    },
  );
  await stage.ledger(
    hospital,
    {
      north: ['Condition', 'Observation', 'Patient', 'Task'],
      south: ['Condition', 'Observation', 'Patient', 'Task'],
    },
    {
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U Task'],
      'client hospital': ['C ServiceRequest', 'C Task'],
      'client north': ['U Task'],
      'client south': ['U Task'],
      'hub hub': ['U Task'],
    },
  );
}

/** No room yet: the referral rests at the center, visibly and not for ever, until there is an opening. */
export async function waitlist(stage: Stage): Promise<void> {
  const { hospital, north } = await network(stage);
  await stage.refers(hospital, 'Organization/hub');
  await stage.settles();
  await north.accepts();
  await north.waitlists('Third in line');
  await stage.scene(
    'the person waits',
    {
      hospital: [
        'record',
        'hub: in-progress waitlisted · north review-hold by 03-16 08:00',
        'north: on-hold waitlisted · north review-hold by 03-16 08:00',
      ],
      north: [
        'record',
        'hub: in-progress waitlisted · north review-hold by 03-16 08:00',
        'north: on-hold waitlisted · north review-hold by 03-16 08:00',
      ],
    },
    {
      hospital: [
        'hub: requested 2.0',
        'hub: accepted 3.0',
        'north: requested 2.0',
        'north: accepted 3.0',
        'hub: in-progress 3.0',
        'north: on-hold waitlisted',
        'hub: in-progress waitlisted',
      ],
      north: [
        'north: requested 2.0',
        'north: accepted 3.0',
        'hub: in-progress 3.0',
        'north: on-hold waitlisted',
        'hub: in-progress waitlisted',
      ],
    },
  );
  await stage.passes({ days: 5 });
  await stage.scene(
    'still',
    {
      hospital: [
        'record',
        'hub: in-progress waitlisted · north review-hold by 03-16 08:00',
        'north: on-hold waitlisted · north review-hold by 03-16 08:00',
      ],
      north: [
        'record',
        'hub: in-progress waitlisted · north review-hold by 03-16 08:00',
        'north: on-hold waitlisted · north review-hold by 03-16 08:00',
      ],
    },
    {},
  );
  await north.resumes();
  await stage.scene(
    'there is an opening',
    {
      hospital: [
        'record',
        'hub: in-progress in-progress · north schedule by 03-11 08:00',
        'north: in-progress in-progress · north schedule by 03-11 08:00',
      ],
      north: [
        'record',
        'hub: in-progress in-progress · north schedule by 03-11 08:00',
        'north: in-progress in-progress · north schedule by 03-11 08:00',
      ],
    },
    {
      hospital: ['north: in-progress in-progress', 'hub: in-progress in-progress'],
      north: ['north: in-progress in-progress', 'hub: in-progress in-progress'],
    },
  );
  await north.schedules('2026-03-09T15:00:00Z');
  await stage.passes('2026-03-09T16:00:00Z');
  await north.reports('kept');
  await north.completes('Case management intake');
  await stage.scene(
    'the person was seen',
    {
      hospital: [
        'record',
        'hub: completed 7.0 · hospital close-request by 03-16 16:00',
        'north: completed 7.0',
      ],
      north: ['record', 'hub: completed 7.0 · hospital close-request by 03-16 16:00', 'north: completed 7.0'],
    },
    {
      hospital: [
        'north: in-progress 5.1.1',
        'hub: in-progress 5.1.1',
        'north: in-progress 5.1.4',
        'hub: in-progress 5.1.4',
        'north: completed 7.0',
        'hub: completed 7.0',
      ],
      north: [
        'north: in-progress 5.1.1',
        'hub: in-progress 5.1.1',
        'north: in-progress 5.1.4',
        'hub: in-progress 5.1.4',
        'north: completed 7.0',
        'hub: completed 7.0',
      ],
    },
  );
  await stage.ledger(
    hospital,
    {
      north: ['Condition', 'Observation', 'Patient', 'Task'],
    },
    {
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U Task'],
      'bot watch-waitlists': ['C Task', 'U Task'],
      'client hospital': ['C ServiceRequest', 'C Task'],
      'client north': ['U Task'],
      'hub hub': ['U ServiceRequest', 'U Task'],
    },
  );
}
