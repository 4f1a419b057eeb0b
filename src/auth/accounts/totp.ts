import { Secret, TOTP } from 'otpauth';

/** https://www.rfc-editor.org/rfc/rfc6238 : what every authenticator app understands. */
const settings = { issuer: 'Warm Handoff', algorithm: 'SHA1', digits: 6, period: 30 } as const;

/** A new secret, in base32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** What the app is given, as a QR code or typed in. */
export const totpUri = (secret: string, email: string): string => totpOf(secret, email).toString();

/**
 * The time step that a code belongs to, the one before and the one after the present included, for clocks differ;
 * undefined for a wrong code. Whether the step was used before is for the caller to find out.
 */
export function stepOf(code: string, secret: string, now: Date): number | undefined {
  const token = code.replace(/\s+/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const timestamp = now.getTime();
  const totp = totpOf(secret, '');
  const delta = totp.validate({ token, timestamp, window: 1 });
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}

const totpOf = (secret: string, label: string): TOTP =>
  new TOTP({ ...settings, label, secret: Secret.fromBase32(secret) });
