import { partWay } from '../../src/referral/clocks/part-way.ts';
import { dueRules } from '../../src/referral/lifecycle/due.ts';
import type { Sent } from './deeds.ts';
import { numbersOf } from './distributions.ts';
import { around, normal } from './draw.ts';
import type { Network } from './network.ts';
import type { Referral } from './referrals.ts';
import type { Service } from './services.ts';

const answering = numbersOf('answerHours', 'withinPlace', 'urgent');
const reminder = numbersOf('answeredAfterReminder', 'share');

/** When a place answers a message of a moment, the first of a round or after a reminder; undefined: it does not. */
export function answersAt(
  { draw, time: business }: Network,
  { referral, round }: Sent,
  { place: { truth, index } }: Service,
  { from, time }: { from: number; time: 1 | 2 },
): number | undefined {
  const keys = [referral.index, index, round, time] as const;
  const likely = truth.answers * (time === 1 ? 1 : reminder.share);
  if (truth.closed || draw(time === 1 ? 'answered' : 'reminded', ...keys) >= likely) return undefined;
  const urgent = referral.priority === 'urgent' ? answering.urgent : 1;
  const hours = around(truth.answerHours, answering.withinPlace, normal(draw, 'answerTime', ...keys));
  return business.after(from, hours * urgent);
}

/** When the hub reminds of an offer: half of its time is over, as that time is counted. */
export function remindsAt({ priority }: Referral, from: number, until: number): number {
  const counted = dueRules.actions.answer[priority];
  return partWay(0.5, [new Date(from), new Date(until)], counted, dueRules).getTime();
}
