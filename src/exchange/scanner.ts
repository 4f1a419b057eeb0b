import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { documentRule, type Scan } from '../fhir/documents/document-rule.ts';
import type { WriteRule } from '../fhir/write/rules.ts';

/** How long a scanner may take for one file. */
const patience = 30_000;

/**
 * A scanner behind HTTP: the file is sent to it by POST. 2xx: nothing was found; 406 or 422: refused, with the first
 * line of a plain text answer as the reason. Anything else, and no answer, is no verdict: the file is not taken.
 */
export const httpScanner =
  (url: string): Scan =>
  async ({ contentType, bytes }) => {
    let response: Response;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': contentType },
        body: new Blob([bytes as Uint8Array<ArrayBuffer>]),
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      });
    } catch {
      throw unavailable();
    }
    if (response.ok) return undefined;
    if (response.status !== 406 && response.status !== 422) throw unavailable();
    const plain = response.headers.get('content-type')?.startsWith('text/plain');
    const [reason = ''] = plain ? (await response.text()).trim().split('\n') : [];
    return reason.slice(0, 200) || 'the scanner has found something in it.';
  };

const unavailable = (): HubError =>
  new HubError('unavailable', 'The file cannot be looked into at present: try again later.');

/** The rule for files as it is configured; `scan` stands in for the scanner that the configuration names. */
export const documents = (config: Config, scan?: Scan): WriteRule =>
  documentRule({
    maxBytes: config.maxDocumentBytes,
    types: config.documentTypes,
    scan: scan ?? (config.scanUrl === undefined ? undefined : httpScanner(config.scanUrl)),
  });
