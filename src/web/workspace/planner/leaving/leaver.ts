/** Somebody in the organization's care, or just out of it, as far as their leaving is concerned. */
export interface Leaver {
  /** Ids of the Patient and the Encounter. */
  patient: string;
  stay: string;
  name: string;
  ward?: string;
  /** Absent: nobody has said yet when they are expected to leave. */
  leaving?: Leaving;
  /** The first visit in the days that count after leaving; where it is not known when they leave, the next one. */
  visit?: Visit;
  caseManager?: string;
  referrals: readonly Placement[];
}

export interface Leaving {
  at: Date;
  /** They have left. */
  left: boolean;
  /** Days of the calendar from today at the facility; negative: so long ago. */
  days: number;
}

export interface Visit {
  at: Date;
  state: 'booked' | 'kept' | 'missed';
}

/** A referral of theirs, as whoever plans their leaving counts it. */
export interface Placement {
  /** Ids of the Task and the ServiceRequest. */
  task: string;
  request: string;
  need: string;
  /** Who is asked; absent: nobody yet. */
  place?: string;
  /** Where it stands, in words. */
  status: string;
  standing: Standing;
}

/**
 * `choose`: nobody took it, it is the sender's turn to ask elsewhere. `question`: who is asked waits for an answer of
 * the sender. `taken`: somebody works on it. `done`: it was completed.
 */
export type Standing = 'draft' | 'asked' | 'question' | 'taken' | 'on-hold' | 'choose' | 'done';

/** Days after leaving in which the first visit is to be (the 7-day window, `terminology/follow-up.json`). */
export const visitDays = 7;

/** What is not as it should be, the worst first. */
export type Gap =
  | 'choose-again'
  | 'not-recorded'
  | 'no-referral'
  | 'visit-missed'
  | 'no-visit'
  | 'question'
  | 'not-sent'
  | 'no-date';

export const gapWords: Readonly<Record<Gap, string>> = {
  'choose-again': 'Declined by all: choose again',
  'not-recorded': 'The expected day is over: record the discharge, or set a new day',
  'no-referral': 'No referral yet',
  'visit-missed': 'First visit missed, no new one booked',
  'no-visit': `No visit within ${visitDays} days of discharge`,
  question: 'A question waits for your answer',
  'not-sent': 'A referral is not sent yet',
  'no-date': 'No expected discharge yet',
};

/** What is missing for somebody, the worst first. */
export function gapsOf(leaver: Leaver): Gap[] {
  const { leaving, visit, referrals } = leaver;
  const some = (standing: Standing) => referrals.some(one => one.standing === standing);
  const asks = referrals.some(({ standing }) => standing !== 'draft' && standing !== 'choose');
  const gaps: [Gap, boolean][] = [
    ['choose-again', some('choose')],
    ['not-recorded', leaving !== undefined && !leaving.left && leaving.days < 0],
    ['no-referral', referrals.length === 0],
    ['visit-missed', visit?.state === 'missed'],
    // Before anybody is asked there can be no visit: that is the gap, not the visit.
    ['no-visit', visit === undefined && leaving !== undefined && (leaving.left || asks)],
    ['question', some('question')],
    ['not-sent', some('draft')],
    ['no-date', leaving === undefined],
  ];
  return gaps.flatMap(([gap, is]) => (is ? [gap] : []));
}

/** Days that are left: to the discharge, and after it to the end of those in which the first visit is to be. */
export function daysLeft({ leaving }: Pick<Leaver, 'leaving'>): number {
  if (!leaving) return Number.POSITIVE_INFINITY;
  return leaving.left ? visitDays + leaving.days : leaving.days;
}

/** How pressing somebody's gaps are. */
export function pressing(leaver: Leaver): 'late' | 'attention' | 'none' {
  if (gapsOf(leaver).length === 0) return 'none';
  return daysLeft(leaver) <= 1 ? 'late' : 'attention';
}

/** For `sort`: who lacks something before who lacks nothing, then the fewest days left, then who lacks more. */
export function worstFirst(a: Leaver, b: Leaver): number {
  const [gapsA, gapsB] = [gapsOf(a), gapsOf(b)];
  const lacking = Number(gapsB.length > 0) - Number(gapsA.length > 0);
  // Both may be infinite, and the difference of these is no number.
  const days = daysLeft(a) === daysLeft(b) ? 0 : daysLeft(a) - daysLeft(b);
  return lacking || days || gapsB.length - gapsA.length || a.name.localeCompare(b.name);
}

export interface NextStep {
  words: string;
  path: string;
}

/** What to do next for somebody, and where. */
export function nextStepFor(leaver: Leaver): NextStep | undefined {
  const { patient, leaving, referrals } = leaver;
  const [gap] = gapsOf(leaver);
  const stay = `/patients/${patient}/stays/${leaver.stay}`;
  const find = (...standings: readonly Standing[]) =>
    standings.map(wanted => referrals.find(({ standing }) => standing === wanted)).find(one => one);
  const open = (placement: Placement | undefined): NextStep | undefined =>
    placement && { words: 'Open referral', path: `/referrals/${placement.task}` };
  const draft = find('draft');
  const refer = { words: 'Refer', path: `/refer?patient=${patient}` };
  switch (gap) {
    case 'choose-again':
      return open(find('choose'));
    case 'not-recorded':
      return { words: 'Record discharge', path: stay };
    case 'no-referral':
      return refer;
    case 'question':
      return open(find('question'));
    case 'no-date':
      return { words: 'Set the day', path: stay };
    case 'not-sent':
      return draft && { words: 'Go on with it', path: `/refer/${draft.request}` };
    case undefined:
      if (leaving && !leaving.left && leaving.days <= 0) return { words: 'Record discharge', path: stay };
      return open(find('taken', 'asked', 'on-hold', 'done'));
    default:
      return (
        open(find('question', 'taken', 'asked', 'on-hold')) ??
        (draft ? { words: 'Go on with it', path: `/refer/${draft.request}` } : refer)
      );
  }
}

/** When somebody leaves or left, as people say it. */
export function leavingWords(leaving: Leaving | undefined): string {
  if (!leaving) return 'No day yet';
  const { days, left } = leaving;
  const ago = days === -1 ? 'yesterday' : `${-days} days ago`;
  if (left) return days >= 0 ? 'Left today' : `Left ${ago}`;
  if (days < 0) return days === -1 ? 'Was to leave yesterday' : `Was to leave ${ago}`;
  if (days === 0) return 'Leaves today';
  return days === 1 ? 'Leaves tomorrow' : `Leaves in ${days} days`;
}

/** For who has left without a visit: how long there is for it. */
export function visitDaysWords(days: number): string {
  if (days <= 0) return 'Last day for the first visit';
  return days === 1 ? '1 day left for the first visit' : `${days} days left for the first visit`;
}
