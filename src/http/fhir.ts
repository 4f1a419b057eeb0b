import type { CapabilityStatement } from '@medplum/fhirtypes';
import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Actor } from '../access/actor.ts';
import { recordingRefusal } from '../audit/refusal.ts';
import { HubError } from '../errors.ts';
import { readOnlyView } from '../exchange/hsds/guide/view-rule.ts';
import { createRepository } from '../fhir/create-repository.ts';
import type { Parts } from '../fhir/parts.ts';
import { projectStored } from '../fhir/projection.ts';
import type { Patch, Repository, Stored, WriteOperation, WriteResult } from '../fhir/repository.ts';
import { pathOf } from '../fhir/run-search.ts';
import { readProjection } from '../fhir/search/settings.ts';
import { createXml } from '../fhir/xml/xml.ts';
import type { RateLimit } from '../rate-limit.ts';
import { answer, setHeader } from './answer.ts';
import { mediaType, readJson, readResource } from './body.ts';
import { searchBundle } from './bundle-json.ts';
import { noticing } from './disclosure-notice.ts';
import { notModified, sendJson, sendSearch, sendStored, sendWritten, versionHeaders } from './fhir-answer.ts';
import { answerBundle } from './fhir-bundle.ts';
import { isPrintable, runOperation } from './fhir-operations.ts';
import { fhirJson, preferenceOf, settleFormat, settleFormatParameter } from './format.ts';
import { sendOutcome, success } from './outcome.ts';
import { requestOf } from './request.ts';
import { sendPrinted } from './send-printed.ts';

export interface FhirRoutes {
  parts: Parts;
  log: Logger;
  maxBodyBytes: number;
  /** Of the requests of each client. */
  limit: RateLimit;
  /** The Actor behind an Authorization header, or HubError('unauthorized'). */
  authenticate(header: string | undefined): Promise<Actor>;
  capabilities(): CapabilityStatement;
  /** What is told once of a resource that was just created. */
  headersOfCreated(stored: Stored): Record<string, string>;
  smartConfiguration(): object;
}

type Env = { Variables: { repository: Repository; pretty?: boolean } };

/** The FHIR API: every interaction of https://hl7.org/fhir/R4/http.html that the hub has, on one page. */
export function fhirRoutes(options: FhirRoutes): Hono<Env> {
  const { parts } = options;
  const app = new Hono<Env>({ strict: false });
  const base = parts.baseUrl;
  const search = searching(base);
  const xml = createXml(parts.definitions.schema);

  app.use(async (c, next) => {
    settleFormat(c, xml, isPrintable(c.req.path));
    await next();
  });
  app.get('/metadata', c => sendJson(c, JSON.stringify(options.capabilities())));
  app.get('/.well-known/smart-configuration', c =>
    sendJson(c, JSON.stringify(options.smartConfiguration()), 'application/json'),
  );
  app.use(async (c, next) => {
    const request = requestOf(c);
    const actor = await recordingRefusal(parts.audit, request, () =>
      options.authenticate(c.req.header('authorization')),
    );
    const seconds = options.limit.take(actor.id);
    if (seconds > 0) {
      setHeader(c, 'Retry-After', String(seconds));
      throw new HubError('too-many-requests', `This client asks too much: try again in ${seconds} seconds.`);
    }
    c.set('repository', noticing(createRepository(parts, actor, request), c));
    await next();
  });

  app.post('/', c => answerBundle(c, c.get('repository'), options));
  app.get('/', c => search(c, undefined, queryOf(c)));
  app.post('/_search', async c => search(c, undefined, await formOf(c)));
  app.get('/_history', c => history(c, base, {}));

  app.on(['GET', 'POST'], '/:name{\\$[^/]+}', c => operation(c, options, {}));
  app.on(['GET', 'POST'], '/:type/:name{\\$[^/]+}', c => operation(c, options, c.req.param()));
  app.on(['GET', 'POST'], '/:type/:id/:name{\\$[^/]+}', c => operation(c, options, c.req.param()));

  app.get('/:type', c => search(c, c.req.param('type'), queryOf(c)));
  app.post('/:type/_search', async c => search(c, c.req.param('type'), await formOf(c)));
  app.get('/:type/_history', c => history(c, base, { type: c.req.param('type') }));
  app.post('/:type', async c => {
    const resource = await readResource(c, options.maxBodyBytes, c.req.param('type'));
    const ifNoneExist = c.req.header('if-none-exist');
    const operation: WriteOperation = {
      kind: 'create',
      resource,
      ...(ifNoneExist === undefined ? {} : { ifNoneExist }),
    };
    return write(c, base, operation, options.headersOfCreated);
  });
  app.put('/:type', async c => {
    const resource = await readResource(c, options.maxBodyBytes, c.req.param('type'));
    return write(c, base, { kind: 'update', type: c.req.param('type'), ...conditionOf(c), resource });
  });
  app.patch('/:type', async c =>
    write(c, base, {
      kind: 'patch',
      type: c.req.param('type'),
      ...conditionOf(c),
      patch: await readPatch(c, options),
    }),
  );
  app.delete('/:type', c => write(c, base, { kind: 'delete', type: c.req.param('type'), ...conditionOf(c) }));

  app.get('/:type/:id', async c =>
    answerRead(c, parts, await c.get('repository').read(c.req.param('type'), c.req.param('id'))),
  );
  app.put('/:type/:id', async c => {
    const { type, id } = c.req.param();
    const resource = await readResource(c, options.maxBodyBytes, type);
    return write(c, base, { kind: 'update', type, id, resource, ...ifMatchOf(c) });
  });
  app.patch('/:type/:id', async c => {
    const { type, id } = c.req.param();
    return write(c, base, { kind: 'patch', type, id, patch: await readPatch(c, options), ...ifMatchOf(c) });
  });
  app.delete('/:type/:id', c => {
    const { type, id } = c.req.param();
    return write(c, base, { kind: 'delete', type, id, ...ifMatchOf(c) });
  });
  app.get('/:type/:id/_history', c => history(c, base, c.req.param()));
  app.get('/:type/:id/_history/:versionId', async c => {
    const { type, id, versionId } = c.req.param();
    return answerRead(c, parts, await c.get('repository').vread(type, id, versionId));
  });
  app.get('/:type/:id/:member{[A-Z][A-Za-z]*|\\*}', c => {
    const { member, ...compartment } = c.req.param();
    return search(c, member === '*' ? undefined : member, queryOf(c), compartment);
  });
  app.post('/:type/:id/:member{[A-Z][A-Za-z]*|\\*}/_search', async c => {
    const { member, ...compartment } = c.req.param();
    return search(c, member === '*' ? undefined : member, await formOf(c), compartment);
  });
  app.all('*', c => {
    throw new HubError('not-found', `The FHIR API has no ${c.req.method} at this address; see /metadata.`);
  });
  return app;
}

/** A read, conditional where the caller has a version already, and as much of the resource as it asks for. */
function answerRead(c: Context<Env>, parts: Parts, stored: Stored): Response | Promise<Response> {
  const projection = readProjection(queryOf(c));
  if (!notModified(c, stored)) return sendStored(c, projectStored(parts, stored, projection));
  versionHeaders(c, stored);
  return answer(c, null, 304);
}

const searching =
  (base: string) =>
  async (
    c: Context<Env>,
    type: string | undefined,
    query: URLSearchParams,
    compartment?: { type: string; id: string },
  ): Promise<Response> => {
    const { lenient } = preferenceOf(c.req.header('prefer'));
    const result = await c.get('repository').search(type, query, {
      lenient,
      ...(compartment && { compartment }),
    });
    return sendSearch(c, result, { base, path: pathOf({ type, compartment }) });
  };

async function operation(
  c: Context<Env>,
  options: FhirRoutes,
  { type, id }: { type?: string; id?: string },
): Promise<Response> {
  const query = queryOf(c);
  const body = hasBody(c) ? await readJson(c, options.maxBodyBytes) : undefined;
  const name = c.req.param('name') ?? '';
  const { method } = c.req;
  const asked = { method, type, id, name, query, body };
  const { json, status } = await runOperation(options.parts, c.get('repository'), asked);
  return (await sendPrinted(c, json)) ?? sendJson(c, json, fhirJson, status);
}

/** An operation that needs no input is called with a POST of nothing. */
const hasBody = (c: Context): boolean =>
  c.req.method === 'POST' &&
  !(c.req.header('content-length') === '0' && c.req.header('content-type') === undefined);

/** What stands after the `?` of the address. */
function queryOf(c: Context): URLSearchParams {
  const start = c.req.url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : c.req.url.slice(start + 1));
}

/** https://hl7.org/fhir/R4/http.html#search : parameters of the address and of the form count alike. */
async function formOf(c: Context<Env>): Promise<URLSearchParams> {
  const given = mediaType(c);
  if (given !== 'application/x-www-form-urlencoded') {
    throw new HubError('unsupported-media-type', 'A POST search sends application/x-www-form-urlencoded.');
  }
  const form = new URLSearchParams(await c.req.text());
  for (const [name, value] of queryOf(c)) form.append(name, value);
  settleFormatParameter(c, form.get('_format') ?? undefined);
  c.set('pretty', form.get('_pretty') === 'true');
  return form;
}

async function history(c: Context<Env>, base: string, of: { type?: string; id?: string }): Promise<Response> {
  const result = await c.get('repository').history({ ...of, query: queryOf(c) });
  const path = `${of.type ? `/${of.type}` : ''}${of.id ? `/${of.id}` : ''}/_history`;
  return sendJson(c, searchBundle(result, 'history', base, path));
}

async function write(
  c: Context<Env>,
  base: string,
  operation: WriteOperation,
  headersOfCreated?: FhirRoutes['headersOfCreated'],
): Promise<Response> {
  if (queryOf(c).get('view') === 'hsds') throw readOnlyView('http.view');
  const [result] = (await c.get('repository').write([operation])) as [WriteResult];
  const preference = preferenceOf(c.req.header('prefer'));
  if (result.stored && operation.kind !== 'delete') {
    const created = result.outcome === 'created';
    const told = created ? headersOfCreated?.(result.stored) : undefined;
    for (const [name, value] of Object.entries(told ?? {})) setHeader(c, name, value);
    return sendWritten(c, result.stored, { created, base, preference });
  }
  if (preference.return === 'OperationOutcome')
    return sendOutcome(c, 200, success('The resource is deleted.'));
  return answer(c, null, 204);
}

function conditionOf(c: Context): { condition: string; ifMatch?: string } {
  const condition = queryOf(c);
  for (const name of ['_format', '_pretty']) condition.delete(name);
  if (condition.size === 0)
    throw new HubError('invalid', 'Without an id this needs a condition, such as ?identifier=system|value.');
  return { condition: condition.toString(), ...ifMatchOf(c) };
}

function ifMatchOf(c: Context): { ifMatch?: string } {
  const ifMatch = c.req.header('if-match');
  return ifMatch === undefined ? {} : { ifMatch };
}

const jsonPatch = 'application/json-patch+json';

/** https://hl7.org/fhir/R4/http.html#patch */
async function readPatch(c: Context, { maxBodyBytes }: FhirRoutes): Promise<Patch> {
  const types = [jsonPatch, 'application/fhir+json', 'application/fhir+xml'];
  if (mediaType(c) === jsonPatch || !types.includes(mediaType(c)))
    return { format: 'json', operations: await readJson(c, maxBodyBytes, types) };
  return { format: 'fhirpath', parameters: await readResource(c, maxBodyBytes) };
}
