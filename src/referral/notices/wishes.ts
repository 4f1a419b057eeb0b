import type { Organization, PractitionerRole } from '@medplum/fhirtypes';
import { canonical } from '../../fhir/canonical.ts';
import { timeZoneOf } from '../clocks/time-zone.ts';

/** Tag of a PractitionerRole: how its person wants to be told by mail. Without it they are told nothing. */
export const noticeTag = `${canonical}/CodeSystem/notice-wish`;
export type Wish = 'at-once' | 'digest';

/**
 * On an Organization: from when to when (its own time) nobody is written to. On a PractitionerRole: the same for one
 * person, instead of the organization's.
 */
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

/** `HH:MM` each; the hours may lie over midnight. */
export interface QuietHours {
  from: string;
  to: string;
}

export function quietHoursOf({ extension = [] }: Organization | PractitionerRole): QuietHours | undefined {
  const hours = extension.find(({ url }) => url === quietHours)?.extension ?? [];
  const at = (url: string) => hours.find(one => one.url === url)?.valueTime?.slice(0, 5);
  const [from, to] = [at('from'), at('to')];
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** Whether nobody of the organization, or not the person in this role, is to be written to now. */
export function isQuiet(organization: Organization, now: Date, role?: PractitionerRole): boolean {
  const hours = (role && quietHoursOf(role)) ?? quietHoursOf(organization);
  if (!hours || hours.from === hours.to) return false;
  const { from, to } = hours;
  const { time } = localTime(organization, now);
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** How one person wants to be told. */
export interface Wishes {
  /** Absent: not at all. */
  wish?: Wish;
  /** Absent: those of the organization. */
  quiet?: QuietHours;
}

export function wishesOf(role: PractitionerRole): Wishes {
  const [wish, quiet] = [wishOf(role), quietHoursOf(role)];
  return { ...(wish ? { wish } : {}), ...(quiet ? { quiet } : {}) };
}

/** The role as its person wants to be told from now on. */
export function withWishes(role: PractitionerRole, { wish, quiet }: Wishes): PractitionerRole {
  const { tag = [], ...meta } = role.meta ?? {};
  const { extension = [], ...rest } = role;
  const tags = [
    ...tag.filter(({ system }) => system !== noticeTag),
    ...(wish ? [{ system: noticeTag, code: wish }] : []),
  ];
  const extensions = [
    ...extension.filter(({ url }) => url !== quietHours),
    ...(quiet
      ? [
          {
            url: quietHours,
            extension: [
              { url: 'from', valueTime: `${quiet.from}:00` },
              { url: 'to', valueTime: `${quiet.to}:00` },
            ],
          },
        ]
      : []),
  ];
  return {
    ...rest,
    meta: { ...meta, ...(tags.length > 0 ? { tag: tags } : {}) },
    ...(extensions.length > 0 ? { extension: extensions } : {}),
  };
}
