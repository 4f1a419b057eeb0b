import type { TimingRepeat } from '@medplum/fhirtypes';

const units: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  wk: 'week',
  mo: 'month',
  a: 'year',
};

/** How often, in words (https://hl7.org/fhir/R4/datatypes.html#Timing.repeat): `2 times in 1 day`. */
export function repeatInWords(repeat: TimingRepeat): string {
  const { frequency = 1, frequencyMax, period, periodMax, periodUnit = '' } = repeat;
  const { dayOfWeek = [], timeOfDay = [], when = [] } = repeat;
  const times = upTo(frequency, frequencyMax);
  const often =
    period === undefined
      ? ''
      : `${times} ${times === '1' ? 'time' : 'times'} in ${counted(upTo(period, periodMax), periodUnit)}`;
  const days = dayOfWeek.length ? `on ${dayOfWeek.join(', ')}` : '';
  const at = timeOfDay.length ? `at ${timeOfDay.join(', ')}` : '';
  return [often, days, at, when.join(', ')].filter(Boolean).join(' ');
}

const upTo = (low: number, high: number | undefined): string =>
  high === undefined ? String(low) : `${low} to ${high}`;

function counted(count: string, unit: string): string {
  const word = units[unit] ?? unit;
  return `${count} ${count === '1' ? word : `${word}s`}`;
}
