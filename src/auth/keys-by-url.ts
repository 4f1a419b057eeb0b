import { decodeProtectedHeader, type JWK } from 'jose';
import { Provider } from 'oidc-provider/lib/provider.js';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { OutgoingPolicy } from '../exchange/outgoing-url.ts';
import { createClientJwks, fetchingKeys } from './client-jwks.ts';

/** The keys that a client publishes, asked for again when the assertion that is being judged names an unknown one. */
export function keysByUrl(
  policy: OutgoingPolicy,
  clock: Clock,
  log: Pick<Logger, 'warn'>,
): (uri: string) => Promise<JWK[]> {
  const known = createClientJwks(fetchingKeys(policy), clock, log);
  return uri => known.keys(uri, kidOf(Provider.ctx?.oidc?.params?.client_assertion));
}

/** What cannot be read is refused when the assertion is judged. */
function kidOf(assertion: unknown): string | undefined {
  if (typeof assertion !== 'string') return undefined;
  try {
    return decodeProtectedHeader(assertion).kid;
  } catch {
    return undefined;
  }
}
