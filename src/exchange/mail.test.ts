import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeClock } from '../../test/harness/clock.ts';
import { startMailServer } from '../../test/harness/mail-server.ts';
import { createMail } from './mail.ts';

const mail = { to: 'ada@clinic.example', subject: 'Grüße', text: 'Ein Wort\n\nund noch eines.' };
const from = 'Hub <hub@network.example>';
let data: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'hub-mail-'));
});
afterAll(() => rm(data, { recursive: true }));

const config = (more: { smtpUrl?: string; env?: 'test' | 'production' }) => ({
  smtpUrl: more.smtpUrl,
  env: more.env ?? ('test' as const),
  mailFrom: from,
  data,
});

it('goes to the mail server', async () => {
  const server = await startMailServer();
  try {
    await createMail(config({ smtpUrl: server.url, env: 'production' }), fakeClock())(mail);
    expect(await server.mailTo(mail.to)).toMatchObject({
      text: expect.stringMatching(/^Ein Wort\r\n\r\nund noch/),
    });
  } finally {
    await server.stop();
  }
});

it('says when the server does not take it, without the address', async () => {
  const server = await startMailServer();
  await server.stop();
  const sent = createMail(config({ smtpUrl: server.url }), fakeClock())(mail);
  await expect(sent).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('HUB_SMTP_URL'),
  });
  await expect(sent).rejects.not.toThrow(/ada/);
});

it('without a server becomes a file that only its owner reads', async () => {
  await createMail(config({}), fakeClock())(mail);
  const [file = ''] = await readdir(join(data, 'mail'));
  const path = join(data, 'mail', file);
  expect(await readFile(path, 'utf8')).toContain('To: ada@clinic.example');
  expect((await stat(path)).mode & 0o077).toBe(0);
});

it('without a server in production goes nowhere, and says what to set', async () => {
  const sent = createMail(config({ env: 'production' }), fakeClock())(mail);
  await expect(sent).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('HUB_SMTP_URL'),
  });
});
