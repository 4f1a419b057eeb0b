import type { Priority } from '../../lifecycle/due.ts';

/** Which of the two sets of weights a priority takes. */
export type Pace = 'routine' | 'urgent';

export function paceOf(priority: Priority): Pace {
  return priority === 'routine' ? 'routine' : 'urgent';
}
