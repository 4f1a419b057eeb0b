/**
 * Run with a folder as its argument and a pipe from the process that owns it: when that process is gone,
 * whatever ended it, the PostgreSQL server in the folder is stopped and the folder removed.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

const folder = process.argv[2];
if (folder === undefined) {
  throw new Error('Name the folder to remove');
}
await text(process.stdin);
// Its first line is the server's process id; none is there when the server was stopped before.
const lock = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
const pid = Number(lock.split('\n')[0]);
if (pid > 1) {
  // It may be stopping already, and may need a moment.
  for (let waited = 0; signal(pid, waited === 0 ? 'SIGINT' : 0) && waited < 10_000; waited += 50) {
    await setTimeout(50);
  }
  signal(pid, 'SIGKILL');
}
await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

/** False when the process is gone. */
function signal(id: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(id, name);
  } catch {
    return false;
  }
}
