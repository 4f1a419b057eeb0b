import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, stepOf, totpUri } from './totp.ts';

const secret = Secret.fromLatin1('12345678901234567890').base32;
const at = (seconds: number) => new Date(seconds * 1000);

describe('a code', () => {
  // https://www.rfc-editor.org/rfc/rfc6238#appendix-B , the last six digits.
  it.each([
    [59, '287082', 1],
    [1111111109, '081804', 37037036],
    [1111111111, '050471', 37037037],
    [1234567890, '005924', 41152263],
    [2000000000, '279037', 66666666],
  ])('at %i is %s', (seconds, code, step) => expect(stepOf(code, secret, at(seconds))).toBe(step));

  it.each([
    ['of the step before', -30, true],
    ['of the step after', 30, true],
    ['of two steps before', -60, false],
    ['of two steps after', 60, false],
  ])('%s: %s seconds, taken %s', (_name, shift, taken) => {
    const now = 1_234_567_890;
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: (now + shift) * 1000,
    });
    expect(stepOf(code, secret, at(now)) !== undefined).toBe(taken);
  });

  it.each(['', '12345', '1234567', 'abcdef', '28708２', '-87082'])('%j is none', code =>
    expect(stepOf(code, secret, at(59))).toBeUndefined(),
  );

  it('may have spaces', () => expect(stepOf(' 287 082 ', secret, at(59))).toBe(1));
});

it('names the hub and the account to the app', () => {
  const uri = new URL(totpUri(newTotpSecret(), 'ada@general.example'));
  expect(uri.protocol).toBe('otpauth:');
  expect(uri.searchParams.get('issuer')).toBe('Warm Handoff');
  expect(decodeURIComponent(uri.pathname)).toContain('ada@general.example');
});
