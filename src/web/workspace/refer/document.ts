import { Buffer } from 'node:buffer';
import type { Coding, DocumentReference, Reference } from '@medplum/fhirtypes';

/** A file as a document of a person. Its name is its title, and in no address. */
export async function documentOf(
  file: File,
  { patient, organization, type, now }: { patient: Reference; organization: string; type: Coding; now: Date },
): Promise<DocumentReference> {
  return {
    resourceType: 'DocumentReference',
    status: 'current',
    type: { coding: [type] },
    subject: patient as NonNullable<DocumentReference['subject']>,
    date: now.toISOString(),
    author: [{ reference: `Organization/${organization}` }],
    content: [
      {
        attachment: {
          contentType: file.type || 'application/octet-stream',
          data: Buffer.from(await file.arrayBuffer()).toString('base64'),
          title: file.name.slice(0, 200),
          creation: now.toISOString(),
        },
      },
    ],
  };
}

/** A document that is nothing in particular (https://loinc.org/34133-9). */
export const anyType: Coding = {
  system: 'http://loinc.org',
  code: '34133-9',
  display: 'Summary of episode note',
};
