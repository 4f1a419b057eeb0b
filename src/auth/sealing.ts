import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Encrypts what the database keeps but must not show (AES-256-GCM); `name` binds a text to its place. */
export interface Seal {
  close(name: string, text: string): string;
  /** Throws when the text was changed, moved, or sealed with another key. */
  open(name: string, sealed: string): string;
}

export interface SealingKey {
  key: Buffer;
  /** Where the key came from, for messages. */
  origin: string;
}

const keyLength = 32;

export function createSeal({ key, origin }: SealingKey): Seal {
  return {
    close(name, text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return ['v1', ...[iv, cipher.getAuthTag(), data].map(part => part.toString('base64url'))].join('.');
    },
    open(name, sealed) {
      const [version, ...parts] = sealed.split('.');
      const [iv, tag, data] = parts.map(part => Buffer.from(part, 'base64url'));
      if (version !== 'v1' || !iv || tag?.length !== 16 || !data)
        throw new Error(`${name} is not a sealed text`);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
        decipher.setAAD(Buffer.from(name)).setAuthTag(tag);
        return decipher.update(data, undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        const remedy =
          'Every process of a hub needs the same key: set the same HUB_SECRET_KEY, or restore that file';
        throw new Error(`${name} in the database was not sealed with the key from ${origin}. ${remedy}.`, {
          cause,
        });
      }
    },
  };
}

/**
 * The key from the configuration (32 bytes in base64), else from `secret.key` in the folder, made at first use and
 * readable by its owner alone.
 */
export async function sealingKey(configured: string | undefined, folder: string): Promise<SealingKey> {
  if (configured !== undefined)
    return { key: decode(configured, 'HUB_SECRET_KEY'), origin: 'HUB_SECRET_KEY' };
  const path = join(folder, 'secret.key');
  const text = (await readKeyFile(path)) ?? (await makeKeyFile(folder, path));
  return { key: decode(text, path), origin: path };
}

async function readKeyFile(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new Error(`${path} can be read by others. Set it right with: chmod 600 ${path}`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Written whole under another name and then linked, so that of several processes at once one wins and all read it. */
async function makeKeyFile(folder: string, path: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(keyLength).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  return readFile(path, 'utf8');
}

function decode(text: string, origin: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== keyLength) {
    throw new Error(
      `${origin} must hold ${keyLength} bytes in base64 (openssl rand -base64 32), not ${key.length}`,
    );
  }
  return key;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
