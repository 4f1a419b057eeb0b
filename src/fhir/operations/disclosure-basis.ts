import type { Communication, Consent, Organization } from '@medplum/fhirtypes';
import { evaluate } from '../../access/consent/evaluate.ts';
import { hubPurpose } from '../../access/consent/policy.ts';
import type { ConsentFacts } from '../../access/consent/question.ts';
import { isEmergencyAccess, ofEmergency } from '../../access/emergency.ts';
import { labelsIn } from '../../access/labels.ts';
import { isTreatingProvider } from '../../referral/treating-provider.ts';
import { type Parts, parameterNumber } from '../parts.ts';
import { consentFacts } from '../write/consents.ts';
import { createWorld, internal, type World } from '../write/world.ts';

/** What a disclosure rested on: a Consent or an emergency access by name, and in words. */
export interface Basis {
  reference?: string;
  words: string;
}

export interface Shown {
  at: number;
  recipient: string;
  /** Organization whose resource it was. */
  owner: string;
  label: number;
}

/** A version of a Consent and since when it held. */
interface Dated {
  from: number;
  consent: Consent;
  recorder: string;
}

/** Finds the grounds of disclosures of one person's resources, from the consents as they stood at the time. */
export function basisFinder(parts: Parts, patient: string): (shown: Shown) => Promise<Basis> {
  const world = createWorld(parts);
  let histories: Promise<Dated[][]> | undefined;
  let emergencies: Promise<Communication[]> | undefined;
  return async shown => {
    emergencies ??= emergenciesOf(world, patient);
    const emergency = (await emergencies).find(one => covers(one, shown));
    if (emergency)
      return { reference: `Communication/${emergency.id}`, words: 'It was opened in an emergency.' };
    if (shown.label === 0) return { words: 'Part of a referral or of shared care; no label restricts it.' };
    histories ??= consentsOverTime(parts, patient);
    return underConsent(await histories, shown, { parts, world, patient });
  };
}

async function emergenciesOf(world: World, patient: string): Promise<Communication[]> {
  const found = (await world.referring('Communication', 'subject', `Patient/${patient}`)) as Communication[];
  return found.filter(isEmergencyAccess);
}

function covers(access: Communication, { at, recipient }: Shown): boolean {
  const [relation] = ofEmergency(access).relations;
  const from = Date.parse(access.sent ?? '');
  return relation?.org === recipient && from <= at && (relation.ends === null || at < relation.ends);
}

/** Every version of each of the person's Consents. */
async function consentsOverTime(parts: Parts, patient: string): Promise<Dated[][]> {
  const filter = internal(parts);
  const param = parameterNumber(parts, 'Consent', 'patient');
  const [person] = await parts.store.locate([{ type: 'Patient', id: patient }], filter);
  if (!person) return [];
  const page = await parts.store.search(
    {
      types: ['Consent'],
      filters: [{ kind: 'reference', param, any: [person.rid] }],
      sort: [{ kind: 'id', descending: false }],
      count: 1000,
      total: 'none',
    },
    filter,
  );
  return Promise.all(
    page.entries.map(async ({ id, source }) => {
      const versions = await parts.store.history({ type: 'Consent', id, count: 1000 }, filter);
      return versions.flatMap(({ at, body }) =>
        body ? [{ from: at, consent: JSON.parse(body) as Consent, recorder: source }] : [],
      );
    }),
  );
}

async function underConsent(
  histories: readonly Dated[][],
  { at, recipient, owner, label }: Shown,
  { parts, world, patient }: { parts: Parts; world: World; patient: string },
): Promise<Basis> {
  const then: ConsentFacts[] = [];
  for (const versions of histories) {
    // Newest first: what held at the time is the first one that is not later.
    const held = versions.find(({ from }) => from <= at);
    if (!held) continue;
    const facts = await consentFacts(held.consent, { patient, recorder: held.recorder, world });
    then.push({ ...facts, recorderHolds: true });
  }
  const organization = (await world.get(`Organization/${recipient}`)) as Organization | undefined;
  const treats = organization !== undefined && isTreatingProvider(organization);
  const decisions = evaluate(
    then,
    {
      patient,
      recipient: { organization: recipient, treats },
      discloser: owner,
      purpose: hubPurpose,
      labels: labelsIn(label),
      now: at,
    },
    parts.privacy.consents,
  );
  const consent = decisions.find(({ decision }) => decision === 'permit')?.consent;
  const words = decisions.map(({ because }) => because).join(' ');
  return consent ? { reference: consent, words } : { words };
}
