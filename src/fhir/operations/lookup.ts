import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { designationOf, displayIn, propertyValue } from '../terminology/contains.ts';
import type { FoundCode } from '../terminology/find-code.ts';
import type { Operation } from './operation.ts';
import { refused, TerminologyInput } from './terminology-input.ts';

/** What is known of a code (https://hl7.org/fhir/R4/codesystem-operation-lookup.html). */
export const lookup: Operation = {
  name: 'lookup',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup',
  documentation: 'Display, designations and properties of a code, with what is directly above and below it.',
  levels: ['type'],
  types: ['CodeSystem'],
  methods: ['GET', 'POST'],
  async run(call) {
    const input = new TerminologyInput(call);
    const coding = input.coding('coding');
    const code = coding?.code ?? input.text('code');
    const system = coding?.system ?? input.text('system');
    if (code === undefined || system === undefined)
      throw refused(code === undefined ? 'code' : 'system', 'is missing: send system and code, or coding');
    const version = coding?.version ?? input.text('version');
    const asked = { system, code, ...(version === undefined ? {} : { version }) };
    const { terminology } = call.parts;
    const found = await terminology.find(asked);
    if (!found) throw notFound(await terminology.holds(system, version), system);
    const children = await terminology.children(asked);
    const properties = input.texts('property');
    const wants = (name: string) =>
      properties.length === 0 || properties.includes(name) || properties.includes('*');
    const resource: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        ...described(found, input.text('displayLanguage'), wants),
        ...related(found, children, wants),
      ],
    };
    return { kind: 'resource', resource };
  },
};

/** Names, always; designations unless only some properties are asked for. */
function described(
  { concept, name, version, notice }: FoundCode,
  language: string | undefined,
  wants: (name: string) => boolean,
): ParametersParameter[] {
  const display = displayIn(concept, language) ?? concept.code;
  const designations = wants('designation') ? concept.designations : [];
  return [
    { name: 'name', valueString: name },
    ...(version === undefined ? [] : [{ name: 'version', valueString: version }]),
    { name: 'display', valueString: display },
    ...(notice === undefined ? [] : [{ name: 'notice', valueString: notice }]),
    ...designations.map(one => {
      const { language, use, value } = designationOf(one);
      return {
        name: 'designation',
        part: [
          ...(language ? [{ name: 'language', valueCode: language }] : []),
          ...(use ? [{ name: 'use', valueCoding: use }] : []),
          { name: 'value', valueString: value },
        ],
      };
    }),
  ];
}

function related(
  { concept }: FoundCode,
  children: readonly string[],
  wants: (name: string) => boolean,
): ParametersParameter[] {
  const property = (code: string, value: Partial<ParametersParameter>): ParametersParameter => ({
    name: 'property',
    part: [
      { name: 'code', valueCode: code },
      { name: 'value', ...value },
    ],
  });
  const own = concept.properties.filter(({ code }) => !natural.includes(code));
  return [
    ...(concept.definition ? [property('definition', { valueString: concept.definition })] : []),
    property('inactive', { valueBoolean: concept.inactive }),
    ...(concept.abstract ? [property('abstract', { valueBoolean: true })] : []),
    ...own.map(one => property(one.code, propertyValue(one))),
    ...concept.parents.map(parent => property('parent', { valueCode: parent })),
    ...children.map(child => property('child', { valueCode: child })),
  ].filter(({ part }) => wants(part?.[0]?.valueCode ?? ''));
}

/** Properties that are told in another way. */
const natural: readonly string[] = ['parent', 'child', 'subsumedBy', 'inactive', 'notSelectable'];

const notFound = (held: boolean, system: string): HubError =>
  new HubError('not-found', {
    text: held
      ? `${system} has no such code.`
      : `The hub does not hold the code system ${system} whole in this version, so it cannot say what the code means.`,
    expression: 'Parameters.parameter',
    code: held ? 'code-invalid' : 'not-found',
  });
