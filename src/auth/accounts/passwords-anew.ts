import type { StoredAccount } from '../../store/accounts/types.ts';
import { type MailedLinks, requirePassword } from './links.ts';
import { mails } from './mails.ts';
import type { AccountParts } from './parts.ts';
import { normalEmail, type PasswordSignIn } from './password-sign-in.ts';
import { hashPassword } from './passwords.ts';
import type { Origin, Sessions } from './sessions.ts';
import { attempt } from './throttle.ts';
import { postsOf, type Visitor } from './visitor.ts';

export interface PasswordsAnew {
  /**
   * Sends a link when there is such an account. Nothing is looked up before the answer, so that it and its time are
   * the same whether there is one or not.
   */
  askReset(email: string, from: Origin): void;
  reset(secret: string, password: string, from: Origin): Promise<void>;
  /** Takes an invitation up, and begins the first session. */
  accept(
    secret: string,
    password: string,
    from: Origin,
  ): Promise<{ session: string; account: StoredAccount }>;
  /** For who is signed in: all other sessions end. `wait` when the present password is not right. */
  change(
    visitor: Visitor,
    given: { current: string; password: string },
    from: Origin,
  ): Promise<{ session: string } | { wait: number }>;
}

export function createPasswordsAnew(
  parts: AccountParts,
  { sessions, links, passwords }: { sessions: Sessions; links: MailedLinks; passwords: PasswordSignIn },
): PasswordsAnew {
  const { store, clock, record, later } = parts;
  const tellOfChange = (account: StoredAccount) =>
    later.run(
      () => parts.sendMail(mails.changed(account, 'password')),
      'nobody could be told of a changed password',
    );

  async function sendLink(given: string, { address }: Origin): Promise<void> {
    const email = normalEmail(given);
    const tried = await attempt(store, clock, [
      { rule: 'mails', of: email },
      { rule: 'mailsFromAddress', of: `${address}` },
    ]);
    const account = await store.byEmail(email);
    const mailed = tried.wait === 0 && account !== undefined && !account.suspended;
    await record({ what: 'ask-reset', done: mailed, account: account?.id, address });
    if (!mailed) return;
    // Whoever has not chosen a password yet is sent the invitation again.
    if (account.password === null) {
      const link = await links.make(account.id, 'invitation');
      await parts.sendMail(mails.invitation(account, 'Your organization', link));
    } else await parts.sendMail(mails.reset(account, await links.make(account.id, 'reset')));
  }

  return {
    askReset: (email, from) =>
      later.run(() => sendLink(email, from), 'a link to a new password could not be sent'),
    async reset(secret, password, { address }) {
      const account = await links.choosePassword(secret, 'reset', password);
      await parts.endTokens(account.id);
      await record({ what: 'reset', done: true, account: account.id, address });
      tellOfChange(account);
    },
    async accept(secret, password, from) {
      const account = await links.choosePassword(secret, 'invitation', password);
      await record({ what: 'accept', done: true, account: account.id, address: from.address });
      const posts = postsOf(await store.memberships(account.id));
      return { session: await sessions.begin(account, posts, from), account };
    },
    async change(visitor, { current, password }, from) {
      const { account, posts, session } = visitor;
      requirePassword(password, account);
      const confirmed = await passwords.confirm(account, current, from);
      if (confirmed !== 'right') return confirmed;
      await store.setPassword(account.id, await hashPassword(password));
      await parts.endTokens(account.id);
      const { organization, factor } = session;
      const secret = await sessions.begin(account, posts, from, { organization, factor });
      await record({ what: 'change-password', done: true, account: account.id, address: from.address });
      tellOfChange(account);
      return { session: secret };
    },
  };
}
