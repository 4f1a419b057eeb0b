import type { Organization, PractitionerRole, ServiceRequest, Task } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { timeZoneOf } from '../clocks/time-zone.ts';
import { nextStepOf } from '../lifecycle/next-step.ts';
import { requestOf } from '../lifecycle/referral-task.ts';
import { noticeTag } from '../notices/wishes.ts';
import type { RoutingReader } from '../routing/reader.ts';
import type { Waiting } from './plan.ts';

/** What is read to say who is told that a referral waits; undefined where nobody's turn is written on the Task. */
export async function gatherWaiting(reader: RoutingReader, task: Task): Promise<Waiting | undefined> {
  const step = nextStepOf(task);
  const organization = step && (await reader.read<Organization>(`Organization/${step.turn}`));
  if (!step || !organization) return undefined;
  const of = `organization=Organization/${step.turn}&active:not=false`;
  const roles = (more: string) => reader.search<PractitionerRole>('PractitionerRole', `${of}&${more}`);
  const [request, wishing, supervisors] = await Promise.all([
    reader.read<ServiceRequest>(requestOf(task) ?? ''),
    roles(`_tag=${noticeTag}|at-once`),
    roles(`role=${system.personRole}|supervisor`),
  ]);
  return {
    task,
    step,
    request,
    organization,
    timeZone: timeZoneOf(organization),
    wishing: ids(wishing),
    supervisors: ids(supervisors),
  };
}

const ids = (roles: readonly PractitionerRole[]): string[] =>
  roles.flatMap(({ id }) => (id === undefined ? [] : [id]));
