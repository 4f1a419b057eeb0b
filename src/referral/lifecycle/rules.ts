import { followUpRule } from '../../care/follow-up/rule.ts';
import { guideViewRule } from '../../exchange/hsds/guide/view-rule.ts';
import type { WriteRule } from '../../fhir/write/rules.ts';
import { boundaryRule } from '../boundary-rule.ts';
import { duplicateRule } from '../intake/duplicate-rule.ts';
import { needRule } from '../packet/need-rule.ts';
import { packetRule } from '../packet/packet-rule.ts';
import { labelRule } from '../routing/label-rule.ts';
import { routingRule } from '../routing/routing-rule.ts';
import { careManagerRule } from '../standing/care-manager.ts';
import { messageRule } from '../working/message-rule.ts';
import { type DueRules, dueRules } from './due.ts';
import { requestRule } from './request-rule.ts';
import { taskRule } from './task-rule.ts';

/** The rules of the write path that make Tasks and ServiceRequests a referral. */
export function referralRules(options: { due?: DueRules } = {}): WriteRule[] {
  const rules = options.due ?? dueRules;
  return [
    taskRule(rules),
    duplicateRule,
    requestRule(rules),
    packetRule,
    needRule,
    boundaryRule,
    routingRule(rules),
    careManagerRule,
    messageRule,
    followUpRule(rules),
    guideViewRule,
    // After those that change what the hub has made for other reasons.
    labelRule,
  ];
}
