import type { Procedure, Task } from '@medplum/fhirtypes';
import { canonical, system } from '../../src/fhir/canonical.ts';
import { codingOf, type StepCode } from '../../src/referral/lifecycle/steps.ts';
import { reference } from '../harness/referral.ts';
import type { Ability, Deeds } from './participant.ts';

const at = (step: StepCode): Partial<Task> => ({
  status: 'in-progress',
  businessStatus: { coding: [codingOf(step)] },
});
const because = (code: string, text: string): Partial<Task> => ({
  statusReason: { coding: [{ system: system.declineReason, code }], text },
});
const ofVisit = { missed: '5.1.2', kept: '5.1.4' } as const;
const hour = 3_600_000;

/** What came of it, written down where the organization works. */
export const procedure = (able: Ability, what: string): Promise<Procedure & { id: string }> =>
  able.makes<Procedure>({
    resourceType: 'Procedure',
    status: 'completed',
    subject: { reference: `Patient/${able.person().id}` },
    code: { text: what },
  });

/** As a client that knows FHIR and Gravity's or BSeR's guide, and nothing of the hub. */
export function byPlainWrites(able: Ability): Deeds {
  const own = async (to: Partial<Task>) => able.puts(await able.asked(), to);
  const sent = async (to: Partial<Task>) => able.puts(await able.asking(), to);
  const adds = ({ note = [] }: Task, text: string) => [
    ...note,
    { authorReference: { reference: able.organization }, text },
  ];
  return {
    accepts: () => own({ status: 'accepted' }),
    declines: (reason, text) => own({ status: 'rejected', ...because(reason, text) }),
    redirects: (to, text) =>
      own({
        status: 'rejected',
        ...because('redirected', text),
        output: [
          {
            type: { coding: [{ system: `${canonical}/CodeSystem/referral-output`, code: 'redirected-to' }] },
            valueReference: { reference: to.organization },
          },
        ],
      }),
    schedules: start => {
      const end = new Date(Date.parse(start) + hour).toISOString();
      return own({ ...at('5.1.1'), executionPeriod: { start, end } });
    },
    reports: visit => own(at(ofVisit[visit])),
    waitlists: text =>
      own({
        status: 'on-hold',
        statusReason: { coding: [{ system: `${canonical}/CodeSystem/hold-reason`, code: 'waitlist' }], text },
      }),
    resumes: () => own({ status: 'in-progress' }),
    cannotReach: text => own({ status: 'failed', ...because('unable-to-contact', text) }),
    async completes(what) {
      const activity = reference(await procedure(able, what));
      const output = [{ type: { text: 'resulting activity' }, valueReference: activity }];
      return own({ status: 'completed', output });
    },
    async asksBack(question) {
      const task = await able.asked();
      const asked = { system: system.referralStatus, code: 'info-requested' };
      return able.puts(task, {
        businessStatus: { coding: [codingOf('2.0'), asked] },
        note: adds(task, question),
      });
    },
    async answers(text) {
      const task = await able.asking();
      return able.puts(task, { note: adds(task, text) });
    },
    asksToCancel: () => sent(at('5.2')),
    cancelsAtOnce: text => sent({ status: 'cancelled', statusReason: { text } }),
    confirmsCancellation: () => own({ status: 'cancelled' }),
  };
}
