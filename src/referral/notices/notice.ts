import type { Communication } from '@medplum/fhirtypes';
import { canonical, system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';

export const noticeCategory = { system: `${canonical}/CodeSystem/communication-category`, code: 'notice' };

/**
 * A notice to one person that something waits for them. It names nobody and says nothing of anyone's health; it is
 * made once for each occasion, and mailed by the outbox.
 */
export function noticeTo(role: string, occasion: string, hub: string, now: Date): WriteOperation {
  const value = `notice/${occasion}/${role}`;
  const resource: Communication = {
    resourceType: 'Communication',
    identifier: [{ system: system.hubIdentifier, value }],
    status: 'preparation',
    category: [{ coding: [noticeCategory] }],
    sender: { reference: `Organization/${hub}` },
    recipient: [{ reference: `PractitionerRole/${role}` }],
    sent: now.toISOString(),
  };
  const ifNoneExist = new URLSearchParams({ identifier: `${system.hubIdentifier}|${value}` });
  return { kind: 'create', resource, ifNoneExist: ifNoneExist.toString() };
}

export function isNotice({ category = [] }: Communication): boolean {
  const { system: of, code } = noticeCategory;
  return category.some(({ coding = [] }) => coding.some(one => one.system === of && one.code === code));
}
