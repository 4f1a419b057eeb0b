import type { Parameters } from '@medplum/fhirtypes';
import { expect } from 'vitest';
import type { Participant } from '../participant.ts';
import type { Stage } from '../stage.ts';

/** Two wards of the hospital ask the same center for the same: both are told, nobody is stopped. */
export async function duplicate(stage: Stage): Promise<void> {
  const hospital = await stage.joins('hospital', 'hospital');
  const center = await stage.joins('center', 'center');
  const outsider = await stage.joins('outsider', 'center');
  await stage.comes(hospital);
  const first = await stage.refers(hospital, center);
  await stage.scene(
    'one ward asks',
    {
      hospital: ['record', 'center: requested 2.0 · center answer by 03-03 09:00'],
      center: ['packet', 'center: requested 2.0 · center answer by 03-03 09:00'],
    },
    {
      hospital: ['center: requested 2.0'],
      center: ['center: requested 2.0'],
    },
  );
  const second = await stage.refers(hospital, center);
  await stage.scene(
    'another ward asks for the same',
    {
      hospital: [
        'record',
        'center: requested 2.0 · center answer by 03-03 09:00',
        'center: requested 2.0 · center answer by 03-03 09:00 · duplicate',
      ],
      center: [
        'packet',
        'center: requested 2.0 · center answer by 03-03 09:00',
        'center: requested 2.0 · center answer by 03-03 09:00 · duplicate',
      ],
    },
    {
      hospital: ['center: requested 2.0'],
      center: ['center: requested 2.0'],
    },
  );

  const twins = async (who: Participant): Promise<string[]> => {
    const found = (await who.client.operation({
      name: '$duplicates',
      resourceType: 'ServiceRequest',
      id: second.request.id,
      method: 'GET',
    } as never)) as unknown as Parameters;
    return (found.parameter ?? []).flatMap(({ part = [] }) =>
      part.flatMap(({ name, valueReference }) => (name === 'task' && valueReference?.reference) || []),
    );
  };
  expect(await twins(hospital)).toEqual([`Task/${first.task.id}`]);
  expect(await twins(center)).toEqual([`Task/${first.task.id}`]);
  await expect(twins(outsider)).rejects.toThrow('404');

  await center.puts(second.task, {
    status: 'rejected',
    statusReason: { text: 'We have this person’s referral already' },
  });
  await center.accepts();
  await stage.scene(
    'the center takes the one and sends back the other',
    {
      hospital: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'center: rejected 4.0 · hospital choose-again by 03-03 09:00 · duplicate',
      ],
      center: [
        'record',
        'center: accepted 3.0 · center schedule by 03-05 09:00',
        'center: rejected 4.0 · hospital choose-again by 03-03 09:00 · duplicate',
      ],
    },
    {
      hospital: ['center: rejected 4.0', 'center: accepted 3.0'],
      center: ['center: rejected 4.0', 'center: accepted 3.0'],
    },
  );
  await stage.ledger(
    hospital,
    {
      center: ['Condition', 'Observation', 'Patient', 'ServiceRequest', 'Task'],
    },
    {
      'client center': ['U Task'],
      'client hospital': ['C ServiceRequest', 'C Task'],
    },
  );
}
