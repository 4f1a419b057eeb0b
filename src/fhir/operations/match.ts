import type { Parameters, ParametersParameter, ServiceRequest, Task } from '@medplum/fhirtypes';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { whatWouldHaveToChange } from '../../referral/routing/changes.ts';
import { told } from '../../referral/routing/explain.ts';
import { type MatchQuestion, match as matched } from '../../referral/routing/match.ts';
import type { Excluded, Ranked, Ranking } from '../../referral/routing/rank.ts';
import { canonical } from '../canonical.ts';
import { createRepository } from '../create-repository.ts';
import { createReader } from '../reader.ts';
import type { Repository } from '../repository.ts';
import { hubActor } from '../write/write.ts';
import type { Operation, OperationCall } from './operation.ts';

/** Excluded services and changes that are told; a planner does not read a hundred. */
const mostTold = 20;
const candidatesByDefault = 10;

/** Who could take a referral, in order and with all reasons, before it is sent as well as after. */
export const match: Operation = {
  name: 'match',
  definition: `${canonical}/OperationDefinition/service-request-match`,
  documentation:
    'Services that could take this request, best first, each with its reasons in words; who is excluded and by which facts; where nobody is left, what would have to change. On the type for a request that is not stored (`resource`, with the Task as `task`); on an instance for its sender alone. Nobody is asked by it.',
  levels: ['type', 'instance'],
  types: ['ServiceRequest'],
  methods: ['POST'],
  async run(call) {
    requireScope(call.repository.actor, 'read', 'ServiceRequest');
    const question = call.id === undefined ? await wouldBe(call) : await stored(call, call.id);
    const { ranked, excluded, left } = await rankingFor(call, question);
    const resource: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        ...ranked.slice(0, countOf(call.query)).map(candidate),
        ...excluded.slice(0, mostTold).map(exclusion),
        ...(ranked.length > 0 ? [] : changes(excluded)),
        { name: 'excluded-count', valueInteger: excluded.length },
        ...(left ? [{ name: 'not-compared', valueInteger: left }] : []),
      ],
    };
    return { kind: 'resource', resource };
  },
};

/** The ranking as the caller may know it: the person's data are read as they see them, the directory as the hub does. */
export function rankingFor(
  { parts, repository }: Pick<OperationCall, 'parts' | 'repository'>,
  question: MatchQuestion,
): Promise<Ranking> {
  const now = parts.clock.now();
  const readerOf = (of: Repository) => ({
    ...createReader(of, now, parts.hubOrganization),
    rules: parts.rulePacks,
  });
  const hub = createRepository(parts, hubActor(parts));
  return matched({ caller: readerOf(repository), hub: readerOf(hub) }, question);
}

/** A request that is not sent yet, about a person whom the caller sees. */
async function wouldBe({ repository, body }: OperationCall): Promise<MatchQuestion> {
  const request = given<ServiceRequest>(body, 'resource', 'ServiceRequest');
  if (!request)
    throw new HubError('invalid', {
      text: 'Give the ServiceRequest as the parameter resource.',
      expression: "Parameters.parameter.where(name = 'resource')",
      code: 'required',
    });
  const [type, id = ''] = request.subject?.reference?.split('/') ?? [];
  if (type !== 'Patient')
    throw new HubError('invalid', {
      text: 'ServiceRequest.subject has to refer to a Patient of the hub.',
      expression: 'ServiceRequest.subject',
    });
  await repository.read('Patient', id);
  return {
    request,
    task: taskFor(request, repository.actor.organization, given<Task>(body, 'task', 'Task')),
  };
}

/** A request that is stored: its sender sees how it would be routed, with what it has sent to the hub. */
async function stored({ parts, repository, body }: OperationCall, id: string): Promise<MatchQuestion> {
  const found = await repository.read('ServiceRequest', id);
  const request = found.resource() as ServiceRequest;
  const { organization } = repository.actor;
  if (found.source !== organization)
    throw new HubError('forbidden', {
      text: 'Only the organization that sent a referral sees who else could take it.',
      expression: 'ServiceRequest.requester',
    });
  const sent = new URLSearchParams({
    focus: `ServiceRequest/${id}`,
    owner: `Organization/${parts.hubOrganization}`,
    _sort: '-_lastUpdated',
    _count: '1',
  });
  const page = await repository.search('Task', sent);
  const known = page.entries[0]?.stored.resource() as Task | undefined;
  const other = given<Task>(body, 'task', 'Task');
  return { request, task: taskFor(request, organization, other ?? known) };
}

/** The Task of a question: who asks is who is signed in, whatever it says. */
export function taskFor(
  request: ServiceRequest,
  sender: string,
  task: Task | undefined,
): MatchQuestion['task'] {
  return { for: request.subject, ...task, requester: { reference: `Organization/${sender}` } };
}

function given<R extends ServiceRequest | Task>(
  body: unknown,
  name: string,
  type: R['resourceType'],
): R | undefined {
  const { parameter } = (body ?? {}) as Partial<Parameters>;
  const resource = (Array.isArray(parameter) ? parameter : []).find(one => one?.name === name)?.resource;
  if (!resource) return undefined;
  if (resource.resourceType === type) return resource as R;
  throw new HubError('invalid', {
    text: `The parameter ${name} has to be a ${type}.`,
    expression: `Parameters.parameter.where(name = '${name}')`,
  });
}

function countOf(query: URLSearchParams): number {
  const count = Number(query.get('count') ?? candidatesByDefault);
  if (Number.isInteger(count) && count > 0) return count;
  throw new HubError('invalid', {
    text: 'count has to be a whole number of at least 1.',
    expression: "Parameters.parameter.where(name = 'count')",
  });
}

function candidate(entry: Ranked, at: number): ParametersParameter {
  return {
    name: 'candidate',
    part: [
      { name: 'rank', valuePositiveInt: at + 1 },
      ...named(entry),
      { name: 'score', valueDecimal: entry.score },
      ...entry.reasons.map(({ words }) => ({ name: 'reason', valueString: words })),
    ],
  };
}

function exclusion(entry: Excluded): ParametersParameter {
  return {
    name: 'excluded',
    part: [...named(entry), ...entry.facts.map(({ words }) => ({ name: 'fact', valueString: words }))],
  };
}

function named({ candidate: { id, organization, name } }: Ranked | Excluded): ParametersParameter[] {
  return [
    { name: 'service', valueReference: { reference: `HealthcareService/${id}`, display: name } },
    { name: 'organization', valueReference: { reference: `Organization/${organization}` } },
  ];
}

function changes(excluded: readonly Excluded[]): ParametersParameter[] {
  return whatWouldHaveToChange(excluded)
    .slice(0, mostTold)
    .map(set => ({
      name: 'change',
      part: [
        { name: 'words', valueString: told(set) },
        ...set.changes.map(({ words }) => ({ name: 'condition', valueString: words })),
      ],
    }));
}
