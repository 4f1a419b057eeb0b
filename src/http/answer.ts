import type { Context } from 'hono';
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status';

const key = 'answerHeaders';

/**
 * From here on the headers of this answer are gathered in a plain record. What Hono gathers goes through a Headers
 * object, which is checked, sorted and taken apart again: a tenth of the time of a read.
 */
export function gatherHeaders(c: Context, headers: Readonly<Record<string, string>>): void {
  c.set(key, { ...headers });
}

/** Sets a header of the answer; names are written as in `Content-Type`. */
export function setHeader(c: Context, name: string, value: string): void {
  const gathered = c.get(key) as Record<string, string> | undefined;
  if (gathered) gathered[name] = value;
  else c.header(name, value);
}

/** The answer, with the headers that were set. */
export function answer(
  c: Context,
  body: string | Uint8Array<ArrayBuffer> | null,
  status: StatusCode,
): Response {
  const gathered = c.get(key) as Record<string, string> | undefined;
  if (gathered) return new Response(body, { status, headers: gathered });
  return body === null ? c.body(null, status) : c.body(body, status as ContentfulStatusCode);
}
