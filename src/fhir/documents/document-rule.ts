import { hash } from 'node:crypto';
import type { Attachment, Binary, Communication, DocumentReference, Resource } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { WriteRule } from '../write/rules.ts';

/** One file that comes in with a resource. */
export interface IncomingFile {
  contentType: string;
  bytes: Uint8Array;
}

/** Looks into a file; says what is wrong with it, or nothing. Throws where it cannot tell. */
export type Scan = (file: IncomingFile) => Promise<string | undefined>;

export interface DocumentLimits {
  maxBytes: number;
  /** Media types, without parameters. */
  types: readonly string[];
  scan?: Scan | undefined;
}

/** Files are of a type and size that a site takes, and looked into before anybody else can read them. */
export function documentRule({ maxBytes, types, scan }: DocumentLimits): WriteRule {
  const scanned = scan && remembered(scan);
  return {
    types: ['Binary', 'DocumentReference', 'Communication'],
    async apply({ before, after, actor }) {
      if (!after || actor.importing) return {};
      const known = new Set(before ? filesOf(before).map(one => one.data) : []);
      for (const file of filesOf(after)) {
        if (known.has(file.data)) continue;
        const bytes = Buffer.from(file.data, 'base64');
        requireType(file, types);
        requireSize(file, bytes.byteLength, maxBytes);
        const fault = await scanned?.({ contentType: mediaType(file), bytes });
        if (fault !== undefined) throw refused(file, fault);
      }
      return {};
    },
  };
}

interface Found {
  expression: string;
  contentType: string | undefined;
  /** Base64. */
  data: string;
}

function filesOf(resource: Resource): Found[] {
  switch (resource.resourceType) {
    case 'Binary': {
      const { contentType, data } = resource as Binary;
      return data === undefined ? [] : [{ expression: 'Binary', contentType, data }];
    }
    case 'DocumentReference':
      return ((resource as DocumentReference).content ?? []).flatMap(({ attachment }, index) =>
        attached(attachment, `DocumentReference.content[${index}].attachment`),
      );
    case 'Communication':
      return ((resource as Communication).payload ?? []).flatMap(({ contentAttachment }, index) =>
        attached(contentAttachment, `Communication.payload[${index}].content`),
      );
    default:
      return [];
  }
}

const attached = (attachment: Attachment | undefined, expression: string): Found[] =>
  attachment?.data === undefined
    ? []
    : [{ expression, contentType: attachment.contentType, data: attachment.data }];

const mediaType = ({ contentType = '' }: Found): string =>
  contentType.split(';')[0]?.trim().toLowerCase() ?? '';

function requireType(file: Found, types: readonly string[]): void {
  if (types.includes(mediaType(file))) return;
  throw new HubError('unprocessable', {
    text: `Files of the type "${mediaType(file).slice(0, 80)}" are not taken here; those that are: ${types.join(', ')}.`,
    expression: `${file.expression}.contentType`,
    code: 'not-supported',
  });
}

function requireSize(file: Found, bytes: number, most: number): void {
  if (bytes <= most) return;
  const mb = (value: number) => (value / 1024 / 1024).toFixed(1);
  throw new HubError('too-large', {
    text: `The file has ${mb(bytes)} MB; at most ${mb(most)} MB are taken.`,
    expression: `${file.expression}.data`,
  });
}

const refused = (file: Found, fault: string): HubError =>
  new HubError('unprocessable', {
    text: `The file is not taken: ${fault}`,
    expression: `${file.expression}.data`,
    code: 'security',
  });

/** A write may be prepared several times; one and the same file is looked into once. */
function remembered(scan: Scan, most = 256): Scan {
  const known = new Map<string, Promise<string | undefined>>();
  return file => {
    const key = `${file.contentType} ${hash('sha256', file.bytes)}`;
    const verdict = known.get(key) ?? scan(file);
    known.delete(key);
    known.set(key, verdict);
    verdict.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return verdict;
  };
}
