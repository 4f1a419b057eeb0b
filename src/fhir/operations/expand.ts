import type { ValueSet } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Operation, OperationCall } from './operation.ts';
import { refused, TerminologyInput, versioned } from './terminology-input.ts';

/** The codes of a value set (https://hl7.org/fhir/R4/valueset-operation-expand.html). */
export const expand: Operation = {
  name: 'expand',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
  documentation:
    'The codes of a value set: filter (beginnings of words), offset and count, activeOnly, excludeNested, includeDesignations, displayLanguage, property.',
  levels: ['type', 'instance'],
  types: ['ValueSet'],
  methods: ['GET', 'POST'],
  async run(call) {
    const input = new TerminologyInput(call);
    for (const name of notSupported)
      if (input.texts(name).length > 0)
        throw refused(name, 'is not supported: without it the expansion would be another one');
    const valueSet = await valueSetOf(call, input);
    const flags = ['activeOnly', 'includeDesignations', 'includeDefinition', 'excludeNested'] as const;
    const texts = ['filter', 'displayLanguage'] as const;
    const counts = ['offset', 'count'] as const;
    const resource = await call.parts.terminology.expand({
      valueSet,
      property: input.texts('property'),
      ...given(texts, name => input.text(name)),
      ...given(flags, name => input.flag(name)),
      ...given(counts, name => input.count(name)),
    });
    return { kind: 'resource', resource };
  },
};

/** They change which codes there are: left out in silence, they would be answered wrongly. */
const notSupported = [
  'context',
  'date',
  'exclude-system',
  'system-version',
  'check-system-version',
  'force-system-version',
  'useSupplement',
] as const;

function given<N extends string, T>(names: readonly N[], read: (name: N) => T | undefined): { [K in N]?: T } {
  const all: { [K in N]?: T } = {};
  for (const name of names) {
    const value = read(name);
    if (value !== undefined) all[name] = value;
  }
  return all;
}

/** The one that is called on, sent along, or named by its canonical URL. */
export async function valueSetOf(call: OperationCall, input: TerminologyInput): Promise<ValueSet> {
  const instance = await input.instance<ValueSet>();
  if (instance) return instance;
  const inline = await input.resource<ValueSet>('valueSet', 'ValueSet');
  if (inline) return inline;
  const url = input.text('url');
  if (url === undefined)
    throw refused('url', 'is missing: the canonical URL of a value set, or send valueSet');
  const canonical = versioned(url, input.text('valueSetVersion'));
  const found = await call.parts.terminology.valueSet(canonical);
  if (found) return found;
  throw new HubError('not-found', {
    text: 'The hub holds no value set with this url (and version).',
    expression: 'Parameters.parameter',
  });
}
