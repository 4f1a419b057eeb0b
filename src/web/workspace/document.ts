import { randomUUID } from 'node:crypto';
import type { Binary, Coding, DocumentReference, Meta, Reference } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';

export interface DocumentFacts {
  title: string;
  /** Whom it is about. */
  subject?: Reference | undefined;
  /** Logical id of whose it is. */
  organization: string;
  now: Date;
  type?: Coding;
  /** The labels of what it belongs to. */
  security?: Meta['security'];
}

/** A file that is to be kept: what creates it, and how the same commit refers to its document. */
export interface KeptFile {
  operations: WriteOperation[];
  document: Reference;
}

/** The file apart from the document that names it, so that lists of documents do not carry what is in them. */
export async function keeping(file: File, facts: DocumentFacts): Promise<KeptFile> {
  const { title, subject, organization, now, type, security } = facts;
  const [binaryUrn, documentUrn] = [`urn:uuid:${randomUUID()}`, `urn:uuid:${randomUUID()}`];
  const bytes = Buffer.from(await file.arrayBuffer());
  const contentType = file.type || 'application/octet-stream';
  const labelled = security ? { meta: { security } } : {};
  const binary: Binary = { resourceType: 'Binary', ...labelled, contentType, data: bytes.toString('base64') };
  const document: DocumentReference = {
    resourceType: 'DocumentReference',
    ...labelled,
    status: 'current',
    ...(type ? { type: { coding: [type] } } : {}),
    description: title,
    ...(subject?.reference ? { subject: { reference: subject.reference } } : {}),
    date: now.toISOString(),
    author: [{ reference: `Organization/${organization}` }],
    content: [{ attachment: { contentType, url: binaryUrn, title, size: bytes.byteLength } }],
  };
  return {
    operations: [
      { kind: 'create', resource: binary, fullUrl: binaryUrn },
      { kind: 'create', resource: document, fullUrl: documentUrn },
    ],
    document: { reference: documentUrn },
  };
}
