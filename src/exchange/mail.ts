import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html?: string;
}

/** Resolves when the mail was handed over; HubError `unavailable` when it cannot be. */
export type SendMail = (mail: Mail) => Promise<void>;

export type MailConfig = Pick<Config, 'smtpUrl' | 'mailFrom' | 'env' | 'data'>;

/**
 * Mails go to the configured server. Without one they become files in `data/mail`, for a developer to read;
 * in production there is no such way out, and sending fails.
 */
export function createMail(config: MailConfig, clock: Clock): SendMail {
  if (config.smtpUrl !== undefined) return overSmtp(config.smtpUrl, config.mailFrom);
  if (config.env === 'production') return refused;
  return intoFolder(join(config.data, 'mail'), config.mailFrom, clock);
}

/** Milliseconds that a mail server may take for each step: a person waits for some of the mails. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

function overSmtp(url: string, from: string): SendMail {
  const transport = createTransport({ url, ...patience });
  return async mail => {
    try {
      await transport.sendMail({ from, ...mail });
    } catch (error) {
      // The server's own words may quote the address: only their code is told.
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      throw new HubError('unavailable', `The mail server did not take the mail${code}: see HUB_SMTP_URL.`);
    }
  };
}

function intoFolder(folder: string, from: string, clock: Clock): SendMail {
  const transport = createTransport({ streamTransport: true, buffer: true });
  let count = 0;
  return async mail => {
    const { message } = await transport.sendMail({ from, date: clock.now(), ...mail });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const name = `${clock.now().toISOString().replaceAll(':', '-')}-${process.pid}-${++count}.eml`;
    await writeFile(join(folder, name), message, { mode: 0o600, flag: 'wx' });
  };
}

const refused: SendMail = async () => {
  throw new HubError(
    'unavailable',
    'No mail server is configured: set HUB_SMTP_URL (smtp://user:password@host:port) and HUB_MAIL_FROM.',
  );
};
