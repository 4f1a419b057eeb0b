import type { Bundle } from '@medplum/fhirtypes';
import type { Context } from 'hono';
import { type PrintFormat, printPacket } from '../web/packet/print.ts';
import { answer, setHeader } from './answer.ts';

/** A document as a page or PDF, where the caller asks for it; undefined where it asks for FHIR. */
export async function sendPrinted(c: Context, json: string): Promise<Response | undefined> {
  const format = c.get('print') as PrintFormat | undefined;
  if (!format) return undefined;
  const { body, headers } = await printPacket(JSON.parse(json) as Bundle, format);
  for (const [name, value] of Object.entries(headers)) setHeader(c, name, value);
  return answer(c, body, 200);
}
