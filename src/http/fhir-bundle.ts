import type { Bundle } from '@medplum/fhirtypes';
import type { Context } from 'hono';
import { type EntryAnswer, processBundle } from '../fhir/bundle.ts';
import type { Repository } from '../fhir/repository.ts';
import { readResource } from './body.ts';
import { getEntry } from './bundle-get.ts';
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
    get: request => getEntry(options.parts, repository, request),
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
  const body = answer.body ?? (stored?.body && (!written || representation) ? stored.body : undefined);
  const fullUrl = stored ? `"fullUrl":${JSON.stringify(`${base}/${stored.type}/${stored.id}`)},` : '';
  return `{${fullUrl}${body === undefined ? '' : `"resource":${body},`}"response":${JSON.stringify(response)}}`;
}
