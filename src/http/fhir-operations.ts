import type { Parameters } from '@medplum/fhirtypes';
import { HubError } from '../errors.ts';
import type { Operation, OperationAnswer } from '../fhir/operations/operation.ts';
import { operations } from '../fhir/operations/operations.ts';
import type { Parts } from '../fhir/parts.ts';
import type { Repository } from '../fhir/repository.ts';
import { requireType } from '../fhir/resource-type.ts';
import { searchBundle } from './bundle-json.ts';

/** A call as the address says it: `/Patient/1/$everything?_count=10`. */
export interface OperationRequest {
  method: string;
  type?: string | undefined;
  id?: string | undefined;
  /** With its `$`. */
  name: string;
  query: URLSearchParams;
  body?: unknown;
}

/** Runs an operation and gives its answer as JSON, with its status; HubError where there is none at this address. */
export async function runOperation(
  parts: Parts,
  repository: Repository,
  { method, type, id, name, query, body }: OperationRequest,
): Promise<{ json: string; status: 200 | 201 }> {
  if (type !== undefined) requireType(parts, type);
  const operation = operations.find(one => `$${one.name}` === name && isFor(one, type, id));
  if (!operation) throw notHere(name);
  const asked = operation.methods.find(one => one === (method === 'HEAD' ? 'GET' : method));
  if (!asked)
    throw new HubError('method-not-allowed', `${name} is called with ${operation.methods.join(' or ')}.`);
  const answer = await operation.run({
    parts,
    repository,
    query: withParameters(query, body),
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...(body === undefined ? {} : { body }),
  });
  const status = (answer.kind === 'resource' && answer.status) || 200;
  return { json: jsonOf(answer, parts.baseUrl), status };
}

/** Whether this address is of an operation whose answer is also there for people to read. */
export const isPrintable = (path: string): boolean =>
  operations.some(({ name, printable }) => printable === true && path.endsWith(`/$${name}`));

function isFor({ levels, types }: Operation, type: string | undefined, id: string | undefined): boolean {
  const level = type === undefined ? 'system' : id === undefined ? 'type' : 'instance';
  return levels.includes(level) && (type === undefined || types === undefined || types.includes(type));
}

const notHere = (name: string): HubError =>
  new HubError(
    'not-found',
    `There is no operation ${name.slice(0, 64)} here; /metadata lists those that are.`,
  );

/** https://hl7.org/fhir/R4/operations.html#request : simple parameters may be in the address or in the body. */
function withParameters(query: URLSearchParams, body: unknown): URLSearchParams {
  const all = new URLSearchParams(query);
  if (typeof body !== 'object' || body === null || !('resourceType' in body)) return all;
  const { parameter } = body as Partial<Parameters>;
  for (const one of Array.isArray(parameter) ? parameter : []) {
    const [, value] = Object.entries(one ?? {}).find(([key]) => key.startsWith('value')) ?? [];
    if (typeof one?.name === 'string' && ['string', 'number', 'boolean'].includes(typeof value))
      all.append(one.name, String(value));
  }
  return all;
}

function jsonOf(answer: OperationAnswer, base: string): string {
  switch (answer.kind) {
    case 'page':
      return searchBundle(answer.page, 'searchset', base, answer.path);
    case 'resource':
      return JSON.stringify(answer.resource);
    case 'json':
      return answer.json;
  }
}
