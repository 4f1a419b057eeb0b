import type { Stage } from '../stage.ts';

/** Both centers decline: the hospital is told at once, and asked to choose. It chooses, and finds somebody. */
export async function declinedByAll(stage: Stage): Promise<void> {
  const { hospital, north, south } = await network(stage);
  const east = await stage.joins('east', 'center');
  const { request } = await stage.refers(hospital, 'Organization/hub');
  await stage.scene(
    'the hub asks the first',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · north answer by 03-03 09:00',
        'north: requested 2.0 · north answer by 03-03 09:00',
      ],
      north: ['packet', 'north: requested 2.0 · north answer by 03-03 09:00'],
    },
    {
      hospital: ['hub: requested 2.0', 'hub: accepted 3.0', 'north: requested 2.0'],
      north: ['north: requested 2.0'],
    },
  );
  await north.declines('no-capacity', 'No opening before April');
  await stage.scene(
    'the first declines, the second is asked',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · south answer by 03-03 09:00',
        'north: rejected 4.0',
        'south: requested 2.0 · south answer by 03-03 09:00',
      ],
      north: ['north: rejected 4.0'],
      south: ['packet', 'south: requested 2.0 · south answer by 03-03 09:00'],
    },
    {
      hospital: ['north: rejected 4.0', 'south: requested 2.0'],
      north: ['north: rejected 4.0'],
      south: ['south: requested 2.0'],
    },
  );
  await south.declines('clinical-mismatch', 'We do not treat this');
  await stage.scene(
    'nobody is left',
    {
      hospital: [
        'record',
        'hub: failed 4.0 · hospital choose-again by 03-03 09:00',
        'north: rejected 4.0',
        'south: rejected 4.0',
      ],
      north: ['north: rejected 4.0'],
      south: ['south: rejected 4.0'],
    },
    {
      hospital: ['south: rejected 4.0', 'hub: failed 4.0'],
      south: ['south: rejected 4.0'],
    },
  );
  await stage.asksToo(hospital, request, east);
  await stage.scene(
    'the hospital asks another directly',
    {
      hospital: [
        'record',
        'east: requested 2.0 · east answer by 03-03 09:00',
        'hub: failed 4.0',
        'north: rejected 4.0',
        'south: rejected 4.0',
      ],
      north: ['north: rejected 4.0'],
      south: ['south: rejected 4.0'],
      east: ['packet', 'east: requested 2.0 · east answer by 03-03 09:00'],
    },
    {
      hospital: ['east: requested 2.0'],
      east: ['east: requested 2.0'],
    },
  );
  await east.accepts();
  await stage.scene(
    'who takes the person',
    {
      hospital: [
        'record',
        'east: accepted 3.0 · east schedule by 03-05 09:00',
        'hub: failed 4.0',
        'north: rejected 4.0',
        'south: rejected 4.0',
      ],
      north: ['north: rejected 4.0'],
      south: ['south: rejected 4.0'],
      east: [
        'record',
        'east: accepted 3.0 · east schedule by 03-05 09:00',
        'hub: failed 4.0',
        'north: rejected 4.0',
        'south: rejected 4.0',
      ],
    },
    {
      hospital: ['east: accepted 3.0'],
      east: ['east: accepted 3.0'],
    },
  );
  await stage.ledger(
    hospital,
    {
      east: ['Condition', 'Observation', 'Patient', 'Task'],
      north: ['Condition', 'Patient', 'Task'],
      south: ['Condition', 'Patient', 'Task'],
    },
    {
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U ServiceRequest', 'U Task'],
      'client east': ['U Task'],
      'client hospital': ['C ServiceRequest', 'C Task'],
      'client north': ['U Task'],
      'client south': ['U Task'],
      'hub hub': ['U Task'],
    },
  );
}

/** Nobody answers: they are reminded, the next is asked, and in the end the hospital has it back. */
export async function expired(stage: Stage): Promise<void> {
  const { hospital } = await network(stage);
  await stage.refers(hospital, 'Organization/hub');
  await stage.scene(
    'the hub asks the first',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · north answer by 03-03 09:00',
        'north: requested 2.0 · north answer by 03-03 09:00',
      ],
      north: ['packet', 'north: requested 2.0 · north answer by 03-03 09:00'],
    },
    {
      hospital: ['hub: requested 2.0', 'hub: accepted 3.0', 'north: requested 2.0'],
      north: ['north: requested 2.0'],
    },
  );
  await stage.passes({ hours: 13 });
  await stage.scene(
    'the first is reminded',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · north answer by 03-03 09:00',
        'north: requested 2.0 · north answer by 03-03 09:00 · reminded',
      ],
      north: ['packet', 'north: requested 2.0 · north answer by 03-03 09:00 · reminded'],
    },
    {},
  );
  await stage.passes({ hours: 11 });
  await stage.scene(
    'the first did not answer, the second is asked',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · south answer by 03-04 09:00',
        'north: cancelled 6.0 · reminded',
        'south: requested 2.0 · south answer by 03-04 09:00',
      ],
      north: ['north: cancelled 6.0 · reminded'],
      south: ['packet', 'south: requested 2.0 · south answer by 03-04 09:00'],
    },
    {
      hospital: ['north: cancelled 6.0', 'south: requested 2.0'],
      north: ['north: cancelled 6.0'],
      south: ['south: requested 2.0'],
    },
  );
  await stage.passes({ hours: 13 });
  await stage.scene(
    'the second is reminded',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · south answer by 03-04 09:00',
        'north: cancelled 6.0 · reminded',
        'south: requested 2.0 · south answer by 03-04 09:00 · reminded',
      ],
      north: ['north: cancelled 6.0 · reminded'],
      south: ['packet', 'south: requested 2.0 · south answer by 03-04 09:00 · reminded'],
    },
    {},
  );
  await stage.passes({ hours: 11 });
  await stage.scene(
    'nobody has answered',
    {
      hospital: [
        'record',
        'hub: failed 4.0 · hospital choose-again by 03-05 09:00',
        'north: cancelled 6.0 · reminded',
        'south: cancelled 6.0 · reminded',
      ],
      north: ['north: cancelled 6.0 · reminded'],
      south: ['south: cancelled 6.0 · reminded'],
    },
    {
      hospital: ['south: cancelled 6.0', 'hub: failed 4.0'],
      south: ['south: cancelled 6.0'],
    },
  );
  await stage.ledger(
    hospital,
    {
      north: ['Condition', 'Patient', 'Task'],
      south: ['Condition', 'Patient', 'Task'],
    },
    {
      'bot chase-offers': ['C Task', 'U Task'],
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U ServiceRequest', 'U Task'],
      'client hospital': ['C ServiceRequest', 'C Task'],
      'hub hub': ['U Task'],
    },
  );
}

/** A hospital and two centers of the directory, of which the hub asks `north` first: it says that it has room. */
export async function network(stage: Stage) {
  const hospital = await stage.joins('hospital', 'hospital');
  const north = await stage.joins('north', 'center');
  const south = await stage.joins('south', 'center');
  await stage.joins('outsider', 'center');
  await stage.offers(north, { capacity: 'capacity' });
  await stage.offers(south);
  await stage.comes(hospital);
  return { hospital, north, south };
}
