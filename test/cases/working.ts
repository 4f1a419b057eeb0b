import type { ParametersParameter } from '@medplum/fhirtypes';
import type { CaseParty, StateName } from './lifecycle.ts';
import type { Ask } from './lifecycle-asks.ts';

const code = (name: string, valueCode: string): ParametersParameter => ({ name, valueCode });
const text = (name: string, valueString: string): ParametersParameter => ({ name, valueString });
const comment = text('comment', 'In words.');

/** One operation, as a table of cases calls it. */
export interface Operation {
  name: string;
  by: Exclude<CaseParty, 'outsider'>;
  inputs: ParametersParameter[];
  /** What a plain client would send instead, where a change of the Task alone says it all. */
  plain?: Ask;
  /** Where it is open, and where it leads to. Everywhere else it is refused, or done already. */
  leads: Partial<Record<StateName, StateName>>;
  /** Where it has been done already: the answer is the Task as it is. */
  done?: readonly StateName[];
}

const atWork = ['accepted', 'started', 'scheduled', 'missed', 'visitCancelled', 'visited'] as const;
const underWay = [...atWork, 'resting', 'restingScheduled'] as const;
const sent = [
  'requested',
  ...underWay,
  'leaving',
  'rejected',
  'failed',
  'withdrawn',
  'cancelled',
  'cut',
  'completed',
  'error',
] as const;

const from = (states: readonly StateName[], to: StateName): Partial<Record<StateName, StateName>> =>
  Object.fromEntries(states.map(state => [state, to]));
const stays = (states: readonly StateName[]): Partial<Record<StateName, StateName>> =>
  Object.fromEntries(states.map(state => [state, state]));

/** Every operation of a referral in every state, written by hand from the published lifecycle. */
export const workings: readonly Operation[] = [
  {
    name: 'send',
    by: 'source',
    inputs: [],
    plain: 'send',
    leads: { draft: 'requested' },
    done: ['requested', 'unowned'],
  },
  {
    name: 'accept',
    by: 'target',
    inputs: [comment],
    plain: 'accept',
    leads: { requested: 'accepted' },
    done: ['accepted'],
  },
  {
    name: 'claim',
    by: 'target',
    inputs: [comment],
    plain: 'accept',
    leads: { unowned: 'accepted' },
    done: ['accepted'],
  },
  {
    name: 'decline',
    by: 'target',
    inputs: [code('reason', 'no-capacity')],
    plain: 'decline',
    leads: { requested: 'rejected' },
    done: ['rejected'],
  },
  {
    name: 'start',
    by: 'target',
    inputs: [],
    plain: 'start',
    leads: { accepted: 'started' },
    done: ['started'],
  },
  {
    name: 'ask',
    by: 'target',
    inputs: [text('text', 'Is there a risk assessment?')],
    leads: { requested: 'requested', accepted: 'started', started: 'started' },
  },
  { name: 'answer', by: 'source', inputs: [text('text', 'Yes.')], leads: {} },
  { name: 'message', by: 'source', inputs: [text('text', 'Hello.')], leads: stays(sent) },
  { name: 'message', by: 'target', inputs: [text('text', 'Hello.')], leads: stays(sent) },
  {
    name: 'schedule',
    by: 'target',
    inputs: [{ name: 'start', valueDateTime: '2026-05-06T15:00:00Z' }],
    plain: 'schedule',
    leads: from(atWork, 'scheduled'),
  },
  {
    name: 'no-show',
    by: 'target',
    inputs: [comment],
    plain: 'missVisit',
    leads: { scheduled: 'missed' },
    done: ['missed'],
  },
  {
    name: 'cancel-appointment',
    by: 'target',
    inputs: [comment],
    plain: 'cancelVisit',
    leads: from(['scheduled', 'missed', 'visited'], 'visitCancelled'),
    done: ['visitCancelled'],
  },
  { name: 'keep', by: 'target', inputs: [comment], plain: 'recordVisit', leads: from(atWork, 'visited') },
  {
    name: 'contact-attempt',
    by: 'target',
    inputs: [code('medium', 'PHONE'), code('outcome', 'no-answer')],
    leads: {
      ...stays(underWay),
      accepted: 'started',
    },
  },
  {
    name: 'hold',
    by: 'target',
    inputs: [code('reason', 'waitlist')],
    plain: 'hold',
    leads: { ...from(atWork, 'resting'), scheduled: 'restingScheduled' },
    done: ['resting', 'restingScheduled'],
  },
  {
    name: 'resume',
    by: 'target',
    inputs: [],
    plain: 'start',
    leads: { resting: 'started', restingScheduled: 'scheduled' },
  },
  {
    name: 'redirect',
    by: 'target',
    inputs: [{ name: 'to', valueReference: { reference: 'Organization/outsider' } }],
    leads: { requested: 'rejected', ...from(underWay, 'withdrawn') },
  },
  {
    name: 'transfer',
    by: 'target',
    inputs: [{ name: 'to', valueReference: { reference: 'Organization/outsider' } }],
    leads: stays(underWay),
  },
  {
    name: 'complete',
    by: 'target',
    inputs: [code('closure', 'engaged'), code('received', 'yes'), comment],
    plain: 'complete',
    leads: { ...from([...underWay, 'leaving'], 'completed'), cut: 'cut' },
    done: ['completed'],
  },
  {
    name: 'fail',
    by: 'target',
    inputs: [code('reason', 'clinical-mismatch')],
    plain: 'fail',
    leads: from(underWay, 'failed'),
    done: ['failed'],
  },
  {
    name: 'withdraw',
    by: 'target',
    inputs: [code('reason', 'no-capacity')],
    plain: 'cancel',
    leads: from(underWay, 'withdrawn'),
    done: ['withdrawn'],
  },
  {
    name: 'cancel',
    by: 'source',
    inputs: [comment],
    leads: { requested: 'cancelled', unowned: 'cancelled', ...from(underWay, 'leaving') },
    done: ['leaving', 'cancelled', 'cut'],
  },
  {
    name: 'cancel',
    by: 'source',
    inputs: [comment, { name: 'at-once', valueBoolean: true }],
    plain: 'cancel',
    leads: { requested: 'cancelled', unowned: 'cancelled', ...from([...underWay, 'leaving'], 'cut') },
    done: ['cancelled', 'cut'],
  },
  {
    name: 'confirm-cancellation',
    by: 'target',
    inputs: [],
    plain: 'cancel',
    leads: { leaving: 'cancelled' },
    done: ['cancelled', 'cut'],
  },
  {
    name: 'mark-error',
    by: 'source',
    inputs: [text('comment', 'Another person was meant.')],
    plain: 'markError',
    leads: from(['draft', 'unowned', ...sent.filter(one => one !== 'error')], 'error'),
    done: ['error'],
  },
];
