import type { Consent, Organization } from '@medplum/fhirtypes';
import type { ConsentFacts } from '../../access/consent/question.ts';
import { type Rows, rowsOfConsents } from '../../access/consent/rows.ts';
import { HubError } from '../../errors.ts';
import { isTreatingProvider } from '../../referral/treating-provider.ts';
import type { Expectation, Links } from '../../store/types.ts';
import { type Parts, parameterNumber } from '../parts.ts';
import { consentsOf, namedOrganizations, type StoredConsent } from './consents.ts';
import { type Item, writes } from './item.ts';
import type { World } from './world.ts';
import { internal } from './world.ts';

/**
 * What the consents of the persons concerned clear, when this write changes a consent or a care team that one
 * names. All consents of a person are decided together: a denial of one takes from another's permit.
 */
export async function clearancesOf(
  world: World,
  parts: Parts,
): Promise<{ links: Links[]; expect: Expectation[] }> {
  const result: { links: Links[]; expect: Expectation[] } = { links: [], expect: [] };
  for (const patient of await patientsConcerned(world)) {
    const { links, expect } = await ofPatient(patient, world, parts);
    result.links.push(...links);
    result.expect.push(...expect);
  }
  return result;
}

async function patientsConcerned(world: World): Promise<Set<string>> {
  const patients = new Set<string>();
  const add = (consent: Consent | undefined) => {
    const [type, id] = consent?.patient?.reference?.split('/') ?? [];
    if (type === 'Patient' && id) patients.add(id);
  };
  for (const item of world.items.filter(writes)) {
    if (item.type === 'Consent') {
      add(item.before as Consent | undefined);
      add(item.after as Consent | undefined);
    }
    if (item.type !== 'CareTeam' || !item.located) continue;
    for (const consent of await world.referring('Consent', 'actor', `CareTeam/${item.id}`))
      add(consent as Consent);
  }
  return patients;
}

async function ofPatient(patient: string, world: World, parts: Parts) {
  const consents = await consentsOf(patient, world, parts);
  refuseTooMany(consents);
  const rows = rowsOfConsents(
    consents,
    { patient, now: parts.clock.now().getTime(), treating: await treatingAmong(consents, world) },
    parts.privacy.consents,
  );
  const gone = world.items.filter(item => isGone(item, patient)).map(item => item.rid);
  const person = (await world.locate([`Patient/${patient}`], internal(parts))).get(`Patient/${patient}`);
  const links = [
    ...gone.map(via => ({ via, relations: [], parties: [], clearances: [] })),
    ...consents.map(consent => linkOf(consent, rows, patient)),
  ];
  const known = [...consents.map(({ rid }) => rid), ...gone];
  return { links, expect: person ? [nobodyElse(person.rid, known, parts)] : [] };
}

/** What is decided over all consents of a person does not hold when another one has come meanwhile. */
const nobodyElse = (target: number, except: readonly number[], parts: Parts): Expectation => ({
  kind: 'no-match',
  condition: parts.store.otherReferrers(
    { param: parameterNumber(parts, 'Consent', 'patient'), target },
    except,
  ),
});

/** The consent is deleted, or about somebody else from now on. */
const isGone = (item: Item, patient: string): boolean =>
  item.type === 'Consent' &&
  writes(item) &&
  (item.before as Consent | undefined)?.patient?.reference === `Patient/${patient}` &&
  (item.after as Consent | undefined)?.patient?.reference !== `Patient/${patient}`;

function linkOf({ consent, rid }: StoredConsent, rows: Rows, patient: string): Links {
  const cleared = rows.get(`Consent/${consent.id}`) ?? [];
  const clearances = cleared.map(row => ({ patient, ...row }));
  return { via: rid, relations: [], parties: [], clearances };
}

async function treatingAmong(facts: readonly ConsentFacts[], world: World): Promise<Set<string>> {
  const organizations = [...new Set(facts.flatMap(namedOrganizations))];
  const found = await Promise.all(organizations.map(id => world.get(`Organization/${id}`)));
  const treating = organizations.filter((_, index) => {
    const organization = found[index];
    return organization !== undefined && isTreatingProvider(organization as Organization);
  });
  return new Set(treating);
}

/** A person has a handful of consents; each more makes every change of one costlier to decide. */
const most = 30;

function refuseTooMany(facts: readonly ConsentFacts[]): void {
  const active = facts.filter(({ consent }) => consent.status === 'active');
  const actors = new Set(active.flatMap(namedOrganizations));
  if (active.length <= most && actors.size <= most) return;
  throw new HubError('unprocessable', {
    text: `At most ${most} active consents of one person, naming at most ${most} organizations, are read together: set those that no longer matter to inactive.`,
    expression: 'Consent.status',
    code: 'too-costly',
  });
}
