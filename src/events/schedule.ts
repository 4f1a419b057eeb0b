import { createTask, validateDetailed } from 'node-cron';
import { HubError } from '../errors.ts';

/** Whether a schedule names the minute that an instant lies in. */
export type Matches = (minute: Date) => boolean;

export const minuteMs = 60_000;

/** How far back a missed run is looked for: longer than any month. */
const lookBackMinutes = 32 * 24 * 60;

/** Reads a cron expression of five fields (https://nodecron.com/cron-syntax); refuses one with seconds. */
export function readSchedule(expression: string, timezone: string): Matches {
  const { valid, fields, errors } = validateDetailed(expression);
  if (!valid || !fields) {
    const reasons = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new HubError('invalid', `"${expression}" is not a schedule: ${reasons}`);
  }
  if (fields.second.length !== 1 || fields.second[0] !== 0) {
    throw new HubError('invalid', `"${expression}" names seconds: schedules are looked at once a minute.`);
  }
  // Only its matching is used: it is never started, and leaves the library's registry at once.
  const task = createTask(expression, () => undefined, { timezone });
  void task.destroy();
  return minute => task.match(minute);
}

/**
 * The latest minute of the schedule after `last` and up to `now`, or undefined when none has come. Several
 * missed ones are one run.
 */
export function lastDue(matches: Matches, last: Date, now: Date): Date | undefined {
  const newest = Math.floor(now.getTime() / minuteMs);
  const oldest = Math.max(Math.floor(last.getTime() / minuteMs) + 1, newest - lookBackMinutes);
  for (let minute = newest; minute >= oldest; minute--) {
    const at = new Date(minute * minuteMs);
    if (matches(at)) {
      return at;
    }
  }
  return undefined;
}
