#!/usr/bin/env node
/**
 * Starts any command of the project on whatever Node.js >= 20 the machine has: installs what is missing or
 * stale, then goes on with the Node.js that the project brings. No dependency, no TypeScript: it runs first.
 *
 *   node src/launch.mjs serve              the hub
 *   node src/launch.mjs token --client x   any `hub` command
 *   node src/launch.mjs run vitest run     a tool from node_modules/.bin
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.installed');
const suffix = process.platform === 'win32' ? '.cmd' : '';

/** What node_modules was made from: the lock file, for this platform. */
function wanted() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch}`;
}

function installed() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted();
}

function install() {
  process.stderr.write('Setting up: installing dependencies (once, about a minute) …\n');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npx` npm_execpath may name npx's own entry: npm's lies beside it.
  const cli = npm && (basename(npm).startsWith('npx') ? join(dirname(npm), 'npm-cli.js') : npm);
  const result =
    cli && existsSync(cli)
      ? spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
      : spawnSync(`npm${suffix}`, args, { cwd: root, stdio: ['ignore', 2, 2], shell: suffix !== '' });
  if (result.status !== 0) {
    process.stderr.write(
      'Setting up failed: `npm ci` ended with an error (above). Mend it and start again.\n',
    );
    process.exit(result.status ?? 1);
  }
}

/** Runs the command in the foreground and ends as it ends; signals reach it. */
function become(command, args) {
  const shell = command.endsWith('.cmd');
  const env = {
    ...process.env,
    PATH: `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
  };
  const child = spawn(command, args, { stdio: 'inherit', env, shell });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    process.stderr.write(`${command} could not be started: ${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  });
}

const [command, ...args] = process.argv.slice(2);
if (command === 'stamp') writeFileSync(stamp, wanted());
else {
  if (!installed()) install();
  const node = join(bin, `node${suffix}`);
  if (command === 'run') become(join(bin, `${args[0]}${suffix}`), args.slice(1));
  else
    become(node, [
      '--import',
      new URL('load-tsx.mjs', import.meta.url).href,
      join(root, 'src', 'cli', 'main.ts'),
      ...process.argv.slice(2),
    ]);
}
