import type { RequestListener } from 'node:http';
import type { Provider } from 'oidc-provider/lib/provider.js';
import type { Clock } from '../clock.ts';
import type { Records } from '../store/store.ts';
import { createAdapter } from './adapter.ts';
import type { Authorization, AuthorizationOptions } from './authorization.ts';
import { findClient } from './clients.ts';
import { serverMetadata } from './endpoints.ts';
import { keysByUrl } from './keys-by-url.ts';
import { createProvider } from './provider.ts';
import { createSeal, sealingKey } from './sealing.ts';
import { signingKeys } from './signing-keys.ts';
import type { CodeFlow } from './smart/code-flow.ts';
import type { Grants } from './smart/grants.ts';
import { refreshTokenHolder } from './smart/models.ts';
import type { Tokens } from './tokens.ts';

/** The authorization server as it runs with one set of signing keys. */
export interface Server {
  provider: Provider;
  listener: RequestListener;
}

export async function startServer(
  options: AuthorizationOptions,
  parts: { tokens: Tokens; grants: Grants; issue: Authorization['issueToken']; flow: CodeFlow },
): Promise<Server> {
  const { store, clock, issuer, audience, keyFolder, secretKey, log, record, refusals } = options;
  const { records } = store;
  const seal = createSeal(await sealingKey(secretKey, keyFolder));
  const keys = await signingKeys(records, clock, seal);
  const keysOf = keysByUrl(options.outgoing, clock, log);
  const provider = createProvider({
    issuer,
    audience,
    keys,
    adapter: createAdapter(records, clock, { ...parts, keysOf }),
    issue: parts.issue,
    flow: parts.flow,
    mayIntrospect: introspection(records, clock),
    publicHolder: publicHolder(records, clock),
    clock,
    log,
    metadata: () => serverMetadata(issuer),
    ...(record ? { record } : {}),
    ...(refusals ? { refusals } : {}),
  });
  return { provider, listener: provider.callback() };
}

/** A refresh token says by itself whose it is, where its client is a public one. */
const publicHolder = (records: Records, clock: Clock) => async (refreshToken: string) => {
  const id = await refreshTokenHolder(records, clock, refreshToken);
  const client = id === undefined ? undefined : await findClient(records, clock, id);
  return client?.public ? client.clientId : undefined;
};

/** A token is explained to who holds it, and to the confidential clients of the same organization: its APIs. */
const introspection = (records: Records, clock: Clock) => async (asking: string, holder: string) => {
  if (asking === holder) return true;
  const [client, other] = await Promise.all([
    findClient(records, clock, asking),
    findClient(records, clock, holder),
  ]);
  return client !== undefined && !client.public && client.organization === other?.organization;
};
