import type { OperationOutcome, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../errors.ts';
import { isObject } from '../definitions/fhirpath/collection.ts';
import { danglingReferences } from '../write/references.ts';
import type { Operation, OperationCall } from './operation.ts';

/**
 * What would become of a resource if it were written, without writing it
 * (https://hl7.org/fhir/R4/resource-operation-validate.html): everything that is wrong, in the words of a refused
 * write, and what is worth a warning.
 */
export const validate: Operation = {
  name: 'validate',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  documentation:
    'Checks a resource (in Parameters as `resource`, or as the body; on an instance without one, what is stored) against FHIR R4, the profiles it claims, those that are enforced here and the `profile` asked for. `mode`: create, update, delete, profile.',
  levels: ['type', 'instance'],
  methods: ['GET', 'POST'],
  async run(call) {
    const issue = await issuesOf(call);
    const resource: OperationOutcome = {
      resourceType: 'OperationOutcome',
      issue: issue.length > 0 ? issue : [information('The resource is valid.')],
    };
    return { kind: 'resource', resource };
  },
};

const information = (text: string): OperationOutcomeIssue => ({
  severity: 'information',
  code: 'informational',
  details: { text },
});
const ofDeletion = 'The resource is here; whether others still refer to it is told when it is deleted.';

type Mode = 'create' | 'update' | 'delete' | 'profile';
const modes: readonly string[] = ['create', 'update', 'delete', 'profile'];

async function issuesOf(call: OperationCall): Promise<OperationOutcomeIssue[]> {
  const mode = modeOf(call);
  const stored = call.id === undefined ? undefined : await call.repository.read(call.type ?? '', call.id);
  if (mode === 'delete') return [information(ofDeletion)];
  const resource = resourceOf(call) ?? stored?.resource();
  if (!resource) throw new HubError('invalid', noResource);
  const profiles = call.query.getAll('profile');
  const found = [
    ...aboutAddress(resource, mode, call),
    ...(await call.parts.validate(resource, { profiles, remarks: true })),
  ];
  const problems = found.map(sentence);
  const sound = isObject(resource) && found.every(one => one.code !== 'structure');
  if (sound && mode !== 'profile') {
    const { parts, repository } = call;
    const asked = { before: stored?.resource(), after: resource as unknown as Resource };
    problems.push(...(await danglingReferences(asked, parts, repository.actor)));
  }
  // An error kind of a refused write, so that its issues are those of one.
  return problems.length === 0 ? [] : new HubError('invalid', problems).issues;
}

/** As a write says it: with the element, for who shows only the text. */
export const sentence = (problem: Problem): Problem =>
  problem.expression ? { ...problem, text: `${problem.expression} ${problem.text}` } : problem;

const noResource: Problem = {
  text: 'Send the resource: as the body, or in a Parameters resource as the parameter "resource".',
  expression: 'Parameters.parameter',
  code: 'required',
};

function modeOf({ query, id }: OperationCall): Mode {
  const mode = query.get('mode') ?? (id === undefined ? 'create' : 'update');
  if (!modes.includes(mode))
    throw new HubError('invalid', { text: `mode must be one of ${modes.join(', ')}.`, code: 'code-invalid' });
  if (id === undefined && mode === 'delete')
    throw new HubError('invalid', 'mode=delete is asked of a resource: /Type/id/$validate?mode=delete.');
  return mode as Mode;
}

/** The body itself, or what its parameter holds; a Parameters resource is itself validated in such a parameter. */
function resourceOf({ body, type }: OperationCall): unknown {
  if (body === undefined) return undefined;
  if (!isObject(body) || body.resourceType !== 'Parameters') return body;
  const all: readonly unknown[] = Array.isArray(body.parameter) ? body.parameter : [];
  const given = all.filter(isObject).find(one => one.name === 'resource');
  return given?.resource ?? (type === 'Parameters' && !given ? body : undefined);
}

/** What the address and the mode ask of it. */
function aboutAddress(resource: unknown, mode: Mode, { type, id }: OperationCall): Problem[] {
  if (!isObject(resource) || typeof resource.resourceType !== 'string') return [];
  if (resource.resourceType !== type)
    return [
      { text: `must be a ${type}, as the address is for that`, expression: 'resourceType', code: 'invalid' },
    ];
  if (mode === 'update' && id !== undefined && resource.id !== id)
    return [
      {
        text: `must be ${id}: an update carries the id it is written to`,
        expression: `${type}.id`,
        code: 'value',
      },
    ];
  return [];
}
