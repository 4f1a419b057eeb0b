/**
 * Run with a folder as its argument and a pipe from the process that owns it: when that process is gone,
 * whatever ended it, the PostgreSQL server in the folder is stopped and the folder removed.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const folder = process.argv[2];
if (folder === undefined) {
  throw new Error('Name the folder to remove');
}
await text(process.stdin);
// Its first line is the server's process id; none is there when the server was stopped before.
const lock = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
const pid = Number(lock.split('\n')[0]);
if (pid > 1) {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It ended in the same moment.
  }
}
await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
