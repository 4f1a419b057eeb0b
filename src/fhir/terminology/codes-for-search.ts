import type { ValueSet, ValueSetExpansionContains } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { TokenValue } from '../../store/search/types.ts';
import { clip } from '../index/normalize.ts';
import type { AskedCodes } from '../search/looked-up-codes.ts';
import { unescapeValue } from '../search/values/separators.ts';
import { tokenValue } from '../search/values/token.ts';
import type { Terminology } from './terminology.ts';

/**
 * The codes that `:in` and `:not-in` (a value set), `:above` and `:below` (a code) of a search stand for, as an
 * expansion has them. HubError where they are not all known, or too many.
 */
export async function codesForSearch(terminology: Terminology, asked: AskedCodes): Promise<TokenValue[]> {
  const valueSet = await valueSetOf(terminology, asked);
  const { expansion } = await terminology.expand({ valueSet, excludeNested: true });
  return (expansion?.contains ?? []).flatMap(({ system, code }: ValueSetExpansionContains) =>
    system && code ? [{ sys: clip(system), code: clip(code) }] : [],
  );
}

async function valueSetOf(terminology: Terminology, { modifier, text }: AskedCodes): Promise<ValueSet> {
  if (modifier === 'above' || modifier === 'below') return related(modifier, text);
  const canonical = unescapeValue(text);
  const url = canonical.startsWith('ValueSet/') ? `http://hl7.org/fhir/${canonical}` : canonical;
  const found = await terminology.valueSet(url);
  if (!found) throw new HubError('invalid', 'the hub holds no value set with this url (and version)');
  return found;
}

function related(direction: 'above' | 'below', text: string): ValueSet {
  const value = tokenValue(text);
  if (!value?.sys || !value.code)
    throw new HubError('invalid', 'expected system|code: what is above or below depends on it');
  const op = direction === 'below' ? 'is-a' : 'generalizes';
  const filter = [{ property: 'concept', op, value: value.code } as const];
  const compose = { inactive: true, include: [{ system: value.sys, filter }] };
  return { resourceType: 'ValueSet', status: 'active', compose } as ValueSet;
}
