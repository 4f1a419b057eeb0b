import type { Priority } from '../../referral/lifecycle/due.ts';
import { Mark } from './mark.tsx';

/** What an urgency is called (https://hl7.org/fhir/R4/valueset-request-priority.html). */
export const urgencyWords: Record<Priority, string> = {
  routine: 'Routine',
  urgent: 'Urgent',
  asap: 'As soon as possible',
  stat: 'At once',
};

/** How urgent something is, where it is more than routine. */
export const Urgency = ({ of }: { of: Priority }) =>
  of === 'routine' ? null : (
    <Mark tone={of === 'urgent' ? 'attention' : 'late'} icon={of === 'urgent' ? 'clock' : 'flame'}>
      {urgencyWords[of]}
    </Mark>
  );
