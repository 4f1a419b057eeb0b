import { isDeepStrictEqual } from 'node:util';
import type { GuidanceResponse, ServiceRequest } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { answerOf } from '../../referral/eligibility/answer.ts';
import { decide, type PersonRecord } from '../../referral/eligibility/decide.ts';
import type { Pack } from '../../referral/eligibility/pack.ts';
import { readRecord } from '../../referral/eligibility/record.ts';
import { canonical } from '../canonical.ts';
import { findPack } from './find-pack.ts';
import { keepAnswer, requestOf } from './keep-eligibility.ts';
import type { Operation, OperationCall } from './operation.ts';

/** Whether a person meets the criteria of a program, decided on what the caller may see. */
export const checkEligibility: Operation = {
  name: 'check-eligibility',
  definition: `${canonical}/OperationDefinition/check-eligibility`,
  documentation:
    'Whether the person is eligible for a program (a PlanDefinition, by id or canonical URL): eligible, ineligible or needs-data, with the facts of each criterion and what is missing, as far as the caller may see. With a request (ServiceRequest/id) the answer is kept with the referral.',
  levels: ['instance'],
  types: ['Patient'],
  methods: ['POST'],
  async run(call) {
    const pack = await findPack(required(call, 'program'), call.repository);
    const asked = call.query.has('request');
    return { kind: 'resource', resource: asked ? await keptInStep(pack, call) : await decided(pack, call) };
  },
};

/** The answer for now, with no request. */
async function decided(pack: Pack, call: OperationCall): Promise<GuidanceResponse> {
  return answer(pack, await recordOf(pack, call), undefined, call);
}

const recordOf = (pack: Pack, { repository, id = '' }: OperationCall): Promise<PersonRecord> =>
  readRecord([pack], id, repository);

function answer(
  pack: Pack,
  record: PersonRecord,
  request: ServiceRequest | undefined,
  { parts, repository, id: patient = '' }: OperationCall,
): GuidanceResponse {
  const now = parts.clock.now();
  const decision = decide(pack, record, { now, timeZone: parts.rulePacks.due.timeZone });
  const { organization } = repository.actor;
  return answerOf(pack, decision, {
    patient,
    organization,
    now,
    ...(request?.id ? { request: request.id } : {}),
  });
}

/** How often an answer is worked out again because facts, or the request, changed in the meantime. */
const attempts = 8;

/**
 * What is changed between the look at the facts and the commit of the answer re-opens nothing: the answer is not there
 * yet. So the facts are looked at once more afterwards, and the answer is worked out anew where they are others.
 */
async function keptInStep(pack: Pack, call: OperationCall): Promise<GuidanceResponse> {
  let record = await recordOf(pack, call);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const kept = await keepUnlessOvertaken(pack, record, call);
    const then = record;
    record = await recordOf(pack, call);
    if (kept && isDeepStrictEqual(versionsIn(then), versionsIn(record))) return kept;
  }
  throw new HubError('conflict', 'The facts keep changing while they are looked at: ask again.');
}

const versionsIn = (record: PersonRecord): string[] =>
  [...record.values()]
    .flat()
    .map(({ resourceType, id, meta }) => `${resourceType}/${id}/${meta?.versionId}`)
    .sort();

/** Keeps the answer; undefined where somebody else has changed the request or answered it meanwhile. */
async function keepUnlessOvertaken(
  pack: Pack,
  record: PersonRecord,
  call: OperationCall,
): Promise<GuidanceResponse | undefined> {
  const request = await requestOf(call);
  try {
    return await keepAnswer(answer(pack, record, request, call), pack.url, request, call);
  } catch (error) {
    if (error instanceof HubError && ['conflict', 'precondition-failed'].includes(error.kind))
      return undefined;
    throw error;
  }
}

function required({ query }: OperationCall, name: string): string {
  const value = query.get(name);
  if (value) return value;
  throw new HubError('invalid', {
    text: `${name} is missing: the id or the canonical URL of a PlanDefinition.`,
    expression: 'Parameters.parameter',
  });
}
