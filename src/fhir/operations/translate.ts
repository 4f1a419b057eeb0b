import type { ConceptMap, Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { CodedValue } from '../terminology/terminology.ts';
import { codingsOf, type Match } from '../terminology/translate.ts';
import type { Operation, OperationCall } from './operation.ts';
import { refused, TerminologyInput, versioned } from './terminology-input.ts';

/** What a code is in another system (https://hl7.org/fhir/R4/conceptmap-operation-translate.html). */
export const translate: Operation = {
  name: 'translate',
  definition: 'http://hl7.org/fhir/OperationDefinition/ConceptMap-translate',
  documentation:
    'What a code (code and system, coding or codeableConcept) is in another code system, by a concept map (url) or by all that fit source, target and targetsystem; reverse goes back.',
  levels: ['type', 'instance'],
  types: ['ConceptMap'],
  methods: ['GET', 'POST'],
  async run(call) {
    const input = new TerminologyInput(call);
    const map = await mapOf(call, input);
    const [source, target, targetSystem] = ['source', 'target', 'targetsystem'].map(name => input.text(name));
    if (!map && !source && !target && !targetSystem)
      throw refused(
        'url',
        'is missing: a concept map, or source, target or targetsystem to choose the maps by',
      );
    const reverse = input.flag('reverse');
    const { found, matches } = await call.parts.terminology.translate({
      codings: codes(input),
      ...(map ? { map } : {}),
      ...(source ? { source } : {}),
      ...(target ? { target } : {}),
      ...(targetSystem ? { targetSystem } : {}),
      ...(reverse === undefined ? {} : { reverse }),
    });
    const resource: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'result', valueBoolean: found },
        ...(found
          ? []
          : [{ name: 'message', valueString: 'No concept map says what this code corresponds to.' }]),
        ...matches.map(shown),
      ],
    };
    return { kind: 'resource', resource };
  },
};

async function mapOf(call: OperationCall, input: TerminologyInput): Promise<ConceptMap | undefined> {
  const instance = await input.instance<ConceptMap>();
  if (instance) return instance;
  const inline = await input.resource<ConceptMap>('conceptMap', 'ConceptMap');
  const url = input.text('url');
  if (inline || url === undefined) return inline;
  const found = await call.parts.terminology.conceptMap(versioned(url, input.text('conceptMapVersion')));
  if (found) return found;
  throw new HubError('not-found', {
    text: 'The hub holds no concept map with this url (and version).',
    expression: 'Parameters.parameter',
  });
}

function codes(input: TerminologyInput): CodedValue[] {
  const [code, system] = [input.text('code'), input.text('system')];
  const coding = input.coding('coding');
  const concept = input.codeableConcept('codeableConcept');
  const all = [
    ...(code === undefined ? [] : [{ code, ...(system ? { system } : {}) }]),
    ...(coding ? codingsOf({ coding: [coding] }) : []),
    ...(concept ? codingsOf(concept) : []),
  ];
  if (all.length === 0)
    throw refused('code', 'is missing: send code (with its system), coding or codeableConcept');
  if (all.some(one => one.system === undefined))
    throw refused('system', 'is missing: a code means nothing without it');
  return all;
}

const shown = ({ equivalence, coding, source, product }: Match): ParametersParameter => ({
  name: 'match',
  part: [
    { name: 'equivalence', valueCode: equivalence },
    ...(coding ? [{ name: 'concept', valueCoding: coding }] : []),
    ...product.map(({ property, system, code, display }) => ({
      name: 'product',
      part: [
        { name: 'element', valueUri: property },
        {
          name: 'concept',
          valueCoding: { ...(system ? { system } : {}), code, ...(display ? { display } : {}) },
        },
      ],
    })),
    ...(source ? [{ name: 'source', valueUri: source }] : []),
  ],
});
