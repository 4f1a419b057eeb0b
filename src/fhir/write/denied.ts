import type { Organization } from '@medplum/fhirtypes';
import { evaluate } from '../../access/consent/evaluate.ts';
import { hubPurpose } from '../../access/consent/policy.ts';
import type { ConsentFacts, Decision } from '../../access/consent/question.ts';
import { labelsIn, maskOf } from '../../access/labels.ts';
import { isTreatingProvider } from '../../referral/treating-provider.ts';
import type { Parts } from '../parts.ts';
import type { World } from './world.ts';

/** What somebody would be asked with. */
export interface Carried {
  patient: string;
  /** Restricted labels as a bit mask. */
  labels: number;
  /** Organization (id) whose information it is. */
  discloser: string;
}

/** The labels that an organization would not be shown if it were asked, each with the reason in words. */
export async function deniedTo(
  target: string,
  { patient, labels: carried, discloser }: Carried,
  consents: readonly ConsentFacts[],
  { world, parts }: { world: World; parts: Parts },
): Promise<Decision[]> {
  const { hubReceives } = parts.privacy.consents;
  const received = target === parts.hubOrganization ? maskOf(hubReceives) : 0;
  const labels = labelsIn(carried & ~received);
  if (labels.length === 0) return [];
  const now = parts.clock.now().getTime();
  const denied = (treats: boolean): Decision[] => {
    const recipient = { organization: target, treats };
    const question = { patient, recipient, discloser, purpose: hubPurpose, labels, now };
    return evaluate(consents, question, parts.privacy.consents).filter(({ decision }) => decision === 'deny');
  };
  const [stranger, treating] = [denied(false), denied(true)];
  // Mostly it makes no difference whether it treats the person, and need not be read.
  if (namesOf(stranger) === namesOf(treating)) return stranger;
  return (await treats(target, patient, world)) ? treating : stranger;
}

const namesOf = (decisions: readonly Decision[]): string => decisions.map(({ label }) => label).join(' ');

/** A treating provider relationship: a treating provider that has the record already. */
async function treats(organization: string, patient: string, world: World): Promise<boolean> {
  const found = (await world.get(`Organization/${organization}`)) as Organization | undefined;
  return found !== undefined && isTreatingProvider(found) && (await world.opensRecord(patient, organization));
}
