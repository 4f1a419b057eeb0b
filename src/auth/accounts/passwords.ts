import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/**
 * What OWASP asks of Argon2id at the least: 19 MiB, two passes, one lane
 * (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html). A hash made with other
 * parameters is made anew at the next sign-in.
 */
const current = { memory: 19_456, passes: 2, parallelism: 1 };
const hashLength = 32;

/** Derived in the thread pool. In PHC form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string, parameters = current): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive('argon2id', {
    message: bytesOf(password),
    nonce: salt,
    tagLength: hashLength,
    ...parameters,
  });
  const { memory, passes, parallelism } = parameters;
  const written = `m=${memory},t=${passes},p=${parallelism}`;
  return ['', 'argon2id', 'v=19', written, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

/** A password that was given against the hash that is kept; without one it takes as long, and is wrong. */
export async function verifyPassword(
  password: string,
  kept: string | null | undefined,
): Promise<{ right: boolean; outdated: boolean }> {
  const [, memory, passes, parallelism, salt, hash] = phc.exec(kept ?? nobodys) ?? [];
  if (!salt || !hash) throw new Error('A stored password is not in the form $argon2id$…');
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const expected = Buffer.from(hash, 'base64url');
  const actual = await derive('argon2id', {
    message: bytesOf(password),
    nonce: Buffer.from(salt, 'base64url'),
    tagLength: expected.length,
    ...parameters,
  });
  const right = timingSafeEqual(actual, expected) && kept !== null && kept !== undefined;
  const outdated = Object.entries(current).some(
    ([name, value]) => parameters[name as keyof typeof current] !== value,
  );
  return { right, outdated };
}

/** The same characters however they were typed (NIST SP 800-63B, 3.1.1.2). */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFKC'));

/** What nobody's password is compared with. */
const nobodys = `$argon2id$v=19$m=${current.memory},t=${current.passes},p=${current.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
