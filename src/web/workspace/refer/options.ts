import type { CodeableConcept, ServiceRequest } from '@medplum/fhirtypes';
import { canonical } from '../../../fhir/canonical.ts';
import type { Terminology } from '../../../fhir/terminology/terminology.ts';
import { concept, type Token, token, tokens, words } from '../../../referral/routing/codes.ts';
import { serviceTypes } from '../../../referral/routing/service-types.ts';

/** A code that one can choose, by its token in forms. */
export interface Option {
  token: Token;
  label: string;
  concept: CodeableConcept;
}

/** The codes of one of the hub's value sets, as its site has them. */
export async function optionsOf(terminology: Terminology, valueSet: string): Promise<Option[]> {
  const found = await terminology.valueSet(`${canonical}/ValueSet/${valueSet}`);
  if (!found) throw new Error(`the hub has no value set ${valueSet}`);
  const { expansion } = await terminology.expand({ valueSet: found });
  return (expansion?.contains ?? []).flatMap(({ system = '', code, display }) => {
    if (code === undefined) return [];
    const label = display ?? code;
    return [{ token: token({ system, code }) ?? code, label, concept: concept(system, code, label) }];
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
  return { token: first ?? inWords, label, concept: request.code };
}

/** In the place of a token, for a need without a code. */
export const inWords = 'words';
