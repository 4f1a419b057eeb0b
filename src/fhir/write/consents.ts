import type { CareTeam, Consent, ConsentProvision } from '@medplum/fhirtypes';
import type { ConsentFacts } from '../../access/consent/question.ts';
import type { Rid } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import { organizationOf } from './organizations.ts';
import { internal, type World } from './world.ts';

/** A Consent with what is known of it, and where it is stored. */
export interface StoredConsent extends ConsentFacts {
  rid: Rid;
}

/** All consents of a person, as the write leaves them. */
export async function consentsOf(patient: string, world: World, parts: Parts): Promise<StoredConsent[]> {
  const consents = (await world.referring('Consent', 'patient', `Patient/${patient}`)) as Consent[];
  const names = consents.map(({ id }) => `Consent/${id}`);
  const standing = await world.locate(names, internal(parts));
  const found = await Promise.all(
    consents.map(async (consent, index) => {
      const name = names[index] ?? '';
      const place = world.item(name) ?? standing.get(name);
      if (!place) return [];
      const facts = await consentFacts(consent, { patient, recorder: place.source, world });
      return [{ ...facts, rid: place.rid }];
    }),
  );
  return found.flat();
}

/** What is known of a Consent besides its text. */
export async function consentFacts(
  consent: Consent,
  of: {
    patient: string;
    recorder: string;
    world: Pick<World, 'get' | 'opensRecord'>;
  },
): Promise<ConsentFacts> {
  const { patient, recorder, world } = of;
  const references = [...new Set(referencesIn(consent))];
  const organizations = new Map<string, readonly string[]>();
  for (const reference of references) organizations.set(reference, await meant(reference, world));
  const recorderHolds = await world.opensRecord(patient, recorder);
  return { consent, recorder, recorderHolds, organizations };
}

/** Organizations (ids) that a Consent names, and the one that recorded it. */
export const namedOrganizations = ({ organizations, recorder }: ConsentFacts): string[] => [
  ...[...organizations.values()].flat(),
  recorder,
];

function referencesIn({ organization = [], provision }: Consent): string[] {
  const own = organization.flatMap(({ reference }) => reference ?? []);
  return [...own, ...actorsIn(provision)];
}

const actorsIn = (provision: ConsentProvision | undefined): string[] => [
  ...(provision?.actor ?? []).flatMap(({ reference }) => reference?.reference ?? []),
  ...(provision?.provision ?? []).flatMap(actorsIn),
];

/** An organization, one that a role or a service is of, or those of a care team's members. */
async function meant(reference: string, world: Pick<World, 'get'>): Promise<string[]> {
  if (!reference.startsWith('CareTeam/')) return present(await organizationOf(world, reference));
  const team = (await world.get(reference)) as CareTeam | undefined;
  if (team?.status !== 'active') return [];
  const members = (team.participant ?? []).flatMap(({ member, onBehalfOf }) => [member, onBehalfOf]);
  const found = await Promise.all(members.map(member => organizationOf(world, member?.reference)));
  return [...new Set(found.flatMap(present))];
}

const present = (organization: string | undefined): string[] =>
  organization === undefined ? [] : [organization];
