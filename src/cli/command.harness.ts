import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import type { Hub } from '../hub.ts';
import { type Command, type OpenHub, runCommand } from './command.ts';

/** A command line on a database of its own, on which a hub runs already. */
export interface TestConsole {
  /** The hub that runs meanwhile. */
  hub: Hub;
  /** Its folder. */
  data: string;
  /** Runs a command as `hub` does, and says how it ended. */
  run(command: Command, ...args: string[]): Promise<Ran>;
  /** The same on a terminal, where a person answers one question after the other. */
  converse(answers: readonly string[], command: Command, ...args: string[]): Promise<Ran>;
  close(): Promise<void>;
}

export interface Ran {
  code: number;
  out: string[];
  err: string[];
}

export async function openConsole(databaseUrl?: string): Promise<TestConsole> {
  const { createHub } = await import('../hub.ts');
  const data = await mkdtemp(join(tmpdir(), 'hub-console-'));
  const config = readConfig({
    HUB_DATA: data,
    HUB_ENV: 'test',
    HUB_LOG: 'silent',
    ...(databaseUrl ? { HUB_DATABASE_URL: databaseUrl } : {}),
  });
  const open = () => createHub({ config, clock: systemClock, baseUrl: 'http://127.0.0.1:8080' });
  const hub = await open();
  // The hub of the commands: opened beside the one that runs, and kept from one command to the next.
  const beside = await open();
  const kept: OpenHub = async () => ({ ...beside, close: async () => {} });
  return {
    hub,
    data,
    run: (command, ...args) => runOn(kept, command, args),
    converse: (answers, command, ...args) => runOn(kept, command, args, answers),
    async close() {
      await beside.close();
      await hub.close();
      await rm(data, { recursive: true });
    },
  };
}

/** Runs a command that must not get as far as opening the hub. */
export function runWithoutHub(command: Command, ...args: string[]): Promise<Ran> {
  const open = () => Promise.reject(new Error('the hub was opened for a command that is wrong'));
  return runOn(open, command, args);
}

async function runOn(
  open: OpenHub,
  command: Command,
  args: string[],
  answers?: readonly string[],
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const left = [...(answers ?? [])];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    ...(answers ? { ask: async () => left.shift() ?? '' } : {}),
  };
  return { code: await runCommand(command, args, io, open), out, err };
}
