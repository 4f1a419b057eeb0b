import { expect } from 'vitest';
import type { Stage } from '../stage.ts';
import { network } from './nobody.ts';

/** The center asks back: its clock stands and the hospital's runs, until there is an answer. */
export async function questionAndAnswer(stage: Stage): Promise<void> {
  const { hospital, north } = await network(stage);
  await stage.refers(hospital, 'Organization/hub');
  await stage.passes({ hours: 2 });
  await stage.scene(
    'the hub asks the center',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · north answer by 03-03 11:00',
        'north: requested 2.0 · north answer by 03-03 11:00',
      ],
      north: ['packet', 'north: requested 2.0 · north answer by 03-03 11:00'],
    },
    {
      hospital: ['hub: requested 2.0', 'hub: accepted 3.0', 'north: requested 2.0'],
      north: ['north: requested 2.0'],
    },
  );
  await north.asksBack('Is there somebody who can bring them?');
  await stage.scene(
    'the center asks back',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · hospital provide-information by 03-03 11:00',
        'north: requested 2.0 (info-requested) · hospital provide-information by 03-03 11:00',
      ],
      north: [
        'packet',
        'north: requested 2.0 (info-requested) · hospital provide-information by 03-03 11:00',
      ],
    },
    {
      hospital: ['north: requested 2.0 (info-requested)'],
      north: ['north: requested 2.0 (info-requested)'],
    },
  );
  await stage.passes({ hours: 23 });
  await stage.scene(
    'a day later the offer still stands',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · hospital provide-information by 03-03 11:00',
        'north: requested 2.0 (info-requested) · hospital provide-information by 03-03 11:00',
      ],
      north: [
        'packet',
        'north: requested 2.0 (info-requested) · hospital provide-information by 03-03 11:00',
      ],
    },
    {},
  );
  await hospital.answers('Their sister will.');
  await stage.scene(
    'the hospital answers',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · north answer by 03-04 11:00',
        'north: requested 2.0 · north answer by 03-04 11:00',
      ],
      north: ['packet', 'north: requested 2.0 · north answer by 03-04 11:00'],
    },
    {
      hospital: ['north: requested 2.0'],
      north: ['north: requested 2.0'],
    },
  );
  await north.accepts();
  await stage.scene(
    'the center accepts',
    {
      hospital: [
        'record',
        'hub: in-progress 3.0 · north schedule by 03-06 10:00',
        'north: accepted 3.0 · north schedule by 03-06 10:00',
      ],
      north: [
        'record',
        'hub: in-progress 3.0 · north schedule by 03-06 10:00',
        'north: accepted 3.0 · north schedule by 03-06 10:00',
      ],
    },
    {
      hospital: ['north: accepted 3.0', 'hub: in-progress 3.0'],
      north: ['north: accepted 3.0', 'hub: in-progress 3.0'],
    },
  );
  await stage.ledger(
    hospital,
    {
      north: ['Condition', 'Observation', 'Patient', 'Task'],
    },
    {
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U Task'],
      'client hospital': ['C ServiceRequest', 'C Task', 'U Task'],
      'client north': ['U Task'],
      'hub hub': ['U Task'],
    },
  );
}

/** Three are asked at the same time, and two accept in the same moment. */
export async function parallelRace(stage: Stage): Promise<void> {
  const hospital = await stage.joins('hospital', 'hospital');
  const centers = [
    await stage.joins('north', 'center'),
    await stage.joins('south', 'center'),
    await stage.joins('west', 'center'),
  ] as const;
  const [north, south, west] = centers;
  await stage.comes(hospital);
  const { request } = await stage.refers(hospital, north);
  await stage.asksToo(hospital, request, south);
  await stage.asksToo(hospital, request, west);
  await stage.scene(
    'three are asked',
    {
      hospital: [
        'record',
        'north: requested 2.0 · north answer by 03-03 09:00',
        'south: requested 2.0 · south answer by 03-03 09:00',
        'west: requested 2.0 · west answer by 03-03 09:00',
      ],
      north: ['packet', 'north: requested 2.0 · north answer by 03-03 09:00'],
      south: ['packet', 'south: requested 2.0 · south answer by 03-03 09:00'],
      west: ['packet', 'west: requested 2.0 · west answer by 03-03 09:00'],
    },
    {
      hospital: ['north: requested 2.0', 'south: requested 2.0', 'west: requested 2.0'],
      north: ['north: requested 2.0'],
      south: ['south: requested 2.0'],
      west: ['west: requested 2.0'],
    },
  );
  const tasks = await Promise.all([north.asked(), south.asked()]);
  const answers = await Promise.allSettled([
    north.puts(tasks[0], { status: 'accepted' }),
    south.puts(tasks[1], { status: 'accepted' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = answers.find(one => one.status === 'rejected')?.reason;
  expect([409, 412, 422]).toContain(refused.response.status);
  expect(refused.response.data.issue[0].details.text).toMatch(/has accepted this referral already|version/);
  const [won, lost] = answers[0].status === 'fulfilled' ? ['north', 'south'] : ['south', 'north'];
  const all = [
    `${won}: accepted 3.0 · ${won} schedule by 03-05 09:00`,
    `${lost}: cancelled 6.0`,
    'west: cancelled 6.0',
  ];
  const news = [`${won}: accepted 3.0`, `${lost}: cancelled 6.0`, 'west: cancelled 6.0'];
  await stage.scene(
    'one of the two has it',
    {
      hospital: ['record', ...all.toSorted()],
      [won]: ['record', ...all.toSorted()],
      [lost]: [`${lost}: cancelled 6.0`],
      west: ['west: cancelled 6.0'],
    },
    { hospital: news, [won]: news, [lost]: [`${lost}: cancelled 6.0`], west: ['west: cancelled 6.0'] },
  );
  await stage.ledger(
    hospital,
    {
      [won]: ['Condition', 'Observation', 'Patient', 'Task'],
      [lost]: ['Condition', 'Patient', 'Task'],
      west: ['Condition', 'Patient', 'Task'],
    },
    {
      'client hospital': ['C ServiceRequest', 'C Task'],
      [`client ${won}`]: ['U Task'],
      'hub hub': ['U Task'],
    },
  );
}

/** The center says who could do it better; the hub asks them, and the hospital sees both. */
export async function redirected(stage: Stage): Promise<void> {
  const { hospital, north } = await network(stage);
  const west = await stage.joins('west', 'center');
  await stage.offers(west, { capacity: 'waitlist' });
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
  await north.redirects(west, 'West has a team for this');
  await stage.scene(
    'the first sends them on',
    {
      hospital: [
        'record',
        'hub: accepted 3.0 · west answer by 03-03 09:00',
        'north: rejected 4.0',
        'west: requested 2.0 · west answer by 03-03 09:00',
      ],
      north: ['north: rejected 4.0'],
      west: ['packet', 'west: requested 2.0 · west answer by 03-03 09:00'],
    },
    {
      hospital: ['north: rejected 4.0', 'west: requested 2.0'],
      north: ['north: rejected 4.0'],
      west: ['west: requested 2.0'],
    },
  );
  await west.accepts();
  await stage.scene(
    'the other accepts',
    {
      hospital: [
        'record',
        'hub: in-progress 3.0 · west schedule by 03-05 09:00',
        'north: rejected 4.0',
        'west: accepted 3.0 · west schedule by 03-05 09:00',
      ],
      north: ['north: rejected 4.0'],
      west: [
        'record',
        'hub: in-progress 3.0 · west schedule by 03-05 09:00',
        'north: rejected 4.0',
        'west: accepted 3.0 · west schedule by 03-05 09:00',
      ],
    },
    {
      hospital: ['west: accepted 3.0', 'hub: in-progress 3.0'],
      west: ['west: accepted 3.0', 'hub: in-progress 3.0'],
    },
  );
  await stage.ledger(
    hospital,
    {
      north: ['Condition', 'Patient', 'Task'],
      west: ['Condition', 'Observation', 'Patient', 'Task'],
    },
    {
      'bot route-referrals': ['C ServiceRequest', 'C Task', 'U Task'],
      'client hospital': ['C ServiceRequest', 'C Task'],
      'client north': ['U Task'],
      'client west': ['U Task'],
      'hub hub': ['U Task'],
    },
  );
}
