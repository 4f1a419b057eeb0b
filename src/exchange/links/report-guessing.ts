import type { Task } from '@medplum/fhirtypes';
import type { Guessing } from '../../auth/links/guessing.ts';
import { hubTaskSystem } from '../../events/park.ts';
import { system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';

/** The Task that tells the operator that links are being guessed; one open Task for each network. */
export function reportGuessing(
  { network, tries }: Guessing,
  now: Date,
  hubOrganization: string,
): WriteOperation {
  const hub = { reference: `Organization/${hubOrganization}` };
  const value = `link-guessing/${network}`;
  const resource: Task = {
    resourceType: 'Task',
    identifier: [{ system: system.hubIdentifier, value }],
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: hubTaskSystem, code: 'link-guessing', display: 'Links are being guessed' }] },
    description: `${tries} wrong links were tried from ${network} and are now held up. Look into the audit, and shut the network out where it goes on.`,
    authoredOn: now.toISOString(),
    requester: hub,
    owner: hub,
  };
  const ifNoneExist = new URLSearchParams({
    identifier: `${system.hubIdentifier}|${value}`,
    status: 'requested',
  });
  return { kind: 'create', resource, ifNoneExist: ifNoneExist.toString() };
}
