import type { Binary, DocumentReference, Task } from '@medplum/fhirtypes';
import { HubError } from '../../../errors.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { resultingActivity } from '../../../referral/working/outputs.ts';
import { keeping } from '../document.ts';
import type { OneReferral } from './one-referral.ts';

/**
 * Attaches a file in one commit: the file, a document that names it, and the Task that carries it, as an input of
 * the sender's or an output of the receiver's.
 */
export async function attach(
  repository: Repository,
  { task, row }: OneReferral,
  { file, title, now }: { file: File; title: string; now: Date },
): Promise<void> {
  if (row.direction === 'other')
    throw new HubError('forbidden', 'Only the sender and the receiver attach documents to a referral.');
  const security = task.meta?.security;
  const { organization } = repository.actor;
  const facts = { title, subject: task.for, organization, now, ...(security ? { security } : {}) };
  const { operations, document: valueReference } = await keeping(file, facts);
  const carried: Partial<Task> =
    row.direction === 'sent'
      ? { input: [...(task.input ?? []), { type: { text: 'Additional information' }, valueReference }] }
      : { output: [...(task.output ?? []), resultingActivity(valueReference)] };
  await repository.write([
    ...operations,
    {
      kind: 'update',
      type: 'Task',
      id: task.id ?? '',
      resource: { ...task, ...carried },
      ifMatch: `W/"${task.meta?.versionId}"`,
    },
  ]);
}

/** A file to be sent to a browser. */
export interface Download {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
  /** It tells of nobody: it stays in the browser's list. */
  name: string;
}

const endings: Record<string, string> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/tiff': 'tif',
  'text/plain': 'txt',
  'text/xml': 'xml',
  'application/xml': 'xml',
};

/** The file of a document, as the actor may read it. */
export async function download(repository: Repository, id: string): Promise<Download> {
  const document = (await repository.read('DocumentReference', id)).resource() as DocumentReference;
  const attachment = document.content?.[0]?.attachment;
  const binary = /(?:^|\/)Binary\/([A-Za-z0-9.-]{1,64})$/.exec(attachment?.url ?? '')?.[1];
  const file = binary
    ? ((await repository.read('Binary', binary)).resource() as Binary)
    : { contentType: attachment?.contentType, data: attachment?.data };
  if (file.data === undefined)
    throw new HubError('not-found', 'The hub does not hold the file of this document.');
  const contentType = file.contentType ?? 'application/octet-stream';
  const ending = endings[contentType.split(';')[0]?.trim() ?? ''] ?? 'bin';
  return {
    bytes: new Uint8Array(Buffer.from(file.data, 'base64')),
    contentType,
    name: `referral-document.${ending}`,
  };
}
