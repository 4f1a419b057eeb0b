import type { Extension, OperationOutcome } from '@medplum/fhirtypes';
import { bundleSecurity, noticeIssues } from '../access/disclosure.ts';
import type { SearchEntry, SearchResult, Stored } from '../fhir/repository.ts';
import { etagOf } from './format.ts';

/** Bundles are put together from stored bytes: no resource is parsed to be sent. */
export function searchBundle(
  result: SearchResult,
  type: 'searchset' | 'history',
  base: string,
  path: string,
): string {
  const entries = result.entries.map(entry =>
    type === 'history' ? historyEntry(entry, base) : searchEntry(entry, base),
  );
  const outcome = type === 'searchset' ? outcomeOf(result) : undefined;
  if (outcome) entries.push(`{"resource":${JSON.stringify(outcome)},"search":{"mode":"outcome"}}`);
  const link = (relation: string, query: string) => ({
    relation,
    url: `${base}${path}${query ? `?${query}` : ''}`,
  });
  const links = [
    link('self', result.self),
    ...(result.next === undefined ? [] : [link('next', result.next)]),
  ];
  const total = result.total === undefined ? '' : `"total":${result.total},`;
  const list = entries.length ? `,"entry":[${entries.join(',')}]` : '';
  const meta = result.disclosed
    ? `"meta":${JSON.stringify({ security: bundleSecurity(result.disclosed) })},`
    : '';
  return `{"resourceType":"Bundle",${meta}"type":"${type}",${total}"link":${JSON.stringify(links)}${list}}`;
}

/** What the page has to say of itself, and the notice that goes with what it discloses. */
function outcomeOf({ outcome, disclosed }: SearchResult): OperationOutcome | undefined {
  if (!disclosed) return outcome;
  const issue = [...(outcome?.issue ?? []), ...noticeIssues(disclosed)];
  return { resourceType: 'OperationOutcome', issue };
}

const fullUrl = (stored: Stored, base: string): string =>
  JSON.stringify(`${base}/${stored.type}/${stored.id}`);

function searchEntry({ mode, stored, distance }: SearchEntry, base: string): string {
  const search = { ...(distance === undefined ? {} : { extension: [distanceExtension(distance)] }), mode };
  return `{"fullUrl":${fullUrl(stored, base)},"resource":${stored.body},"search":${JSON.stringify(search)}}`;
}

/** https://hl7.org/fhir/R4/extension-location-distance.html */
const distanceExtension = (value: number): Extension => ({
  url: 'http://hl7.org/fhir/StructureDefinition/location-distance',
  valueDistance: { value, unit: 'km', system: 'http://unitsofmeasure.org', code: 'km' },
});

const methodOf = { create: 'POST', update: 'PUT', delete: 'DELETE' } as const;
const statusOf = { create: '201 Created', update: '200 OK', delete: '204 No Content' } as const;

/** https://hl7.org/fhir/R4/http.html#history : what was asked and what came of it, for each version. */
function historyEntry({ stored, op = 'update' }: SearchEntry, base: string): string {
  const method = methodOf[op];
  const url = op === 'create' ? stored.type : `${stored.type}/${stored.id}`;
  const response = {
    status: statusOf[op],
    etag: etagOf(stored.versionId),
    lastModified: stored.lastUpdated.toISOString(),
  };
  const resource = op === 'delete' ? '' : `"resource":${stored.body},`;
  return `{"fullUrl":${fullUrl(stored, base)},${resource}"request":${JSON.stringify({ method, url })},"response":${JSON.stringify(response)}}`;
}
