import type { Stage } from '../stage.ts';

/** A hospital sends somebody through the hub; a center takes them, and finds them a bed at a shelter. */
export async function threeParties(stage: Stage): Promise<void> {
  const hospital = await stage.joins('hospital', 'hospital');
  const center = await stage.joins('center', 'center');
  const shelter = await stage.joins('shelter', 'shelter');
  await stage.joins('outsider', 'center');
  await stage.offers(center);
  await stage.comes(hospital);

  const { request } = await stage.refers(hospital, 'Organization/hub');
  await stage.scene(
    'the hub asks the center',
    {
      hospital: [
        'record',
        'center: requested 2.0 · center answer by 03-03 09:00',
        'hub: accepted 3.0 · center answer by 03-03 09:00',
      ],
      center: ['packet', 'center: requested 2.0 · center answer by 03-03 09:00'],
    },
    {
      hospital: ['hub: requested 2.0', 'hub: accepted 3.0', 'center: requested 2.0'],
      center: ['center: requested 2.0'],
    },
  );
  await center.accepts();
  await stage.scene(
    'the center accepts',
    {
      hospital: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'hub: in-progress 3.0 · center schedule by 03-05 09:00',
      ],
      center: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'hub: in-progress 3.0 · center schedule by 03-05 09:00',
      ],
    },
    {
      hospital: ['center: accepted 3.0', 'hub: in-progress 3.0'],
      center: ['center: accepted 3.0', 'hub: in-progress 3.0'],
    },
  );
  const bed = await stage.refers(center, shelter);
  await stage.scene(
    'the center asks the shelter for a bed',
    {
      hospital: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'hub: in-progress 3.0 · center schedule by 03-05 09:00',
      ],
      center: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'hub: in-progress 3.0 · center schedule by 03-05 09:00',
        'shelter: requested 2.0 · shelter answer by 03-03 09:00',
      ],
      shelter: ['packet', 'shelter: requested 2.0 · shelter answer by 03-03 09:00'],
    },
    {
      center: ['shelter: requested 2.0'],
      shelter: ['shelter: requested 2.0'],
    },
  );
  await shelter.accepts();
  await stage.scene(
    'the shelter accepts',
    {
      hospital: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'hub: in-progress 3.0 · center schedule by 03-05 09:00',
      ],
      center: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'hub: in-progress 3.0 · center schedule by 03-05 09:00',
        'shelter: accepted 3.0 · shelter schedule by 03-05 09:00',
      ],
      shelter: ['packet', 'shelter: accepted 3.0 · shelter schedule by 03-05 09:00'],
    },
    {
      center: ['shelter: accepted 3.0'],
      shelter: ['shelter: accepted 3.0'],
    },
  );
  await shelter.completes('A bed for the night');
  await stage.scene(
    'the shelter has given a bed',
    {
      hospital: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'hub: in-progress 3.0 · center schedule by 03-05 09:00',
      ],
      center: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'hub: in-progress 3.0 · center schedule by 03-05 09:00',
        'shelter: completed 7.0 · center close-request by 03-09 08:00',
      ],
      shelter: ['packet', 'shelter: completed 7.0 · center close-request by 03-09 08:00'],
    },
    {
      center: ['shelter: completed 7.0'],
      shelter: ['shelter: completed 7.0'],
    },
  );
  await center.puts(bed.request, { status: 'completed' });
  await center.schedules('2026-03-04T15:00:00Z');
  await stage.scene(
    'the center has a date',
    {
      hospital: [
        'record',
        'center: in-progress 5.1.1 · center record-visit by 03-05 16:00',
        'hub: in-progress 5.1.1 · center record-visit by 03-05 16:00',
      ],
      center: [
        'record',
        'center: in-progress 5.1.1 · center record-visit by 03-05 16:00',
        'hub: in-progress 5.1.1 · center record-visit by 03-05 16:00',
        'shelter: completed 7.0',
      ],
      shelter: ['packet', 'shelter: completed 7.0'],
    },
    {
      hospital: ['center: in-progress 5.1.1', 'hub: in-progress 5.1.1'],
      center: ['center: in-progress 5.1.1', 'hub: in-progress 5.1.1'],
    },
  );
  await stage.passes('2026-03-04T17:00:00Z');
  await center.reports('kept');
  await center.completes('Case management intake');
  await stage.scene(
    'the center has seen the person',
    {
      hospital: [
        'record',
        'center: completed 7.0',
        'hub: completed 7.0 · hospital close-request by 03-11 16:00',
      ],
      center: [
        'record',
        'center: completed 7.0',
        'hub: completed 7.0 · hospital close-request by 03-11 16:00',
        'shelter: completed 7.0',
      ],
      shelter: ['packet', 'shelter: completed 7.0'],
    },
    {
      hospital: [
        'center: in-progress 5.1.4',
        'hub: in-progress 5.1.4',
        'center: completed 7.0',
        'hub: completed 7.0',
      ],
      center: [
        'center: in-progress 5.1.4',
        'hub: in-progress 5.1.4',
        'center: completed 7.0',
        'hub: completed 7.0',
      ],
    },
  );
  await hospital.puts(request, { status: 'completed' });
  await stage.scene(
    'the hospital closes the request',
    {
      hospital: ['record', 'center: completed 7.0', 'hub: completed 7.0'],
      center: ['record', 'center: completed 7.0', 'hub: completed 7.0', 'shelter: completed 7.0'],
      shelter: ['packet', 'shelter: completed 7.0'],
    },
    {},
  );
  await stage.ledger(
    hospital,
    {
      center: ['Condition', 'Observation', 'Patient', 'Task'],
      shelter: ['Condition', 'Patient'],
    },
    {
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U Task'],
      'client center': ['C ServiceRequest', 'C Task', 'U ServiceRequest', 'U Task'],
      'client hospital': ['C ServiceRequest', 'C Task', 'U ServiceRequest'],
      'client shelter': ['U Task'],
      'hub hub': ['U ServiceRequest', 'U Task'],
    },
  );
}
