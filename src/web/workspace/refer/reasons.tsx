import type { Reason } from '../../../referral/routing/rank.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { type Weight, weightOf } from './judged.ts';

const marks: Record<Weight, { icon: IconName; label: string }> = {
  for: { icon: 'check', label: 'Speaks for it:' },
  open: { icon: 'info', label: 'Neither for nor against it:' },
  against: { icon: 'circle-alert', label: 'Speaks against it:' },
};

/** Reasons in words, each with how much it speaks for a place. */
export const Reasons = ({ reasons }: { reasons: readonly Reason[] }) => (
  <ul class="reasons">
    {reasons.map(reason => (
      <li class={weightOf(reason)}>
        <Weighed reason={reason} />
      </li>
    ))}
  </ul>
);

/** One reason, with its mark. */
export function Weighed({ reason }: { reason: Reason }) {
  const { icon, label } = marks[weightOf(reason)];
  return (
    <>
      <Icon name={icon} label={label} /> <span>{reason.words}</span>
    </>
  );
}
