import type { CodeSystem, Parameters } from '@medplum/fhirtypes';
import {
  type CheckedCode,
  type CodeCheck,
  checkConcept,
  checkInSystem,
  checkInValueSet,
} from '../terminology/check-code.ts';
import { valueSetOf } from './expand.ts';
import type { Operation, OperationCall } from './operation.ts';
import { refused, TerminologyInput } from './terminology-input.ts';

/** Whether a code is in a value set (https://hl7.org/fhir/R4/valueset-operation-validate-code.html). */
export const validateInValueSet: Operation = {
  name: 'validate-code',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code',
  documentation:
    'Whether a value set has a code (code and system, coding or codeableConcept; inferSystem), and whether the display is right. What the hub does not hold is never a yes.',
  levels: ['type', 'instance'],
  types: ['ValueSet'],
  methods: ['GET', 'POST'],
  async run(call) {
    const input = new TerminologyInput(call);
    const valueSet = await valueSetOf(call, input);
    const { terminology } = call.parts;
    const checks: CodeCheck[] = [];
    for (const coding of codesOf(input, 'system')) {
      const systems =
        coding.system !== undefined
          ? [coding.system]
          : input.flag('inferSystem')
            ? await terminology.systemsOf(valueSet, coding.code)
            : [];
      if (systems.length > 1) checks.push(ambiguous(systems));
      const [system] = systems;
      if (systems.length === 0) checks.push(withoutSystem(coding.code, input.flag('inferSystem') === true));
      else if (system !== undefined && systems.length === 1)
        checks.push(await checkInValueSet(terminology, valueSet, { ...coding, system }, abstractOf(input)));
    }
    return { kind: 'resource', resource: answerOf(checks) };
  },
};

/** Whether a code is in a code system (https://hl7.org/fhir/R4/codesystem-operation-validate-code.html). */
export const validateInCodeSystem: Operation = {
  name: 'validate-code',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code',
  documentation: 'Whether a code system has a code, and whether the display is right.',
  levels: ['type', 'instance'],
  types: ['CodeSystem'],
  methods: ['GET', 'POST'],
  async run(call) {
    const input = new TerminologyInput(call);
    const given = await givenSystem(input);
    const checks: CodeCheck[] = [];
    for (const coding of codesOf(input, 'url')) {
      if (given) checks.push(checkInResource(call, given, coding));
      else if (coding.system === undefined)
        throw refused('url', 'is missing: the canonical URL of a code system');
      else {
        const { system } = coding;
        checks.push(await checkInSystem(call.parts.terminology, { ...coding, system }, abstractOf(input)));
      }
    }
    return { kind: 'resource', resource: answerOf(checks) };
  },
};

/** The one that is called on or sent along. */
export async function givenSystem(input: TerminologyInput): Promise<CodeSystem | undefined> {
  return (
    (await input.instance<CodeSystem>()) ?? (await input.resource<CodeSystem>('codeSystem', 'CodeSystem'))
  );
}

function checkInResource({ parts }: OperationCall, system: CodeSystem, coding: CheckedCode): CodeCheck {
  const url = system.url ?? '';
  const concept = parts.terminology.concept(system, coding.code);
  if (!concept || (coding.system !== undefined && coding.system !== url))
    return { result: false, code: coding.code, message: `${url || 'The code system'} has no such code.` };
  const found = { concept, system: url, name: url, ...(system.version ? { version: system.version } : {}) };
  return checkConcept({ ...coding, system: url }, found, undefined, {});
}

const abstractOf = (input: TerminologyInput): { abstract?: boolean } => {
  const abstract = input.flag('abstract');
  return abstract === undefined ? {} : { abstract };
};

/** The codes that are asked about; `systemName` is what the operation calls their system. */
function codesOf(input: TerminologyInput, systemName: 'system' | 'url'): CheckedCode[] {
  const given = [
    ...(input.codeableConcept('codeableConcept')?.coding ?? []),
    ...[input.coding('coding') ?? []].flat(),
  ];
  const code = input.text('code');
  const [system, display] = [input.text(systemName), input.text('display')];
  const version = input.text(systemName === 'system' ? 'systemVersion' : 'version');
  const all = code === undefined ? given : [{ system, version, code, display }, ...given];
  const codes = all.flatMap(one =>
    one.code === undefined
      ? []
      : [
          {
            code: one.code,
            ...(one.system ? { system: one.system } : {}),
            ...(one.version ? { version: one.version } : {}),
            ...(one.display ? { display: one.display } : {}),
          },
        ],
  );
  if (codes.length === 0)
    throw refused('code', 'is missing: send code (with its system), coding or codeableConcept');
  return codes;
}

const withoutSystem = (code: string, inferred: boolean): CodeCheck => ({
  result: false,
  code,
  message: inferred
    ? 'No code system that this value set takes codes from has the code there.'
    : 'A code without its system says nothing: send system, or inferSystem=true.',
});

const ambiguous = (systems: readonly string[]): CodeCheck => ({
  result: false,
  message: `This value set has the code of several code systems: say which of ${systems.join(', ')}.`,
});

/** One of several that is right is enough: they say the same in other systems. */
function answerOf(checks: readonly CodeCheck[]): Parameters {
  const right = checks.find(one => one.result);
  const { result, message, display, system, version, code } = right ?? checks[0] ?? { result: false };
  const messages = right ? message : checks.flatMap(one => one.message ?? []).join(' ');
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'result', valueBoolean: result },
      ...(messages ? [{ name: 'message', valueString: messages }] : []),
      ...(display === undefined ? [] : [{ name: 'display', valueString: display }]),
      ...(system === undefined ? [] : [{ name: 'system', valueUri: system }]),
      ...(version === undefined ? [] : [{ name: 'version', valueString: version }]),
      ...(code === undefined ? [] : [{ name: 'code', valueCode: code }]),
    ],
  };
}
