import { randomInt } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Records } from '../../store/store.ts';
import { hashSecret, randomSecret, verifySecret } from '../secrets.ts';
import type { Link } from './link.ts';
import { hashOf } from './link-token.ts';

/**
 * Whether who holds a link also reads what is sent to the contact it was made for. A code goes there; who types it
 * in has the contact, and the browser remembers it for other links to the same contact.
 */
export interface Confirmations {
  /** Whether the browser that sends this secret has confirmed the link's contact. */
  isConfirmed(browser: string | undefined, link: Link): Promise<boolean>;
  /** Six digits, to be told to the contact; HubError('too-many-requests') when too many were asked for. */
  newCode(link: Link, lifetime?: number): Promise<string>;
  /** Whether a code waits to be typed in. */
  awaits(link: Link): Promise<boolean>;
  /** The right code gives the browser's new secret; a wrong one says how many tries are left. */
  check(link: Link, code: string): Promise<{ browser: string } | { triesLeft: number }>;
}

const minute = 60_000;
const day = 1440 * minute;

/** Milliseconds for which a code can be typed in, and for which a browser is remembered. */
export const codeLifetime = 15 * minute;
export const browserLifetime = 90 * day;

/** A code is found by one in 200,000 who has the link and guesses as long as it can. */
const mostTries = 5;
const mostCodesAnHour = 3;

interface Code {
  hash: string;
  /** Tells the tries of this code from those of the one before. */
  at: number;
}

export function createConfirmations(records: Records, clock: Clock): Confirmations {
  const now = () => clock.now().getTime();
  const codeOf = async ({ id }: Link) =>
    (await records.get('link-code', id, now()))?.value as Code | undefined;

  /** One of so many: inserting decides, so that several at once share them and nobody gets one more. */
  async function take(kind: string, id: string, most: number, expires: number): Promise<number | undefined> {
    for (let place = 1; place <= most; place++) {
      const record = { kind, id: `${id}/${place}`, value: null, expires, family: null };
      if (await records.insert(record, now())) return most - place;
    }
    return undefined;
  }

  async function remember(link: Link): Promise<string> {
    const browser = randomSecret();
    const value = { organization: link.organization, contact: link.contact };
    await records.put({
      kind: 'link-browser',
      id: hashOf(browser),
      value,
      expires: now() + browserLifetime,
      family: null,
    });
    return browser;
  }

  return {
    async isConfirmed(browser, { organization, contact }) {
      if (!browser) return false;
      const value = (await records.get('link-browser', hashOf(browser), now()))?.value as
        | Pick<Link, 'organization' | 'contact'>
        | undefined;
      return (
        value?.organization === organization &&
        value.contact.system === contact.system &&
        value.contact.value === contact.value
      );
    },
    async newCode(link, lifetime = codeLifetime) {
      const free = await take('link-code-sent', link.id, mostCodesAnHour, now() + 60 * minute);
      if (free === undefined)
        throw new HubError('too-many-requests', 'Too many codes were asked for: try again in an hour.');
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      const value: Code = { hash: await hashSecret(code), at: now() };
      await records.put({ kind: 'link-code', id: link.id, value, expires: now() + lifetime, family: null });
      return code;
    },
    awaits: async link => (await codeOf(link)) !== undefined,
    async check(link, given) {
      const code = await codeOf(link);
      if (!code) return { triesLeft: 0 };
      const left = await take('link-code-try', `${link.id}/${code.at}`, mostTries, now() + day);
      if (left === undefined) return { triesLeft: 0 };
      const digits = given.replace(/\D/g, '');
      if (digits.length === 6 && (await verifySecret(digits, code.hash))) {
        await records.remove('link-code', link.id);
        return { browser: await remember(link) };
      }
      return { triesLeft: left };
    },
  };
}
