import type { Actor } from '../access/actor.ts';
import { commandEntry } from '../audit/command.ts';
import type { Accounts } from '../auth/accounts/people.ts';
import type { Authorization } from '../auth/authorization.ts';
import { HubError } from '../errors.ts';
import type { BotDesk } from '../events/bot-desk.ts';
import type { Events } from '../events/events.ts';
import type { Parked } from '../events/parked.ts';
import type { LinkService } from '../exchange/links/link-service.ts';
import type { Parts } from '../fhir/parts.ts';
import type { Repository } from '../fhir/repository.ts';
import type { AuditStore } from '../store/audit/types.ts';
import type { Store } from '../store/store.ts';

/** One `hub` command, in a file of its own. */
export interface Command {
  /** As typed: `hub <name>`. */
  name: string;
  /** One line for `hub --help`. */
  summary: string;
  /** The whole of `hub <name> --help`. */
  usage: string;
  /**
   * Resolves to the exit code. `args` is what follows the name. The hub is opened only when the arguments are
   * right, and closed by `withHub`.
   */
  run(args: string[], io: CommandIo, open: OpenHub): Promise<number>;
}

export interface CommandIo {
  /** A line on stdout: what a script reads. */
  out(line: string): void;
  /** A line on stderr: what a person reads. */
  err(line: string): void;
  /** On a terminal: shows a line that the next one takes the place of; '' takes it away. */
  status?(line: string): void;
  /** On a terminal: what a person answers. */
  ask?(question: string): Promise<string>;
}

/** Opens the configured database for one command, also while a hub runs on it; starts no bot and no server. */
export type OpenHub = () => Promise<CommandHub>;

export interface CommandHub {
  readonly store: Store;
  readonly authorization: Authorization;
  readonly people: Accounts;
  readonly linkService: LinkService;
  /** The hub itself: its own Organization, all scopes. */
  readonly hubActor: Actor;
  readonly parts: Parts;
  readonly auditStore: AuditStore;
  readonly events: Events;
  readonly parked: Parked;
  readonly botDesk: BotDesk;
  repository(actor: Actor): Repository;
  close(): Promise<void>;
}

/** The command line is wrong: says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const exitCode = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs a command as `hub` does: `--help`, and errors as lines that say what would be right. */
export async function runCommand(
  command: Command,
  args: string[],
  io: CommandIo,
  open: OpenHub,
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    io.out(command.usage);
    return exitCode.ok;
  }
  try {
    return await command.run(args, io, recorded(command, args, open));
  } catch (error) {
    return explain(command, error, io);
  }
}

/** What a command does with the hub is done by whoever can start it: that it was started is recorded first. */
function recorded(command: Command, args: readonly string[], open: OpenHub): OpenHub {
  return async () => {
    const hub = await open();
    await hub.parts.audit.record(commandEntry(command.name, args, hub.hubActor));
    return hub;
  };
}

/** Opens the hub, hands it over, and closes it whatever happens. */
export async function withHub<T>(open: OpenHub, use: (hub: CommandHub) => Promise<T>): Promise<T> {
  const hub = await open();
  try {
    return await use(hub);
  } finally {
    await hub.close();
  }
}

/** A value that must be there, or a UsageError that names the option. */
export function required(value: string | undefined, option: string, example: string): string {
  if (value === undefined || value.trim() === '') {
    throw new UsageError(`${option} is missing, for example: ${option} ${example}`);
  }
  return value;
}

function explain(command: Command, error: unknown, io: CommandIo): number {
  if (error instanceof HubError) {
    for (const problem of error.problems) {
      io.err(`hub ${command.name}: ${problem.expression ? `${problem.expression}: ` : ''}${problem.text}`);
    }
    return exitCode.failed;
  }
  if (error instanceof UsageError || isParseArgsError(error)) {
    io.err(`hub ${command.name}: ${error.message}`);
    io.err(`Try: hub ${command.name} --help`);
    return exitCode.usage;
  }
  throw error;
}

/** `parseArgs` throws TypeErrors with these codes for unknown options and missing values. */
function isParseArgsError(error: unknown): error is TypeError {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
