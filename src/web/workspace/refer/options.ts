import type { CodeableConcept, ServiceRequest } from '@medplum/fhirtypes';
import { canonical } from '../../../fhir/canonical.ts';
import type { Terminology } from '../../../fhir/terminology/terminology.ts';
import { concept, type Token, token, tokens, words } from '../../../referral/routing/codes.ts';
import { serviceTypes } from '../../../referral/routing/service-types.ts';

/** A code that one can choose, by its token in forms. */
export interface Option {
  token: Token;
  /** As the value set calls it for people to choose (a designation), else as its code system does. */
  label: string;
  concept: CodeableConcept;
}

/** The codes of one of the hub's value sets, as its site has them. */
export async function optionsOf(terminology: Terminology, valueSet: string): Promise<Option[]> {
  const found = await terminology.valueSet(`${canonical}/ValueSet/${valueSet}`);
  if (!found) throw new Error(`the hub has no value set ${valueSet}`);
  const { expansion } = await terminology.expand({ valueSet: found, includeDesignations: true });
  return (expansion?.contains ?? []).flatMap(({ system = '', code, display, designation }) => {
    if (code === undefined) return [];
    const official = display ?? code;
    const label = designation?.find(({ language }) => language === 'en')?.value ?? official;
    const coded = concept(system, code, official);
    const own = label === official ? coded : { ...coded, text: label };
    return [{ token: token({ system, code }) ?? code, label, concept: own }];
  });
}

/** Needs of one kind. */
export interface NeedGroup {
  title: string;
  options: Option[];
  /** Not among those that are shown at once. */
  folded?: true;
}

const groups = [
  { valueSet: 'referral-service', title: 'Care' },
  { valueSet: 'social-need', title: 'Everyday life' },
  { valueSet: 'directory-service-type', title: 'By kind of service', folded: true },
] as const;

/** What can be asked for: all that means a kind of service in the directory, as nothing else finds a place. */
export async function needGroups(terminology: Terminology): Promise<NeedGroup[]> {
  const all = await Promise.all(groups.map(({ valueSet }) => optionsOf(terminology, valueSet)));
  return groups.map(({ valueSet: _, ...group }, index) => ({
    ...group,
    options: (all[index] ?? []).filter(one => serviceTypes(asking(one.concept)).some(isServiceType)),
  }));
}

const asking = (code: CodeableConcept): ServiceRequest =>
  ({ resourceType: 'ServiceRequest', code }) as ServiceRequest;

const isServiceType = (one: Token): boolean =>
  one.startsWith('http://terminology.hl7.org/CodeSystem/service-type|');

/** What a request asks for in a code that is not offered here: it stays choosable. */
export function ownNeed(
  request: ServiceRequest | undefined,
  offered: readonly NeedGroup[],
): Option | undefined {
  const own = tokens(request?.code);
  const [first] = own;
  if (!request?.code || offered.some(({ options }) => options.some(one => own.includes(one.token))))
    return undefined;
  const coding = request.code.coding?.find(one => token(one) === first);
  const label = coding?.display ?? words(request.code) ?? 'As it is written';
  const { text: _, ...coded } = request.code;
  return { token: first ?? inWords, label, concept: first === undefined ? request.code : coded };
}

/** In the place of a token, for a need without a code. */
export const inWords = 'words';
