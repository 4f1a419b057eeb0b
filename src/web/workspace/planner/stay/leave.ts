import type { Coding, Encounter } from '@medplum/fhirtypes';
import { plannedEnd } from '../../../../care/follow-up/stay.ts';
import { HubError, type Problem } from '../../../../errors.ts';
import { momentIn } from './moments.ts';
import { expectedProblem } from './stay-form.ts';

/** The stay with another day on which it is expected to end (`YYYY-MM-DD`). */
export function withExpected(stay: Encounter, expected: string, zone: string): Encounter {
  const text = expectedProblem(expected, new Date(stay.period?.start ?? 0), zone);
  if (text) throw new HubError('invalid', { expression: 'expected', text });
  const others = (stay.extension ?? []).filter(({ url }) => url !== plannedEnd);
  return { ...stay, extension: [...others, { url: plannedEnd, valueDateTime: expected }] };
}

/** The stay, ended. */
export function discharged(
  stay: Encounter,
  { left, disposition }: { left: string; disposition: Coding | undefined },
  { zone, now }: { zone: string; now: Date },
): Encounter {
  const at = momentIn(left, zone);
  const start = new Date(stay.period?.start ?? 0);
  const problems: Problem[] = [
    ...wrongMoment(at, { start, now }).map(text => ({ expression: 'left', text })),
    ...(disposition ? [] : [{ expression: 'disposition', text: 'Choose where they went.' }]),
  ];
  if (!at || !disposition || problems.length > 0) throw new HubError('invalid', problems);
  return {
    ...stay,
    status: 'finished',
    period: { ...stay.period, end: at.toISOString() },
    hospitalization: { ...stay.hospitalization, dischargeDisposition: { coding: [disposition] } },
  };
}

function wrongMoment(at: Date | undefined, { start, now }: { start: Date; now: Date }): string[] {
  if (!at) return ['Say when they left.'];
  if (at < start) return ['This is before the stay began.'];
  return at > now ? ['This is still to come. Record it when they have left.'] : [];
}
