import { hash } from 'node:crypto';
import { InvalidGrant } from 'oidc-provider/lib/helpers/errors.js';
import type { Adapter } from 'oidc-provider/lib/provider.js';
import type { Clock } from '../../clock.ts';
import type { Records } from '../../store/store.ts';
import { type Grants, grantFamily } from './grants.ts';

const digest = (value: string) => hash('sha256', value, 'base64url');

interface Parts {
  records: Records;
  clock: Clock;
  grants: Grants;
}

/** Kinds of records by model of oidc-provider; access tokens lie where the hub looks up every bearer token. */
const kindOf = {
  AccessToken: 'access-token',
  AuthorizationCode: 'authorization-code',
  RefreshToken: 'refresh-token',
  Interaction: 'interaction',
} as const;

export type AppModel = keyof typeof kindOf | 'Grant' | 'Session';

export const isAppModel = (model: string): model is AppModel =>
  model in kindOf || model === 'Grant' || model === 'Session';

/**
 * What the code flow keeps, each under the SHA-256 of its value, so that a stolen database gives no usable code or
 * token. `nothing` has what a model has no use for.
 */
export function appModel(parts: Parts, model: AppModel, nothing: Adapter): Adapter {
  if (model === 'Grant') return grantModel(parts, nothing);
  if (model === 'Session') return noSession(nothing);
  const { records, clock, grants } = parts;
  const kind = kindOf[model];
  const now = () => clock.now().getTime();
  return {
    ...nothing,
    async upsert(id, { jti: _jti, ...payload }, expiresIn) {
      const grant = payload.grantId;
      const family = typeof grant === 'string' ? grantFamily(grant) : null;
      await records.put({ kind, id: digest(id), value: payload, expires: now() + expiresIn * 1000, family });
    },
    async find(id) {
      const record = await records.get(kind, digest(id), now());
      const payload = record?.value as Record<string, unknown> | undefined;
      if (payload?.kind !== model) return undefined;
      const used = await records.get(`${kind}-used`, digest(id), now());
      return { ...payload, jti: id, ...(used ? { consumed: used.value } : {}) };
    },
    /** Of any number that use a code or a refresh token at once the first wins; the others end all it has led to. */
    async consume(id) {
      const record = await records.get(kind, digest(id), now());
      const grant = (record?.value as { grantId?: string } | undefined)?.grantId;
      const used = {
        kind: `${kind}-used`,
        id: digest(id),
        value: Math.floor(now() / 1000),
        expires: record?.expires ?? now(),
        // Not of the grant's family: it outlives the grant, for one more who has read the record before that ended.
        family: null,
      };
      if (record && (await records.insert(used, now()))) return;
      if (grant !== undefined) await grants.end(grant);
      throw new InvalidGrant('it was used already');
    },
    destroy: id => records.remove(kind, digest(id)),
    // All of a grant ends with the grant itself; a revoked access token leaves the rest as it is.
    revokeByGrantId: async () => {},
  };
}

function grantModel({ grants }: Parts, nothing: Adapter): Adapter {
  return {
    ...nothing,
    upsert: (id, { jti: _jti, ...payload }, expiresIn) => grants.save(id, payload, expiresIn),
    async find(id) {
      const payload = await grants.find(id);
      return payload && { ...payload, jti: id };
    },
    destroy: id => grants.end(id),
  };
}

/** Who is signed in is known by the hub's own session (`People`): oidc-provider keeps none beside it. */
function noSession(nothing: Adapter): Adapter {
  return { ...nothing, upsert: async () => {}, destroy: async () => {} };
}

/** The client that a refresh token was given to, used already or not. */
export async function refreshTokenHolder(
  records: Records,
  clock: Clock,
  token: string,
): Promise<string | undefined> {
  const record = await records.get(kindOf.RefreshToken, digest(token), clock.now().getTime());
  return (record?.value as { clientId?: string } | undefined)?.clientId;
}
