import { createInterface } from 'node:readline/promises';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { apply } from './apply.ts';
import { bots } from './bots.ts';
import { client } from './client.ts';
import { type Command, type CommandIo, exitCode, type OpenHub, runCommand } from './command.ts';
import { demo } from './demo.ts';
import { directory } from './directory.ts';
import { importing } from './import.ts';
import { init } from './init.ts';
import { link } from './link.ts';
import { org } from './org.ts';
import { person } from './person.ts';
import { reindexing } from './reindex.ts';
import { serve } from './serve.ts';
import { terminology } from './terminology.ts';
import { token } from './token.ts';
import { verifyAudit } from './verify-audit.ts';

/** Every `hub` command, in the order of `hub --help`. */
const commands: readonly Command[] = [
  serve,
  init,
  apply,
  importing,
  directory,
  reindexing,
  terminology,
  token,
  org,
  person,
  client,
  link,
  bots,
  verifyAudit,
  demo,
];

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

const io: CommandIo = {
  out: line => void process.stdout.write(`${line}\n`),
  err: line => void process.stderr.write(`${line}\n`),
  ...(process.stderr.isTTY
    ? { status: (line: string) => void process.stderr.write(`\r\x1b[2K${line}`) }
    : {}),
  ...(process.stdin.isTTY ? { ask } : {}),
};

/** The configured database, opened for one command. */
const open: OpenHub = async () => {
  const { createHub } = await import('../hub.ts');
  const config = readConfig();
  const baseUrl = config.baseUrl ?? `http://${config.host}:${config.port}`;
  const hub = await createHub({ config: { ...config, log: 'error' }, clock: systemClock, baseUrl });
  return hub;
};

function help(): string {
  const width = Math.max(...commands.map(command => command.name.length));
  const list = commands.map(command => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `hub COMMAND [options]\n\n${list.join('\n')}\n\nhub COMMAND --help tells more.`;
}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.out(help());
    return exitCode.ok;
  }
  const command = commands.find(one => one.name === name);
  if (command) return runCommand(command, rest, io, open);
  io.err(`hub: there is no command "${name}".\n\n${help()}`);
  return exitCode.usage;
}

process.exitCode = await main(process.argv.slice(2)).catch(error => {
  io.err(`hub: ${error instanceof Error ? error.message : String(error)}`);
  // What a failed start has opened, a port or a database, must not keep the process alive: a supervisor would wait.
  process.exit(exitCode.failed);
});
