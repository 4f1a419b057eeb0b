import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Context } from 'hono';
import type { StatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { HubError } from '../errors.ts';
import { answer, setHeader } from './answer.ts';
import { fhirJson, inAskedFormat } from './format.ts';

/** Every failure as an OperationOutcome; what nobody foresaw is logged and told as no more than that. */
export function outcomeFor(error: unknown, log: Logger): { status: number; outcome: OperationOutcome } {
  if (error instanceof HubError) {
    return { status: error.status, outcome: { resourceType: 'OperationOutcome', issue: error.issues } };
  }
  log.error({ err: error }, 'request failed');
  const text = 'The hub failed to answer; nothing was changed. The operator finds the cause in the log.';
  return {
    status: 500,
    outcome: {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'fatal', code: 'exception', details: { text } }],
    },
  };
}

export function sendOutcome(c: Context, status: number, outcome: OperationOutcome): Response {
  if (status === 401) setHeader(c, 'WWW-Authenticate', 'Bearer');
  setHeader(c, 'Content-Type', fhirJson);
  return answer(c, inAskedFormat(c, JSON.stringify(outcome)), status as StatusCode);
}

/** A note of success where a body was asked for (`Prefer: return=OperationOutcome`). */
export const success = (text: string): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational', details: { text } }],
});
