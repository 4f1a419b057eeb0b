import type { Action as Next } from '../../../referral/lifecycle/due.ts';
import type { Action } from '../../../referral/working/action.ts';
import type { InputDefinition } from '../../../referral/working/inputs.ts';

/** What a field asks for; one that nobody has named here is called by its own name. */
const labels: Record<string, string> = {
  slot: 'A free time',
  start: 'When',
  location: 'Where',
  comment: 'Note for the other side',
  reason: 'Reason',
  closure: 'How it ended',
  received: 'Has the person received the service?',
  output: 'Documents that tell of it',
  to: 'Which organization',
  text: 'Text',
  document: 'Send along',
  medium: 'How you tried',
  outcome: 'What came of it',
  'at-once': 'End it now, without waiting for them to confirm',
};

const labelsOf: Record<string, Record<string, string>> = {
  accept: { start: 'First visit, if you know when' },
  claim: { start: 'First visit, if you know when' },
  ask: { text: 'Your question' },
  answer: { text: 'Your answer' },
  message: { text: 'Your message' },
  cancel: { comment: 'Why it is not needed any more' },
  'mark-error': { comment: 'What was wrong' },
};

export const labelOf = (action: string, { name }: InputDefinition): string =>
  labelsOf[action]?.[name] ?? labels[name] ?? name.replaceAll('-', ' ');

/** Reasons are codes; one of them says nothing by itself. */
export const hintOf = (action: string, { name }: InputDefinition): string | undefined =>
  name === 'comment' && ['decline', 'fail', 'withdraw', 'hold'].includes(action)
    ? 'Needed for the reason “Other”.'
    : undefined;

/** What is said after it was done. */
export const doneWords: Record<string, string> = {
  send: 'Sent. It has a turn and a due time from now on.',
  accept: 'Accepted. The sender sees it now.',
  claim: 'It is yours now. The sender sees it.',
  decline: 'Declined. The sender sees the reason and can ask somebody else.',
  start: 'Started.',
  ask: 'Your question is sent. It is the sender’s turn; your clock stands still.',
  answer: 'Your answer is sent. It is their turn again.',
  message: 'Your message is sent.',
  schedule: 'The visit is booked. The other side sees it now.',
  'no-show': 'Noted. Next is a new date.',
  'cancel-appointment': 'The visit is cancelled, its time is free again.',
  keep: 'Noted: the visit took place.',
  'contact-attempt': 'The attempt is recorded.',
  hold: 'On hold. The sender sees why.',
  resume: 'It goes on where it stood.',
  redirect: 'Passed back, with whom to ask instead.',
  transfer: 'The other organization is asked. Your referral stands until it is completed.',
  complete: 'Completed. The sender sees the outcome and closes the request.',
  fail: 'Ended. The sender sees the reason and can ask somebody else.',
  withdraw: 'Given back. The sender sees the reason and can ask somebody else.',
  cancel: 'Done. The other side is told.',
  'confirm-cancellation': 'Confirmed. The work stops here.',
  'mark-error': 'Marked as sent by mistake.',
  close: 'The request is closed. The loop is complete.',
  document: 'The document is attached. The other side can open it.',
};

/** What an action does, where its description is for those who call it by the API. */
const meanings: Record<string, string> = {
  accept: 'You take the referral on. With a time you also book the first visit.',
  cancel:
    'The referral is not needed any more. Before it is accepted it ends at once; afterwards the other side is asked to confirm.',
  hold: 'The referral rests, and the sender sees why. On the waiting list it has a place.',
  redirect: 'You say no, or give it back, and name who should be asked instead. The sender decides.',
  transfer:
    'You ask another organization to take the person on. Your referral stands until it is completed, and the sender sees both.',
};

export const meaningOf = ({ name, means }: Action): string => meanings[name] ?? means;

/** What stands first on the page, by what has to be done next: the first of them is open. */
const firstFor: Partial<Record<Next, readonly string[]>> = {
  send: ['send'],
  answer: ['accept', 'decline'],
  'choose-recipient': ['claim'],
  'provide-information': ['answer'],
  schedule: ['schedule', 'contact-attempt'],
  'record-visit': ['keep', 'no-show'],
  reschedule: ['schedule', 'contact-attempt'],
  'report-outcome': ['complete', 'schedule'],
  'review-hold': ['resume'],
  'confirm-cancellation': ['confirm-cancellation'],
  decide: ['cancel'],
};

/** The names of the actions that the next step asks for. */
export const actionsFor = (next: string | undefined): readonly string[] => firstFor[next as Next] ?? [];

/** The page of a referral with the form of one action unfolded. */
export const actAddress = (id: string, action: string): string => `/referrals/${id}?act=${action}`;
