import { HubError } from '../errors.ts';
import type { Audit } from './audit.ts';
import type { AuditRequest } from './entry.ts';

/** Does what tells who is calling, and records it when nobody is known to be. */
export async function recordingRefusal<T>(
  audit: Audit,
  request: AuditRequest,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HubError && error.kind === 'unauthorized') {
      const agent = { kind: 'unknown', id: 'unknown' } as const;
      await audit.record({ kind: 'refusal', outcome: 'refused', why: 'unauthorized', agent, request });
    }
    throw error;
  }
}
