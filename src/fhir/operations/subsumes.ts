import type { Parameters } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Operation } from './operation.ts';
import { refused, TerminologyInput } from './terminology-input.ts';
import { givenSystem } from './validate-code.ts';

/** How two codes of a system stand to each other (https://hl7.org/fhir/R4/codesystem-operation-subsumes.html). */
export const subsumes: Operation = {
  name: 'subsumes',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes',
  documentation: 'Whether one code subsumes another: equivalent, subsumes, subsumed-by or not-subsumed.',
  levels: ['type', 'instance'],
  types: ['CodeSystem'],
  methods: ['GET', 'POST'],
  async run(call) {
    const input = new TerminologyInput(call);
    const instance = await givenSystem(input);
    const [codingA, codingB] = [input.coding('codingA'), input.coding('codingB')];
    const [a, b] = [codingA?.code ?? input.text('codeA'), codingB?.code ?? input.text('codeB')];
    const systems = [instance?.url, codingA?.system, codingB?.system, input.text('system')].filter(
      one => one,
    );
    const [system] = systems;
    if (!a || !b)
      throw refused(a ? 'codeB' : 'codeA', 'is missing: send codeA and codeB, or codingA and codingB');
    if (!system) throw refused('system', 'is missing: the canonical URL of a code system');
    if (systems.some(one => one !== system)) throw refused('system', 'must be the same for both codes');
    const version = instance?.version ?? codingA?.version ?? input.text('version');
    const outcome = await call.parts.terminology.subsumes(system, version, a, b);
    if (outcome === undefined) throw notKnown(system);
    const resource: Parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: 'outcome', valueCode: outcome }],
    };
    return { kind: 'resource', resource };
  },
};

const notKnown = (system: string): HubError =>
  new HubError('not-found', {
    text: `The hub does not hold both codes: either the code system ${system} in this version, or one of the codes in it.`,
    expression: 'Parameters.parameter',
    code: 'code-invalid',
  });
