import { createHmac } from 'node:crypto';

/**
 * The headers that tell who sent a message, when, and that it is whole: https://www.standardwebhooks.com
 * (HMAC-SHA256 over `id.timestamp.body`).
 */
export function signed(secret: string, id: string, now: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
