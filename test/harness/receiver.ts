import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came in at a receiver of notifications. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON came
  json: any;
}

/** A receiver of notifications that really listens. */
export interface Receiver {
  url: string;
  received: Received[];
  /** How it answers from now on: a status, or `hang` for no answer at all. */
  answer(how: Answering): void;
  close(): Promise<void>;
}

export type Answering = number | 'hang' | ((received: Received) => number | Promise<number>);

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let how: Answering = 200;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', part => parts.push(part));
    request.on('end', async () => {
      const body = Buffer.concat(parts).toString();
      const one: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        at: performance.now(),
        json: body.startsWith('{') ? JSON.parse(body) : undefined,
      };
      received.push(one);
      if (how === 'hang') return;
      response.statusCode = typeof how === 'number' ? how : await how(one);
      if (response.statusCode === 302) response.setHeader('location', 'http://127.0.0.1:1/');
      response.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: next => {
      how = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Whether the message was signed with the secret, as a receiver checks it (https://www.standardwebhooks.com). */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}
