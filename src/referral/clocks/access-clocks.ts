import rules from '../../../terminology/access-clocks.json' with { type: 'json' };
import { after, type Calendar, type Duration, endOfDay, type Pause } from './calendar.ts';

/** One clock of the rule pack `terminology/access-clocks.json`. */
export interface AccessClock {
  code: string;
  title: string;
  /** The event it begins with. */
  start: string;
  within: Duration;
  until: string;
}

export const accessClocks: readonly AccessClock[] = rules.clocks;

/** When the clock runs out; undefined while it is paused without an end. Error: there is no such clock. */
export function clockEnds(
  code: string,
  from: Date,
  calendar: Calendar,
  pauses: readonly Pause[] = [],
  clocks: readonly AccessClock[] = accessClocks,
): Date | undefined {
  const clock = clocks.find(one => one.code === code);
  if (!clock) throw new Error(`no clock "${code}": there are ${clocks.map(one => one.code).join(', ')}`);
  const end = after(from, clock.within, calendar, pauses);
  return end && clock.until === 'end-of-day' ? endOfDay(end, calendar.timeZone) : end;
}
