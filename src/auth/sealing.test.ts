import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSeal, sealingKey } from './sealing.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sealing-'));
});
afterAll(() => rm(root, { recursive: true }));

describe('createSeal', () => {
  const seal = createSeal({ key: randomBytes(32), origin: 'here' });

  it('gives back what it closed, and shows nothing of it', () => {
    const sealed = seal.close('keys', 'très secret');
    expect(sealed).not.toContain('secret');
    expect(seal.open('keys', sealed)).toBe('très secret');
    expect(seal.close('keys', 'très secret')).not.toBe(sealed);
  });

  it.each([
    ['moved to another place', (sealed: string) => ['other', sealed]],
    ['changed', (sealed: string) => ['keys', sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA')]],
    [
      'with a shortened tag',
      (sealed: string) => ['keys', sealed.replace(/^(v1\.[^.]+\.[^.]{8})[^.]+/, '$1')],
    ],
    ['not sealed', () => ['keys', '{"keys":[]}']],
  ])('refuses a text that was %s', (_, change) => {
    const [name = '', text = ''] = change(seal.close('keys', 'some longer text'));
    expect(() => seal.open(name, text)).toThrow(/not sealed|not a sealed/);
  });

  it('says what to do when the key is another', () => {
    const other = createSeal({ key: randomBytes(32), origin: '/data/secret.key' });
    expect(() => other.open('keys', seal.close('keys', 'x'))).toThrow(
      /\/data\/secret\.key.*same HUB_SECRET_KEY/,
    );
  });
});

describe('sealingKey', () => {
  it('takes the configured key', async () => {
    const key = randomBytes(32);
    expect((await sealingKey(key.toString('base64'), root)).key).toEqual(key);
  });

  it('refuses a configured key of another length', async () => {
    await expect(sealingKey(randomBytes(16).toString('base64'), root)).rejects.toThrow(
      /32 bytes in base64.*not 16/,
    );
  });

  it('makes one file for all who ask at once, for its owner alone', async () => {
    const folder = join(root, 'fresh', 'data');
    const keys = await Promise.all(Array.from({ length: 20 }, () => sealingKey(undefined, folder)));
    expect(new Set(keys.map(({ key }) => key.toString('hex'))).size).toBe(1);
    expect(await readdir(folder)).toEqual(['secret.key']);
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect((await sealingKey(undefined, folder)).key).toEqual(keys[0]?.key);
  });

  it('refuses a file that others can read', async () => {
    const folder = join(root, 'open');
    await sealingKey(undefined, folder);
    await chmod(join(folder, 'secret.key'), 0o644);
    await expect(sealingKey(undefined, folder)).rejects.toThrow(/chmod 600/);
  });
});
