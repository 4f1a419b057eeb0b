import type { Bundle, BundleEntry, BundleEntryRequest, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../errors.ts';
import type { Repository, Stored, WriteOperation, WriteResult } from './repository.ts';

/** How one entry of a batch or transaction was answered. */
export interface EntryAnswer {
  status: string;
  stored?: Stored;
  /** A searchset of a GET, already as JSON. */
  body?: string;
  outcome?: OperationOutcome;
  /** The resource was made or changed: Location, ETag and Last-Modified are told. */
  written?: boolean;
}

export interface BundleEnv {
  repository: Repository;
  /** Answers a GET or HEAD entry (`Patient/1`, `Task?owner=…`, `Patient/1/$everything`). */
  get(request: BundleEntryRequest): Promise<EntryAnswer>;
  /** The error of an entry of a batch. */
  failed(error: unknown): EntryAnswer;
}

/**
 * A transaction is one commit: all of it or nothing. A batch answers each entry for itself.
 * https://hl7.org/fhir/R4/http.html#transaction
 */
export async function processBundle(bundle: Bundle, env: BundleEnv): Promise<EntryAnswer[]> {
  const entries = bundle.entry ?? [];
  if (!Array.isArray(entries))
    throw new HubError('invalid', { text: 'Bundle.entry must be an array.', expression: 'Bundle.entry' });
  if (bundle.type === 'transaction') return transaction(entries, env);
  if (bundle.type === 'batch') return batch(entries, env);
  throw new HubError('invalid', {
    text: `A Bundle sent to the base must be a "transaction" or a "batch", not "${String(bundle.type).slice(0, 40)}".`,
    expression: 'Bundle.type',
  });
}

async function transaction(entries: readonly BundleEntry[], env: BundleEnv): Promise<EntryAnswer[]> {
  const problems: Problem[] = [];
  const operations: { index: number; operation: WriteOperation }[] = [];
  entries.forEach((entry, index) => {
    try {
      const operation = operationOf(entry, index);
      if (operation) operations.push({ index, operation });
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      problems.push(...error.problems);
    }
  });
  if (problems.length) throw new HubError('invalid', problems);
  const results = await env.repository.write(operations.map(one => one.operation));
  const answers = new Map(operations.map(({ index }, at) => [index, answerOf(results[at] as WriteResult)]));
  // Reads come last, and see what the transaction has done.
  return Promise.all(entries.map((entry, index) => answers.get(index) ?? env.get(requestOf(entry))));
}

async function batch(entries: readonly BundleEntry[], env: BundleEnv): Promise<EntryAnswer[]> {
  const answers: EntryAnswer[] = [];
  for (const [index, entry] of entries.entries()) {
    try {
      const operation = operationOf(entry, index);
      if (!operation) answers.push(await env.get(requestOf(entry)));
      else answers.push(answerOf((await env.repository.write([operation]))[0] as WriteResult));
    } catch (error) {
      answers.push(env.failed(error));
    }
  }
  return answers;
}

/** `operationOf` has seen that there is one. */
function requestOf(entry: BundleEntry): BundleEntryRequest {
  if (!entry.request) throw new Error('an entry without a request');
  return entry.request;
}

const statusOf: Record<WriteResult['outcome'], string> = {
  created: '201 Created',
  updated: '200 OK',
  unchanged: '200 OK',
  found: '200 OK',
  deleted: '204 No Content',
};

const answerOf = (result: WriteResult): EntryAnswer => ({
  status: statusOf[result.outcome],
  ...(result.stored ? { stored: result.stored, written: true } : {}),
});

/** What an entry asks for; undefined for a GET. */
export function operationOf(entry: BundleEntry | null, index: number): WriteOperation | undefined {
  const place = `Bundle.entry[${index}]`;
  const request = entry?.request;
  if (!entry || !request?.method || typeof request.url !== 'string') {
    throw new HubError('invalid', {
      text: `${place} needs a request with method and url.`,
      expression: `${place}.request`,
    });
  }
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  const { type, id, query } = target(request.url, `${place}.request.url`);
  const fullUrl = entry.fullUrl === undefined ? {} : { fullUrl: entry.fullUrl };
  const ifMatch = request.ifMatch === undefined ? {} : { ifMatch: request.ifMatch };
  const where = id === undefined ? { condition: query ?? '' } : { id };
  switch (request.method) {
    case 'POST': {
      const resource = resourceOf(entry, type, place);
      return {
        kind: 'create',
        resource,
        ...fullUrl,
        ...(request.ifNoneExist === undefined ? {} : { ifNoneExist: request.ifNoneExist }),
      };
    }
    case 'PUT':
      return {
        kind: 'update',
        type,
        ...where,
        resource: resourceOf(entry, type, place),
        ...fullUrl,
        ...ifMatch,
      };
    case 'PATCH':
      return { kind: 'patch', type, ...where, patch: patchOf(entry, place), ...fullUrl, ...ifMatch };
    case 'DELETE':
      return { kind: 'delete', type, ...where, ...ifMatch };
    default:
      throw new HubError('invalid', {
        text: `${place}.request.method must be GET, HEAD, POST, PUT, PATCH or DELETE.`,
        expression: `${place}.request.method`,
      });
  }
}

function target(url: string, expression: string): { type: string; id?: string; query?: string } {
  const match = /^\/?([A-Za-z]+)(?:\/([A-Za-z0-9\-.]{1,64}))?(?:\?(.*))?$/s.exec(url);
  if (!match) {
    throw new HubError('invalid', {
      text: 'The url of an entry is relative to the base, such as "Patient/1".',
      expression,
    });
  }
  const [, type = '', id, query] = match;
  return { type, ...(id === undefined ? {} : { id }), ...(query === undefined ? {} : { query }) };
}

function resourceOf(entry: BundleEntry, type: string, place: string): Resource {
  const resource = entry.resource;
  if (typeof resource !== 'object' || resource === null || typeof resource.resourceType !== 'string') {
    throw new HubError('invalid', { text: `${place} needs a resource.`, expression: `${place}.resource` });
  }
  if (resource.resourceType !== type) {
    throw new HubError('invalid', {
      text: `${place} is a ${resource.resourceType.slice(0, 64)}, but its request is for ${type.slice(0, 64) || 'no resource type'}.`,
      expression: `${place}.request.url`,
    });
  }
  return resource;
}

/** In a Bundle a patch is a Parameters resource, or a Binary that carries a JSON Patch. */
function patchOf(entry: BundleEntry, place: string): Extract<WriteOperation, { kind: 'patch' }>['patch'] {
  const resource = entry.resource;
  if (resource?.resourceType === 'Parameters') return { format: 'fhirpath', parameters: resource };
  if (resource?.resourceType === 'Binary' && resource.contentType === 'application/json-patch+json') {
    try {
      return {
        format: 'json',
        operations: JSON.parse(Buffer.from(resource.data ?? '', 'base64').toString('utf8')),
      };
    } catch {
      throw new HubError('invalid', {
        text: `${place}: the Binary does not carry JSON.`,
        expression: `${place}.resource.data`,
      });
    }
  }
  throw new HubError('invalid', {
    text: `${place}: a PATCH carries Parameters (FHIRPath Patch) or a Binary of application/json-patch+json.`,
    expression: `${place}.resource`,
  });
}
