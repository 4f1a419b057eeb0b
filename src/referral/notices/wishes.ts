import type { Organization, PractitionerRole } from '@medplum/fhirtypes';
import { canonical } from '../../fhir/canonical.ts';
import { timeZoneOf } from '../clocks/time-zone.ts';

/** Tag of a PractitionerRole: how its person wants to be told by mail. Without it they are told nothing. */
export const noticeTag = `${canonical}/CodeSystem/notice-wish`;
export type Wish = 'at-once' | 'digest';

/** On an Organization: from when to when (its own time) nobody is written to. */
export const quietHours = `${canonical}/StructureDefinition/quiet-hours`;

export function wishOf(role: PractitionerRole): Wish | undefined {
  const code = role.meta?.tag?.find(({ system }) => system === noticeTag)?.code;
  return code === 'at-once' || code === 'digest' ? code : undefined;
}

/** A moment as the clocks of an organization show it. */
export interface LocalTime {
  /** `2026-03-02` */
  date: string;
  /** `09:05` */
  time: string;
}

export function localTime(organization: Organization, now: Date): LocalTime {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timeZoneOf(organization) ?? 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find(one => one.type === type)?.value ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

/** Whether nobody of the organization is to be written to now. The hours may lie over midnight. */
export function isQuiet(organization: Organization, now: Date): boolean {
  const hours = organization.extension?.find(({ url }) => url === quietHours)?.extension ?? [];
  const at = (url: string) => hours.find(one => one.url === url)?.valueTime?.slice(0, 5);
  const [from, to] = [at('from'), at('to')];
  if (from === undefined || to === undefined || from === to) return false;
  const { time } = localTime(organization, now);
  return from < to ? time >= from && time < to : time >= from || time < to;
}
