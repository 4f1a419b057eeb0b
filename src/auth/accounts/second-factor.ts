import { HubError } from '../../errors.ts';
import type { StoredAccount } from '../../store/accounts/types.ts';
import { mails } from './mails.ts';
import type { AccountParts } from './parts.ts';
import { newRecoveryCodes, recoveryDigest } from './recovery.ts';
import type { Sessions } from './sessions.ts';
import { attempt } from './throttle.ts';
import { newTotpSecret, stepOf, totpUri } from './totp.ts';
import type { Visitor } from './visitor.ts';

/** A second factor that is not taken up yet. */
export interface Offer {
  /** For the form that confirms it: opens only for this session, for a while. */
  sealed: string;
  /** In base32, to be typed in. */
  secret: string;
  /** For a QR code. */
  uri: string;
}

export interface SecondFactor {
  /** A code of the app, or a recovery code. `wait`: seconds, 0 when it was not right. */
  give(visitor: Visitor, code: string, address?: string): Promise<{ session: string } | { wait: number }>;
  /** Only for who owes it, or has just confirmed the password: the caller sees to that. */
  offer(visitor: Visitor): Promise<Offer>;
  /** The offer in a form that came back; undefined when it is outdated. */
  reopen(visitor: Visitor, sealed: string): Promise<Offer | undefined>;
  /**
   * With the first code of the app it is theirs; the recovery codes are shown this once.
   * HubError `invalid` for a wrong code or an outdated offer.
   */
  enrol(
    visitor: Visitor,
    given: { sealed: string; code: string },
    address?: string,
  ): Promise<{ session: string; recovery: string[] }>;
}

const offered = 30 * 60_000;

export function createSecondFactor(parts: AccountParts, sessions: Sessions): SecondFactor {
  const { store, clock, record } = parts;
  const isRight = async (account: StoredAccount, code: string): Promise<boolean> => {
    const recovery = recoveryDigest(account.id, code);
    if (recovery !== undefined) return store.useRecovery(account.id, recovery);
    if (account.totp === null) return false;
    const secret = parts.seal.open(`totp ${account.id}`, account.totp);
    const step = stepOf(code, secret, clock.now());
    return step !== undefined && store.useStep(account.id, step);
  };
  const nameOf = ({ session }: Visitor) => `offer ${session.hash}`;
  const offerOf = ({ account }: Visitor, sealed: string, secret: string): Offer => ({
    sealed,
    secret,
    uri: totpUri(secret, account.email),
  });
  const reopen: SecondFactor['reopen'] = async (visitor, sealed) => {
    try {
      const [secret = '', until] = parts.seal.open(nameOf(visitor), sealed).split(' ');
      return clock.now().getTime() < Number(until) ? offerOf(visitor, sealed, secret) : undefined;
    } catch {
      // Of another session, or changed: there is no difference to one that is too old.
      return undefined;
    }
  };

  return {
    async give(visitor, code, address) {
      const { account } = visitor;
      const event = { what: 'second-factor', account: account.id, address } as const;
      const tried = await attempt(store, clock, [{ rule: 'factor', of: account.id }]);
      const right = tried.wait === 0 && (await isRight(account, code));
      const session = right ? await sessions.renew(visitor, { factor: true }) : undefined;
      await record({ ...event, done: session !== undefined });
      if (session === undefined) return { wait: tried.wait };
      await tried.right();
      return { session };
    },
    async offer(visitor) {
      const secret = newTotpSecret();
      const until = clock.now().getTime() + offered;
      return offerOf(visitor, parts.seal.close(nameOf(visitor), `${secret} ${until}`), secret);
    },
    reopen,
    async enrol(visitor, { sealed, code }, address) {
      const offer = await reopen(visitor, sealed);
      if (!offer) throw outdated();
      const step = stepOf(code, offer.secret, clock.now());
      if (step === undefined) throw wrongCode();
      const { account } = visitor;
      const recovery = newRecoveryCodes();
      const totp = parts.seal.close(`totp ${account.id}`, offer.secret);
      await store.setFactor(
        account.id,
        totp,
        recovery.map(one => recoveryDigest(account.id, one) ?? ''),
      );
      await store.useStep(account.id, step);
      const session = await sessions.renew(visitor, { factor: true });
      await record({ what: 'change-second-factor', done: true, account: account.id, address });
      if (session === undefined) throw outdated();
      if (account.totp !== null) {
        const mail = mails.changed(account, 'second factor');
        parts.later.run(() => parts.sendMail(mail), 'nobody could be told of a changed second factor');
      }
      return { session, recovery };
    },
  };
}

const wrongCode = (): HubError =>
  new HubError('invalid', {
    text: 'This code is not right. Enter the six digits that the app shows now; if they keep being refused, set the clock of the phone.',
    expression: 'code',
  });

const outdated = (): HubError =>
  new HubError('invalid', 'This page is too old: begin again from the sign-in.');
