import type { StoredAccount } from '../../store/accounts/types.ts';
import { randomSecret } from '../secrets.ts';
import { cookieIn } from './cookies.ts';
import type { AccountParts } from './parts.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { digestOf } from './secret-hash.ts';
import type { Origin, Sessions } from './sessions.ts';
import { attempt, type Counted } from './throttle.ts';
import { postsOf } from './visitor.ts';

/** `wait`: seconds until the next try is listened to. Otherwise it was not right; why is not said. */
export type SignedIn = { session: string } | { wait: number };

/** E-mail addresses are compared as they are written in lower case. */
export const normalEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

const device = { lifetime: 365 * 24 * 3_600_000 };

export interface PasswordSignIn {
  /**
   * The first step: a session that still owes what else is needed. The answer and its time are the same for a wrong
   * password, no account, one that is suspended, and one whose invitation is open.
   */
  signIn(given: { email: string; password: string }, from: Origin): Promise<SignedIn>;
  /** Whether it is their password: asked again before what matters. `wait` as above. */
  confirm(account: StoredAccount, password: string, from: Origin): Promise<'right' | { wait: number }>;
  /** Remembers this browser as one of the account's; gives the secret of its cookie, if it has none yet. */
  rememberDevice(account: string, cookie: string | undefined): Promise<string | undefined>;
}

export function createPasswordSignIn(parts: AccountParts, sessions: Sessions): PasswordSignIn {
  const { store, clock, record, cookies } = parts;
  const isKnown = async (account: string, cookie: string | undefined) => {
    const secret = cookieIn(cookie, cookies.device);
    return secret !== undefined && store.isDevice(digestOf('device', secret), account, clock.now().getTime());
  };
  const counted = async (email: string, account: string, { cookie, address }: Origin): Promise<Counted[]> =>
    (await isKnown(account, cookie))
      ? [{ rule: 'device', of: `${account} ${cookieIn(cookie, cookies.device)}` }]
      : [
          { rule: 'accountAtAddress', of: `${email} ${address}` },
          { rule: 'account', of: email },
          { rule: 'address', of: `${address}` },
        ];

  return {
    async signIn({ email: given, password }, from) {
      const email = normalEmail(given);
      const account = await store.byEmail(email);
      const tried = await attempt(store, clock, await counted(email, account?.id ?? '', from));
      const about = { account: account?.id, address: from.address };
      if (tried.wait > 0) {
        await record({ what: 'password', done: false, ...about });
        return { wait: tried.wait };
      }
      const { right, outdated } = await verifyPassword(password, account?.password);
      const posts = postsOf(await store.memberships(account?.id ?? ''));
      if (!account || !right || account.suspended || posts.length === 0) {
        await record({ what: 'password', done: false, ...about });
        return { wait: 0 };
      }
      await tried.right();
      if (outdated && account.password)
        await store.rehash(account.id, account.password, await hashPassword(password));
      await record({ what: 'password', done: true, ...about });
      return { session: await sessions.begin(account, posts, from) };
    },
    async confirm(account, password, from) {
      const tried = await attempt(store, clock, await counted(account.email, account.id, from));
      if (tried.wait > 0) return { wait: tried.wait };
      const { right } = await verifyPassword(password, account.password);
      await record({ what: 'password', done: right, account: account.id, address: from.address });
      if (!right) return { wait: 0 };
      await tried.right();
      return 'right';
    },
    async rememberDevice(account, cookie) {
      if (await isKnown(account, cookie)) return undefined;
      const secret = randomSecret();
      const expires = clock.now().getTime() + device.lifetime;
      await store.addDevice({ hash: digestOf('device', secret), account, expires });
      return secret;
    },
  };
}
