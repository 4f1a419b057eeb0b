import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { AuditRequest } from '../audit/entry.ts';
import { setHeader } from './answer.ts';

/**
 * What the audit tells of a request: the id that the caller gave it (X-Request-Id), or a new one, which is told in
 * the answer; and the address of the other end of the connection. What a proxy says of it is not believed.
 */
export function requestOf(c: Context): AuditRequest {
  const given = c.req.header('x-request-id');
  const id = given !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID();
  setHeader(c, 'X-Request-Id', id);
  const { incoming } = c.env as Partial<HttpBindings>;
  const address = incoming?.socket.remoteAddress;
  return { id, ...(address === undefined ? {} : { address }) };
}
