import { hash } from 'node:crypto';
import type { Context } from 'hono';
import type { SearchResult, Stored } from '../fhir/repository.ts';
import { answer as send, setHeader } from './answer.ts';
import { searchBundle } from './bundle-json.ts';
import { etagOf, fhirJson, type Preference } from './format.ts';
import { success } from './outcome.ts';
import { sendText } from './send-text.ts';

/** A resource with the headers of its version (https://hl7.org/fhir/R4/http.html#versioning). */
export function sendStored(c: Context, stored: Stored, status: 200 | 201 = 200): Promise<Response> {
  versionHeaders(c, stored);
  setHeader(c, 'Content-Type', fhirJson);
  return sendText(c, pretty(c, stored.body), status);
}

export function versionHeaders(c: Context, stored: Stored): void {
  setHeader(c, 'ETag', etagOf(stored.versionId));
  setHeader(c, 'Last-Modified', stored.lastUpdated.toUTCString());
}

/** The caller has this very version: nothing is sent again. */
export function notModified(c: Context, stored: Stored): boolean {
  const match = c.req.header('if-none-match');
  if (match !== undefined)
    return match.split(',').some(tag => tag.trim() === etagOf(stored.versionId) || tag.trim() === '*');
  const since = Date.parse(c.req.header('if-modified-since') ?? '');
  return !Number.isNaN(since) && Math.floor(stored.lastUpdated.getTime() / 1000) * 1000 <= since;
}

export function sendJson(
  c: Context,
  json: string,
  type = fhirJson,
  status: 200 | 201 = 200,
): Promise<Response> {
  setHeader(c, 'Content-Type', type);
  return sendText(c, pretty(c, json), status);
}

/** A page of a search; who has the very same page already, by its ETag, is not sent it again. */
export async function sendSearch(
  c: Context,
  page: SearchResult,
  place: { base: string; path: string },
): Promise<Response> {
  const { json, tag } = textOf(page, place);
  setHeader(c, 'ETag', tag);
  const known = c.req.header('if-none-match')?.split(',') ?? [];
  return known.some(one => one.trim() === tag) ? send(c, null, 304) : sendJson(c, json);
}

interface PageText {
  path: string;
  json: string;
  tag: string;
}

/** A page that is remembered is put together once. */
const texts = new WeakMap<SearchResult, PageText>();

function textOf(page: SearchResult, { base, path }: { base: string; path: string }): PageText {
  const known = texts.get(page);
  if (known?.path === path) return known;
  const json = searchBundle(page, 'searchset', base, path);
  const text = { path, json, tag: etagOf(hash('sha256', json, 'base64url').slice(0, 22)) };
  texts.set(page, text);
  return text;
}

/** The answer to a write, as the caller prefers it. */
export async function sendWritten(
  c: Context,
  stored: Stored,
  answer: { created: boolean; base: string; preference: Preference },
): Promise<Response> {
  const { type, id, versionId } = stored;
  versionHeaders(c, stored);
  setHeader(c, 'Location', `${answer.base}/${type}/${id}/_history/${versionId}`);
  const status = answer.created ? 201 : 200;
  if (answer.preference.return === 'minimal') return send(c, null, status);
  setHeader(c, 'Content-Type', fhirJson);
  if (answer.preference.return === 'OperationOutcome') {
    return sendText(c, JSON.stringify(success(`${type}/${id} is at version ${versionId}.`)), status);
  }
  return sendText(c, pretty(c, stored.body), status);
}

const pretty = (c: Context, json: string): string =>
  c.req.query('_pretty') === 'true' || c.get('pretty') === true
    ? JSON.stringify(JSON.parse(json), null, 2)
    : json;
