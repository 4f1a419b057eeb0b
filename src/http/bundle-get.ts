import type { BundleEntryRequest } from '@medplum/fhirtypes';
import { HubError } from '../errors.ts';
import type { EntryAnswer } from '../fhir/bundle.ts';
import type { Parts } from '../fhir/parts.ts';
import { projectStored } from '../fhir/projection.ts';
import type { Repository, Stored } from '../fhir/repository.ts';
import { pathOf } from '../fhir/run-search.ts';
import { readProjection } from '../fhir/search/settings.ts';
import { searchBundle } from './bundle-json.ts';
import { runOperation } from './fhir-operations.ts';
import { etagOf } from './format.ts';

/** A GET inside a Bundle, as the same request outside it would be answered. */
export async function getEntry(
  parts: Parts,
  repository: Repository,
  request: BundleEntryRequest,
): Promise<EntryAnswer> {
  const answer = await answerTo(parts, repository, request);
  if (request.method !== 'HEAD') return answer;
  const { stored, status } = answer;
  return { status, ...(stored ? { stored: { ...stored, body: '' } } : {}) };
}

async function answerTo(
  parts: Parts,
  repository: Repository,
  request: BundleEntryRequest,
): Promise<EntryAnswer> {
  const [path = '', search = ''] = (request.url ?? '').replace(/^\//, '').split(/\?(.*)/s);
  const [type = '', id, word, versionId, ...rest] = path.split('/');
  const query = new URLSearchParams(search);
  const base = parts.baseUrl;
  if (rest.length)
    throw new HubError('invalid', 'A GET entry is a read, a search, a history or an operation.');
  const name = [type, id, word].find(one => one?.startsWith('$'));
  if (name !== undefined) {
    const of = name === type ? {} : name === id ? { type } : { type, id };
    const { json: body } = await runOperation(parts, repository, { method: 'GET', ...of, name, query });
    return { status: '200 OK', body };
  }
  if (id === undefined && type !== '_history') {
    const result = await repository.search(type || undefined, query);
    return { status: '200 OK', body: searchBundle(result, 'searchset', base, type ? `/${type}` : '') };
  }
  if (type === '_history' || id === '_history' || (word === '_history' && !versionId)) {
    const of = type === '_history' ? {} : id === '_history' || id === undefined ? { type } : { type, id };
    const result = await repository.history({ ...of, query });
    return { status: '200 OK', body: searchBundle(result, 'history', base, `/${path}`) };
  }
  if (id !== undefined && word !== undefined && word !== '_history') {
    const member = word === '*' ? undefined : word;
    const compartment = { type, id };
    const result = await repository.search(member, query, { compartment });
    const address = pathOf({ type: member, compartment });
    return { status: '200 OK', body: searchBundle(result, 'searchset', base, address) };
  }
  const stored =
    versionId === undefined
      ? await repository.read(type, id ?? '')
      : await repository.vread(type, id ?? '', versionId);
  if (isKnown(stored, request)) return { status: '304 Not Modified' };
  return { status: '200 OK', stored: projectStored(parts, stored, readProjection(query)) };
}

/** https://hl7.org/fhir/R4/http.html#cread , as the entry says it. */
function isKnown(
  { versionId, lastUpdated }: Stored,
  { ifNoneMatch, ifModifiedSince }: BundleEntryRequest,
): boolean {
  if (ifNoneMatch !== undefined)
    return ifNoneMatch.split(',').some(tag => tag.trim() === '*' || tag.trim() === etagOf(versionId));
  const since = Date.parse(ifModifiedSince ?? '');
  return !Number.isNaN(since) && lastUpdated.getTime() <= since;
}
