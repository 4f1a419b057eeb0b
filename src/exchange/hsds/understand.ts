import type { CodeableConcept } from '@medplum/fhirtypes';
import table from '../../../terminology/hsds-rules.json' with { type: 'json' };
import { system } from '../../fhir/canonical.ts';
import type { HsdsService, HsdsTerm } from './model.ts';

/** What terms of a taxonomy mean: by the beginning of a code, or by words of a name. */
interface Meaning {
  codes: readonly string[];
  words: readonly string[];
}

/** The rule pack terminology/hsds-rules.json. */
export interface HsdsRules {
  types: readonly (Meaning & { type: string; display: string })[];
  categories: readonly { types: readonly string[]; system: string; code: string; display: string }[];
  hidden: Meaning;
}

export const hsdsRules: HsdsRules = table;

export const termsOf = ({ attributes }: Pick<HsdsService, 'attributes'>): NonNullable<HsdsTerm>[] =>
  attributes.flatMap(({ taxonomy_term: term }) => term ?? []);

/** Whether nobody may learn where the service is: a shelter from domestic violence. */
export function isHidden(service: HsdsService, rules: HsdsRules = hsdsRules): boolean {
  const said = [service.name, service.alternate_name, service.organization.name, service.description];
  return (
    termsOf(service).some(term => means(term, rules.hidden)) ||
    said.some(text => hasWord(text, rules.hidden.words))
  );
}

/** Its service types: HL7's, by which referrals are matched, and the terms of the source's own taxonomy. */
export function typesOf(service: HsdsService, rules: HsdsRules = hsdsRules): CodeableConcept[] {
  const terms = termsOf(service);
  const known = rules.types.filter(one => terms.some(term => means(term, one)));
  return [
    ...known.map(({ type, display }) => ({
      coding: [{ system: system.serviceType, code: type, display }],
    })),
    ...terms.flatMap(own),
  ];
}

function own({ code, name, taxonomy, term_uri }: NonNullable<HsdsTerm>): CodeableConcept[] {
  if (!code && !name) return [];
  const uri = systemOf(taxonomy, term_uri);
  return [
    {
      ...(code
        ? { coding: [{ ...(uri ? { system: uri } : {}), code, ...(name ? { display: name } : {}) }] }
        : {}),
      text: name ?? code ?? '',
    },
  ];
}

/** A taxonomy is known by its URI, where the source gives one: that of the term without the term. */
function systemOf(taxonomy: string | undefined, term: string | undefined): string | undefined {
  if (taxonomy && /^(https?|urn):/.test(taxonomy)) return taxonomy;
  return term && URL.canParse(term) ? term.replace(/[/#][^/#]*$/, '') : undefined;
}

const means = ({ code, name }: NonNullable<HsdsTerm>, { codes, words }: Meaning): boolean =>
  codes.some(prefix => code?.startsWith(prefix)) || hasWord(name, words);

const hasWord = (text: string | undefined, words: readonly string[]): boolean =>
  text !== undefined && words.some(word => text.toLowerCase().includes(word));
