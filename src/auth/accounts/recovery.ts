import { randomInt } from 'node:crypto';
import { digestOf } from './secret-hash.ts';

const howMany = 10;
/** Without those that look like others. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Codes for whoever has lost the second factor: 59 random bits each, good once. */
export const newRecoveryCodes = (): string[] => Array.from({ length: howMany }, newCode);

function newCode(): string {
  const part = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return [part(), part(), part()].join('-');
}

/** As it is kept; undefined for what cannot be such a code. */
export function recoveryDigest(account: string, given: string): string | undefined {
  const code = given.toLowerCase().replace(/[\s-]+/g, '');
  return /^[a-z2-9]{12}$/.test(code) ? digestOf(`recovery ${account}`, code) : undefined;
}
