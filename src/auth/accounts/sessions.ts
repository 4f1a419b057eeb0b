import type { StoredAccount, StoredSession } from '../../store/accounts/types.ts';
import { randomSecret } from '../secrets.ts';
import { cookieIn } from './cookies.ts';
import type { AccountParts } from './parts.ts';
import { digestOf } from './secret-hash.ts';
import { type Post, type Visitor, visitorOf } from './visitor.ts';

/** From where somebody comes. */
export interface Origin {
  /** The `Cookie` header. */
  cookie: string | undefined;
  /** Network address. */
  address: string | undefined;
  /** What the browser calls itself. */
  browser: string | undefined;
}

export interface Sessions {
  /** Gives the secret that the cookie holds. Who has one organization acts for it. */
  begin(account: StoredAccount, posts: readonly Post[], from: Origin, how?: Began): Promise<string>;
  visitor(cookie: string | undefined): Promise<Visitor | undefined>;
  /** Goes on under a new secret, as after every change of what the session may do; undefined when it is over. */
  renew(
    visitor: Visitor,
    change: Partial<Pick<StoredSession, 'organization' | 'factor'>>,
  ): Promise<string | undefined>;
  /** The sessions of the account that are alive, the last used first. */
  list(account: string): Promise<StoredSession[]>;
}

export type Began = Partial<Pick<StoredSession, 'organization' | 'factor'>>;

/** How often at most it is written down that a session is in use. */
const noted = 60_000;

/** Sessions of people: a random secret in the browser, its hash in the database, looked up with every request. */
export function createSessions(parts: AccountParts): Sessions {
  const { store, clock, cookies, session: limits, secondFactor } = parts;
  const hashOf = (secret: string) => digestOf('session', secret);
  const endOf = (started: number, seen: number) => Math.min(started + limits.longest, seen + limits.idle);
  return {
    async begin(account, posts, { address, browser }, how = {}) {
      const secret = randomSecret();
      const now = clock.now().getTime();
      const [only] = posts.length === 1 ? posts : [];
      await store.startSession({
        hash: hashOf(secret),
        account: account.id,
        organization: only?.organization ?? null,
        factor: false,
        started: now,
        seen: now,
        expires: endOf(now, now),
        address: address ?? null,
        browser: browser?.slice(0, 200) ?? null,
        ...how,
      });
      return secret;
    },
    async visitor(cookie) {
      const secret = cookieIn(cookie, cookies.session);
      if (secret === undefined) return undefined;
      const now = clock.now().getTime();
      const found = await store.session(hashOf(secret), now);
      const visitor = found && visitorOf(found, secondFactor);
      if (!visitor) return undefined;
      const { hash, seen, started } = visitor.session;
      if (now - seen >= Math.min(noted, limits.idle / 2))
        await store.touchSession(hash, now, endOf(started, now));
      return visitor;
    },
    async renew({ session }, change) {
      const secret = randomSecret();
      const seen = clock.now().getTime();
      const expires = endOf(session.started, seen);
      const replaced = { ...session, ...change, hash: hashOf(secret), seen, expires };
      return (await store.replaceSession(session.hash, replaced)) ? secret : undefined;
    },
    list: account => store.sessions(account, clock.now().getTime()),
  };
}
