import type { Consent, ConsentProvision, Organization, Reference } from '@medplum/fhirtypes';
import { evaluate } from '../../../../access/consent/evaluate.ts';
import { type ConsentPolicy, hubPurpose } from '../../../../access/consent/policy.ts';
import { type Label, labels, labelsAmong } from '../../../../access/labels.ts';
import { agreed } from '../words.ts';

/** What a consent comes to, for people. */
export interface ConsentWords {
  id: string;
  state: ConsentState;
  /** What it means now. */
  sentence: string;
  /** Why it does not do what it looks like. */
  why?: string;
  /** Until when, where it is in force; since when it is over, where it is not. */
  until?: Date;
}

export type ConsentState = 'active' | 'expired' | 'revoked' | 'not-yet' | 'proposed';

/** Restricted records, as one speaks of them. */
export const labelWords: Readonly<Record<Label, string>> = {
  SUD: 'substance-use records',
  ETH: 'records of alcohol or drug use',
  ETHUD: 'records of alcohol use',
  PSYTHPN: 'counseling notes',
  SDV: 'records of domestic violence',
  HIV: 'HIV records',
};

interface Known {
  patient: string;
  /** Organization that keeps the record. */
  keeper: string;
  now: Date;
  policy: ConsentPolicy;
  get(reference: Reference): Organization | undefined;
}

/** What each consent means, those in force first. */
export function consentWords(
  consents: readonly { consent: Consent; recorder: string }[],
  known: Known,
): ConsentWords[] {
  const order: readonly ConsentState[] = ['active', 'not-yet', 'proposed', 'expired', 'revoked'];
  return consents
    .filter(({ consent }) => consent.status !== 'entered-in-error')
    .map(one => wordsFor(one, known))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

/** Labels of records that are among those of another, for who speaks of all of them. */
const within: Partial<Record<Label, Label>> = { ETH: 'SUD', ETHUD: 'SUD' };

/** What is never shown where no consent names it. */
export function withoutConsent({ needs }: Pick<ConsentPolicy, 'needs'>): string {
  const kept = labels.filter(label => needs[label] !== 'treating' && !(label in within));
  return `Without a consent that names who may see them, these are not shared with anybody: ${agreed(kept.map(label => labelWords[label]))}.`;
}

function wordsFor({ consent, recorder }: { consent: Consent; recorder: string }, known: Known): ConsentWords {
  const { now, policy } = known;
  const end = endOf(consent, policy);
  const state = stateOf(consent, { end, now, policy });
  const about = labelsOf(consent.provision).map(label => labelWords[label]);
  const records = about.length > 0 ? agreed(about) : 'no restricted records';
  const who = recipientsOf(consent.provision, known);
  const names = who.length > 0 ? agreed(who.map(({ name }) => name)) : 'nobody by name';
  const common = { id: consent.id ?? '', state, ...(end === undefined ? {} : { until: new Date(end) }) };
  if (state === 'expired')
    return { ...common, sentence: `It has expired: ${records} are no longer shared with ${names} by it.` };
  if (state === 'revoked') return { ...common, sentence: `It was withdrawn: nothing is shared by it.` };
  if (state === 'proposed') return { ...common, sentence: 'It is not signed yet: nothing is shared by it.' };
  if (state === 'not-yet')
    return { ...common, sentence: `It is not in force yet: ${records}, for ${names}.` };
  return { ...common, ...inForce(consent, { recorder, who, records, names }, known) };
}

interface Meant {
  recorder: string;
  who: readonly Recipient[];
  records: string;
  names: string;
}

/** What the hub itself decides by this consent alone: never more than it would show. */
function inForce(consent: Consent, meant: Meant, known: Known): Pick<ConsentWords, 'sentence' | 'why'> {
  const { recorder, who, records, names } = meant;
  const { patient, keeper, policy, now } = known;
  const organizations = new Map(referencesIn(consent).map(one => [one, [one.split('/')[1] ?? '']]));
  const facts = { consent, recorder, recorderHolds: recorder === keeper, organizations };
  const asked = labelsOf(consent.provision);
  const decisions = who.flatMap(({ id }) =>
    evaluate(
      [facts],
      {
        patient,
        recipient: { organization: id, treats: false },
        discloser: recorder,
        purpose: hubPurpose,
        labels: asked,
        now: now.getTime(),
      },
      policy,
    ),
  );
  if (consent.provision?.type === 'deny' && asked.length > 0)
    return { sentence: `${capital(records)} are not shared with ${who.length > 0 ? names : 'anybody'}.` };
  const permits = decisions.length > 0 && decisions.every(({ decision }) => decision === 'permit');
  if (permits)
    return { sentence: `${capital(records)} are shared with ${names}, for treatment and coordination.` };
  const why = decisions.find(({ decision }) => decision === 'deny')?.because;
  return {
    sentence: `It names ${records} and ${names}, but does not let all of it be shared.`,
    ...(why ? { why } : {}),
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function stateOf(
  { status, provision }: Consent,
  { end, now, policy }: { end: number | undefined; now: Date; policy: ConsentPolicy },
): ConsentState {
  if (status === 'inactive' || status === 'rejected') return 'revoked';
  if (status === 'draft' || status === 'proposed') return 'proposed';
  if (end !== undefined && end < now.getTime()) return 'expired';
  const start = provision?.period?.start;
  const begins = start === undefined ? undefined : policy.readDate(start);
  return begins && begins.lo > now.getTime() ? 'not-yet' : 'active';
}

function endOf({ provision }: Consent, policy: ConsentPolicy): number | undefined {
  const end = provision?.period?.end;
  return end === undefined ? undefined : policy.readDate(end)?.hi;
}

function labelsOf(provision: ConsentProvision | undefined): Label[] {
  const inner = (provision?.provision ?? []).flatMap(labelsOf);
  return [...new Set([...labelsAmong(provision?.securityLabel), ...inner])];
}

/** Every organization that it names in any role. */
function referencesIn({ organization = [], provision }: Consent): string[] {
  const inside = (one: ConsentProvision | undefined): string[] => [
    ...(one?.actor ?? []).flatMap(({ reference }) => reference?.reference ?? []),
    ...(one?.provision ?? []).flatMap(inside),
  ];
  const all = [...organization.flatMap(({ reference }) => reference ?? []), ...inside(provision)];
  return all.filter(reference => reference.startsWith('Organization/'));
}

interface Recipient {
  reference: string;
  id: string;
  name: string;
}

/** The organizations that it names, but the hub as the one in between. */
function recipientsOf(provision: ConsentProvision | undefined, known: Known): Recipient[] {
  const own = (provision?.actor ?? []).flatMap(({ reference, role }) => {
    const [type, id] = reference?.reference?.split('/') ?? [];
    const gives = role.coding?.some(({ code }) => code === 'CST');
    if (type !== 'Organization' || !id || !reference?.reference || gives || id === known.policy.hub)
      return [];
    return [
      { reference: reference.reference, id, name: known.get(reference)?.name ?? reference.display ?? id },
    ];
  });
  const inner = (provision?.provision ?? []).flatMap(one => recipientsOf(one, known));
  return [...new Map([...own, ...inner].map(one => [one.id, one])).values()];
}
