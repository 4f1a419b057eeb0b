import { HubError } from '../../errors.ts';
import type { StoredAccount, StoredLink } from '../../store/accounts/types.ts';
import { randomSecret } from '../secrets.ts';
import type { AccountParts } from './parts.ts';
import { faultOfPassword } from './password-rule.ts';
import { hashPassword } from './passwords.ts';
import { digestOf } from './secret-hash.ts';

const hour = 3_600_000;
const lifetime = { invitation: 7 * 24 * hour, reset: hour } as const;

/** Links that are sent by mail: good once, for a while, and kept as hashes. Opening one changes nothing. */
export interface MailedLinks {
  /** The address of the page where a password is chosen. */
  make(account: string, purpose: StoredLink['purpose']): Promise<string>;
  /** Whose it is; undefined when it is used, outdated or none. */
  whose(secret: string, purpose: StoredLink['purpose']): Promise<StoredAccount | undefined>;
  /**
   * Uses the link up for a new password, which ends all sessions. HubError `invalid` for a password that cannot be
   * taken (the link stays good), `gone` when the link is not good (any more).
   */
  choosePassword(secret: string, purpose: StoredLink['purpose'], password: string): Promise<StoredAccount>;
}

export function createMailedLinks({ store, clock, baseUrl }: AccountParts): MailedLinks {
  const hashOf = (secret: string) => digestOf('link', secret);
  const now = () => clock.now().getTime();
  const ofAccount = async (link: StoredLink | undefined, purpose: StoredLink['purpose']) => {
    if (link?.purpose !== purpose) return undefined;
    const account = await store.byId(link.account);
    return account?.suspended ? undefined : account;
  };
  const whose: MailedLinks['whose'] = async (secret, purpose) =>
    ofAccount(await store.link(hashOf(secret), now()), purpose);
  return {
    async make(account, purpose) {
      const secret = randomSecret();
      await store.addLink({ hash: hashOf(secret), account, purpose, expires: now() + lifetime[purpose] });
      return `${baseUrl}/${purpose === 'reset' ? 'password' : 'invitation'}/${secret}`;
    },
    whose,
    async choosePassword(secret, purpose, password) {
      const account = await whose(secret, purpose);
      if (!account) throw notGood();
      requirePassword(password, account);
      const hash = await hashPassword(password);
      if (!(await store.takeLink(hashOf(secret), now()))) throw notGood();
      await store.setPassword(account.id, hash);
      return { ...account, password: hash };
    },
  };
}

/** HubError `invalid` says why it cannot be taken. */
export function requirePassword(
  password: string,
  { name, email }: Pick<StoredAccount, 'name' | 'email'>,
): void {
  const fault = faultOfPassword(password, [name, email]);
  if (fault !== undefined) throw new HubError('invalid', { text: fault, expression: 'password' });
}

const notGood = (): HubError =>
  new HubError('gone', 'This link was used already, or is too old. Ask for a new one.');
