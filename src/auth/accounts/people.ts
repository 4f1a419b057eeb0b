import type { People, SignedInPerson } from '../people.ts';
import type { CookieNames } from './cookies.ts';
import { createDemoSignIn, type DemoSignIn } from './demo.ts';
import { createMailedLinks, type MailedLinks } from './links.ts';
import { createManagement, type Management } from './management.ts';
import { createNoticeWishes, type NoticeWishes } from './notice-wishes.ts';
import type { AccountParts } from './parts.ts';
import { createPasswordSignIn, type PasswordSignIn } from './password-sign-in.ts';
import { createPasswordsAnew, type PasswordsAnew } from './passwords-anew.ts';
import { createSecondFactor, type SecondFactor } from './second-factor.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { personOf, postsOf, type Visitor } from './visitor.ts';

/** All about the people of a hub: who they are, how they sign in, and who may say so. */
export interface Accounts extends People {
  readonly cookies: CookieNames;
  readonly sessions: Pick<Sessions, 'list' | 'visitor'>;
  readonly passwords: PasswordSignIn;
  readonly secondFactor: SecondFactor;
  readonly anew: PasswordsAnew;
  readonly links: Pick<MailedLinks, 'whose'>;
  readonly management: Management;
  readonly wishes: NoticeWishes;
  /** Only in a network that is fictional. */
  readonly demo?: DemoSignIn;
  /** For whom they act from now on, under a new session id. Undefined when they may not. */
  chooseOrganization(visitor: Visitor, organization: string, address?: string): Promise<string | undefined>;
  signOut(visitor: Visitor, address?: string): Promise<void>;
  /** Ends one of their sessions, by the hash it is listed under. */
  endSession(visitor: Visitor, hash: string, address?: string): Promise<void>;
  /** Everywhere, this browser and the apps included. */
  signOutEverywhere(visitor: Visitor, address?: string): Promise<void>;
  recoveryLeft(account: string): Promise<number>;
}

export function createPeople(parts: AccountParts): Accounts {
  const { store, record, cookies } = parts;
  const sessions = createSessions(parts);
  const passwords = createPasswordSignIn(parts, sessions);
  const links = createMailedLinks(parts);
  const signedOut = ({ account }: Visitor, address: string | undefined) =>
    record({ what: 'sign-out', done: true, account: account.id, address });
  return {
    cookies,
    sessions,
    passwords,
    secondFactor: createSecondFactor(parts, sessions),
    anew: createPasswordsAnew(parts, { sessions, links, passwords }),
    links,
    management: createManagement(parts, links),
    wishes: createNoticeWishes(parts.hub),
    ...(parts.demo ? { demo: createDemoSignIn(parts, sessions) } : {}),
    fromCookie: async cookie => (await sessions.visitor(cookie))?.person,
    async find(account, organization): Promise<SignedInPerson | undefined> {
      const [known, memberships] = await Promise.all([store.byId(account), store.memberships(account)]);
      const post = postsOf(memberships).find(one => one.organization === organization);
      return known && !known.suspended && post ? personOf(known, post) : undefined;
    },
    async chooseOrganization(visitor, organization, address) {
      if (!visitor.posts.some(post => post.organization === organization)) return undefined;
      const session = await sessions.renew(visitor, { organization });
      const { id: account } = visitor.account;
      await record({
        what: 'choose-organization',
        done: session !== undefined,
        account,
        organization,
        address,
      });
      return session;
    },
    async signOut(visitor, address) {
      await store.endSession(visitor.session.hash);
      await signedOut(visitor, address);
    },
    async endSession(visitor, hash, address) {
      const own = await sessions.list(visitor.account.id);
      if (!own.some(one => one.hash === hash)) return;
      await store.endSession(hash);
      await signedOut(visitor, address);
    },
    async signOutEverywhere(visitor, address) {
      await store.endSessions(visitor.account.id);
      await parts.endTokens(visitor.account.id);
      await signedOut(visitor, address);
    },
    recoveryLeft: account => store.recoveryLeft(account),
  };
}
