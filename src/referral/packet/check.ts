import type { Resource } from '@medplum/fhirtypes';
import { dateOf, matches } from './matches.ts';
import type { Need } from './needs.ts';

export interface Checked {
  need: Need;
  /** `held`: the caller has it, but has not attached it. */
  status: 'attached' | 'held' | 'missing';
  /** What it rests on: resources that are attached, or could be. */
  evidence: readonly Resource[];
}

/** What a person's packet is made of. */
export interface Material {
  /** `Patient/id`. */
  patient: string;
  attached: readonly Resource[];
  /** What could be attached besides. */
  held?: readonly Resource[];
  now: Date;
}

/** Each need, compared with what is attached and with what could be. */
export function checkPacket(needs: readonly Need[], material: Material): readonly Checked[] {
  return needs.map(need => {
    const attached = satisfying(need, material.attached, material);
    if (attached.length) return { need, status: 'attached', evidence: attached };
    const held = satisfying(need, material.held ?? [], material);
    return held.length ? { need, status: 'held', evidence: held } : { need, status: 'missing', evidence: [] };
  });
}

/** Nothing that a referral is not sent without is missing, or only with a reason. */
export const isComplete = (checked: readonly Checked[]): boolean =>
  checked.every(({ need, status }) => status === 'attached' || need.strength === 'welcome');

const satisfying = (need: Need, resources: readonly Resource[], material: Material): Resource[] =>
  resources.filter(
    one =>
      isAbout(one, material.patient) &&
      need.is.some(matcher => matches(one, matcher)) &&
      isFresh(one, need.withinDays, material.now),
  );

/** A document about somebody else is no part of this packet. */
function isAbout(resource: Resource, patient: string): boolean {
  if (resource.resourceType === 'Patient') return `Patient/${resource.id}` === patient;
  const { subject, patient: person, beneficiary } = resource as unknown as Record<string, Named | undefined>;
  const named = (subject ?? person ?? beneficiary)?.reference;
  return named === undefined || named.split('/_history')[0] === patient;
}

interface Named {
  reference?: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Where an age is asked for, what does not say of when it is does not count. */
function isFresh(resource: Resource, days: number | undefined, now: Date): boolean {
  if (days === undefined) return true;
  const date = Date.parse(dateOf(resource) ?? '');
  return !Number.isNaN(date) && now.getTime() - date <= days * dayMs;
}
