import type { Resource } from '@medplum/fhirtypes';
import type { Context } from 'hono';
import { HubError } from '../errors.ts';
import { decodeUtf8, parseJson } from '../fhir/parse-json.ts';
import type { Xml } from '../fhir/xml/xml.ts';

/**
 * The body as JSON, or what is wrong with it: type 415, size 413, form 400. No content is quoted in an error. A resource
 * in XML is read as the JSON that says the same.
 */
export async function readJson(
  c: Context,
  limit: number,
  types: readonly string[] = resourceTypes,
): Promise<unknown> {
  requireType(c, types);
  const bytes = await readBytes(c, limit);
  return xmlTypes.includes(mediaType(c)) ? parseXml(bytes, c) : parseJson(bytes, 'The body');
}

const xmlTypes = ['application/fhir+xml', 'application/xml', 'text/xml'];
export const resourceTypes = ['application/fhir+json', 'application/json', 'text/json', ...xmlTypes];

function parseXml(bytes: ArrayBuffer, c: Context): unknown {
  const xml = c.get('xml') as Xml | undefined;
  if (!xml) throw new HubError('unsupported-media-type', 'XML is read by the FHIR API only.');
  return JSON.parse(xml.read(decodeUtf8(bytes, 'The body'), 'The body'));
}

/** A body that must be a resource; of the given type, where one is given. */
export async function readResource(c: Context, limit: number, type?: string): Promise<Resource> {
  const json = await readJson(c, limit);
  const resourceType = (json as { resourceType?: unknown } | null)?.resourceType;
  if (typeof json !== 'object' || json === null || Array.isArray(json) || typeof resourceType !== 'string') {
    throw new HubError('invalid', {
      text: 'The body must be a JSON object with a resourceType.',
      expression: 'resourceType',
    });
  }
  if (type !== undefined && resourceType !== type) {
    throw new HubError('invalid', {
      text: `The body is a ${resourceType.slice(0, 64)}, but the address is for ${type}.`,
      expression: 'resourceType',
    });
  }
  return json as Resource;
}

export function mediaType(c: Context): string {
  return (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function requireType(c: Context, types: readonly string[]): void {
  const given = mediaType(c);
  if (types.includes(given)) return;
  const asked = given ? `"${given.slice(0, 80)}"` : 'a body without Content-Type';
  throw new HubError(
    'unsupported-media-type',
    `The hub does not read ${asked} here; send ${types.join(' or ')}.`,
  );
}

async function readBytes(c: Context, limit: number): Promise<ArrayBuffer> {
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge(limit);
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength > limit) throw tooLarge(limit);
  return bytes;
}

const tooLarge = (limit: number): HubError =>
  new HubError(
    'too-large',
    `The body is larger than ${Math.round(limit / 1024 / 1024)} MB: send it in parts.`,
  );
