import type { HealthcareServiceAvailableTime } from '@medplum/fhirtypes';

type Day = NonNullable<HealthcareServiceAvailableTime['daysOfWeek']>[number];

/** https://hl7.org/fhir/R4/valueset-days-of-week.html */
export const days: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export const dayNames: Record<Day, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

/** `Monday to Friday`, `8:30 am to 5 pm`. */
export function hoursWords(time: HealthcareServiceAvailableTime): { days: string; hours: string } {
  const { daysOfWeek = [], allDay, availableStartTime, availableEndTime } = time;
  const [from, to] = [clockWords(availableStartTime), clockWords(availableEndTime)];
  const hours = allDay
    ? 'Day and night'
    : from && to
      ? `${from} to ${to}`
      : from
        ? `From ${from}`
        : to
          ? `Until ${to}`
          : 'Open';
  return { days: daysWords(daysOfWeek), hours };
}

/** Days that follow each other are told by the first and the last. */
export function daysWords(of: readonly Day[]): string {
  const open = days.map(day => of.includes(day));
  if (open.every(Boolean) || of.length === 0) return 'Every day';
  const runs: Day[][] = [];
  days.forEach((day, index) => {
    if (!open[index]) return;
    const last = runs.at(-1);
    if (last && open[index - 1]) last.push(day);
    else runs.push([day]);
  });
  return runs
    .map(run => {
      const [first, last] = [run[0], run.at(-1)];
      if (!first || !last) return '';
      if (run.length === 1) return dayNames[first];
      return run.length === 2
        ? `${dayNames[first]}, ${dayNames[last]}`
        : `${dayNames[first]} to ${dayNames[last]}`;
    })
    .join(', ');
}

/** `8:30 am`, of `08:30:00`. */
function clockWords(time: string | undefined): string | undefined {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(time ?? '') ?? [];
  if (hours === undefined) return undefined;
  const hour = Number(hours);
  const half = hour < 12 ? 'am' : 'pm';
  return `${hour % 12 || 12}${minutes === '00' ? '' : `:${minutes}`} ${half}`;
}
