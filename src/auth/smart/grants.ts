import type { Clock } from '../../clock.ts';
import type { Records } from '../../store/store.ts';
import { familyOf } from '../clients.ts';
import type { LaunchContext } from './launch-context.ts';

/** The family of all that was issued on a grant. */
export const grantFamily = (id: string): string => `grant/${id}`;

const kind = 'grant';
const contextKind = 'grant-context';

/** What people have allowed apps: everything that was issued on a grant ends with it. */
export interface Grants {
  /** What oidc-provider keeps of it. */
  find(id: string): Promise<Record<string, unknown> | undefined>;
  /** Says what the app is told, before the grant itself is written. */
  setContext(id: string, context: LaunchContext): Promise<void>;
  context(id: string): Promise<LaunchContext>;
  save(id: string, payload: Record<string, unknown>, expiresIn: number): Promise<void>;
  /** At once, with all that was issued on it. */
  end(id: string): Promise<void>;
}

/** Seconds for which a grant lasts, and with it the longest chain of refresh tokens: 90 days. */
export const grantTtl = 90 * 86_400;

export function createGrants(records: Records, clock: Clock): Grants {
  const now = () => clock.now().getTime();
  return {
    async find(id) {
      return (await records.recall(kind, id, now()))?.value as Record<string, unknown> | undefined;
    },
    async setContext(id, context) {
      const expires = now() + grantTtl * 1000;
      await records.put({ kind: contextKind, id, value: context, expires, family: grantFamily(id) });
    },
    async context(id) {
      return ((await records.recall(contextKind, id, now()))?.value ?? {}) as LaunchContext;
    },
    async save(id, payload, expiresIn) {
      const expires = now() + expiresIn * 1000;
      const family = familyOf(String(payload.clientId));
      await records.put({ kind, id, value: payload, expires, family });
    },
    async end(id) {
      await records.remove(kind, id);
      await records.removeFamily(grantFamily(id));
    },
  };
}
