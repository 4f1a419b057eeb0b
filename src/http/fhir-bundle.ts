import type { Bundle } from '@medplum/fhirtypes';
import type { Context } from 'hono';
import { HubError } from '../errors.ts';
import { type EntryAnswer, processBundle } from '../fhir/bundle.ts';
import type { Repository } from '../fhir/repository.ts';
import { readResource } from './body.ts';
import { searchBundle } from './bundle-json.ts';
import type { FhirRoutes } from './fhir.ts';
import { sendJson } from './fhir-answer.ts';
import { etagOf, preferenceOf } from './format.ts';
import { outcomeFor } from './outcome.ts';

/** POST of a batch or transaction to the base. */
export async function answerBundle(
  c: Context,
  repository: Repository,
  options: FhirRoutes,
): Promise<Response> {
  const bundle = (await readResource(c, options.maxBodyBytes, 'Bundle')) as Bundle;
  const base = options.parts.baseUrl;
  const answers = await processBundle(bundle, {
    repository,
    get: url => getEntry(repository, base, url),
    failed: error => {
      const { status, outcome } = outcomeFor(error, options.log);
      return { status: String(status), outcome };
    },
  });
  const representation = preferenceOf(c.req.header('prefer')).return === 'representation';
  const entries = answers.map(answer => entryJson(answer, base, representation));
  const list = entries.length ? `,"entry":[${entries.join(',')}]` : '';
  return sendJson(c, `{"resourceType":"Bundle","type":"${bundle.type}-response"${list}}`);
}

/** A read or search inside a Bundle, as the same request outside it would be answered. */
async function getEntry(repository: Repository, base: string, url: string): Promise<EntryAnswer> {
  const [path = '', query = ''] = url.replace(/^\//, '').split(/\?(.*)/s);
  const [type = '', id, word, versionId, ...rest] = path.split('/');
  const parameters = new URLSearchParams(query);
  if (rest.length) throw new HubError('invalid', 'A GET entry is a read, a search or a history.');
  if (id === undefined) {
    const result = await repository.search(type || undefined, parameters);
    return { status: '200 OK', body: searchBundle(result, 'searchset', base, type ? `/${type}` : '') };
  }
  if (word === undefined && id !== '_history')
    return { status: '200 OK', stored: await repository.read(type, id) };
  if (word === '_history' && versionId)
    return { status: '200 OK', stored: await repository.vread(type, id, versionId) };
  const of = id === '_history' ? { type } : { type, id };
  const result = await repository.history({ ...of, query: parameters });
  return { status: '200 OK', body: searchBundle(result, 'history', base, `/${path}`) };
}

function entryJson(answer: EntryAnswer, base: string, representation: boolean): string {
  const { stored, written, outcome, status } = answer;
  const response = {
    status,
    ...(stored && written
      ? { location: `${base}/${stored.type}/${stored.id}/_history/${stored.versionId}` }
      : {}),
    ...(stored ? { etag: etagOf(stored.versionId), lastModified: stored.lastUpdated.toISOString() } : {}),
    ...(outcome ? { outcome } : {}),
  };
  const body = answer.body ?? (stored && (!written || representation) ? stored.body : undefined);
  const fullUrl = stored ? `"fullUrl":${JSON.stringify(`${base}/${stored.type}/${stored.id}`)},` : '';
  return `{${fullUrl}${body === undefined ? '' : `"resource":${body},`}"response":${JSON.stringify(response)}}`;
}
