import type { LinkEvent } from '../../../referral/lifecycle/by-link.ts';
import type { CapacityStatus } from '../../../referral/routing/directory-entries.ts';
import type { LinkState } from '../link.ts';
import { en } from './en.ts';
import { es } from './es.ts';

/** Everything that the page of a link and its mails say, in one language. `{name}` is filled in. */
export interface Words {
  /** BCP 47. */
  lang: string;
  /** The language's own name, for the switch to it. */
  called: string;
  /** Titles say nothing of what it is about: they stay in histories. */
  title: string;
  heading: { offered: string; working: string; cancelling: string; somebody: string };
  person: string;
  phone: string;
  noPhone: string;
  need: string;
  /** Needs by their code, where the words of the code itself are in another language. */
  needs: Record<string, string>;
  notShared: string;
  urgency: string;
  priority: Record<'urgent' | 'asap' | 'stat', string>;
  answerBy: string;
  nextBy: string;
  nameLater: string;
  nameAfterCode: string;
  showName: string;
  /** A button each. */
  event: Record<LinkEvent | 'could-not-reach', string>;
  /** What opens the list of reasons. */
  more: { decline: string; complete: string; withdraw: string };
  reason: string;
  outcome: string;
  choose: string;
  comment: string;
  code: {
    title: string;
    sent: string;
    told: string;
    label: string;
    confirm: string;
    again: string;
    wrong: string;
    spent: string;
    tooMany: string;
  };
  done: string;
  failed: { chooseReason: string; sayOther: string; moved: string; notSent: string };
  closed: Record<
    Exclude<LinkState, 'valid'> | 'over' | 'unknown' | 'waiting',
    { title: string; text: string }
  >;
  call: string;
  callUnnamed: string;
  /** By code of decline-reason and closure-reason. */
  refusals: Record<string, string>;
  outcomes: Record<string, string>;
  /** An entry of the directory that is to be confirmed. */
  entry: {
    title: string;
    heading: string;
    lead: string;
    lastConfirmed: string;
    organization: string;
    service: string;
    hours: string;
    everyDay: string;
    allDay: string;
    languages: string;
    room: string;
    notSaid: string;
    asOf: string;
    places: string;
    days: string;
    allRight: string;
    update: string;
    status: string;
    statuses: Record<CapacityStatus, string>;
    slots: string;
    waitDays: string;
    save: string;
    otherwise: string;
    done: string;
    moved: string;
    contradicts: string;
    number: string;
  };
  mail: {
    subject: string;
    offer: string;
    code: string;
    codeSubject: string;
    entrySubject: string;
    entry: string;
  };
}

export const languages = { en, es } as const satisfies Record<string, Words>;

export type Language = keyof typeof languages;

export const isLanguage = (text: string | undefined): text is Language =>
  text !== undefined && Object.hasOwn(languages, text);

/** The text with each `{name}` filled in. */
export const filled = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
