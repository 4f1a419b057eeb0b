import type { WriteRule } from '../fhir/write/rules.ts';
import type { Calendar } from '../referral/clocks/calendar.ts';
import { answerRule, reopenRule } from '../referral/eligibility/reopen.ts';
import { instrumentRule } from './instruments/instrument-rule.ts';

/** The rules of the write path that keep what was worked out of a person's facts in step with them. */
export const careRules = (times: Calendar): readonly WriteRule[] => [
  reopenRule,
  answerRule,
  instrumentRule(times),
];
