import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  to: string;
  subject: string;
  /** Decoded. */
  text: string;
}

/** A real mail server on the loopback, and what it was given. */
export interface MailServer {
  /** For HUB_SMTP_URL. */
  url: string;
  received: ReceivedMail[];
  /** The newest mail to an address; waits for one that comes after `known`. */
  mailTo(address: string, known?: ReceivedMail): Promise<ReceivedMail>;
  stop(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, session, done) {
      text(stream).then(raw => {
        const to = session.envelope.rcptTo.map(one => one.address).join(', ');
        received.push({ to, ...parsed(raw) });
        done();
      }, done);
    },
  });
  const listening = await new Promise<AddressInfo>(resolve => {
    const socket = server.listen(0, '127.0.0.1', () => resolve(socket.address() as AddressInfo));
  });
  return {
    url: `smtp://127.0.0.1:${listening.port}`,
    received,
    async mailTo(address, known) {
      for (let tries = 0; tries < 500; tries++) {
        const newest = received.findLast(mail => mail.to === address);
        if (newest && newest !== known) return newest;
        await new Promise(resolve => setTimeout(resolve, 10));
      }
      throw new Error(`no mail to ${address} among ${received.length}`);
    },
    stop: () => new Promise(resolve => server.close(() => resolve())),
  };
}

/** The one address in a mail that begins with this path. */
export function linkIn(mail: ReceivedMail, path: string): string {
  const link = mail.text
    .split(/\s+/)
    .find(word => /^https?:/.test(word) && new URL(word).pathname.startsWith(path));
  if (!link) throw new Error(`the mail “${mail.subject}” has no link to ${path}`);
  return link;
}

/** Of a mail with one part of plain text. */
function parsed(raw: string): Omit<ReceivedMail, 'to'> {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const body = raw.slice(end + 4);
  const subject = /^Subject: (.*)$/m.exec(head)?.[1]?.trim() ?? '';
  const quoted = /^Content-Transfer-Encoding: quoted-printable/im.test(head);
  return { subject, text: quoted ? unquoted(body) : body };
}

function unquoted(text: string): string {
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
