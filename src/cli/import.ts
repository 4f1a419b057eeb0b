import { parseArgs } from 'node:util';
import type { Actor } from '../access/actor.ts';
import { parseScopes } from '../auth/scopes.ts';
import { HubError } from '../errors.ts';
import { importFiles } from '../exchange/import/import.ts';
import { Report, ReportFile } from '../exchange/import/report.ts';
import { findSources, type Sources } from '../exchange/import/source-files.ts';
import {
  type Command,
  type CommandHub,
  type CommandIo,
  exitCode,
  required,
  UsageError,
  withHub,
} from './command.ts';

export const importing: Command = {
  name: 'import',
  summary: 'load Bundles, resources and NDJSON as history',
  usage: `hub import FILE|FOLDER… --client ID [--report FILE] [--restart]

Loads what another system has, in the name of a registered client and within its scopes, as history: it starts no
bot. Takes Bundles (transaction, batch, collection), single resources and NDJSON: .json and .ndjson, also packed
with gzip (.gz). A folder stands for all such files in it.

  --client ID    whose data it is. A client registered with --loads keeps its ids; for any other the hub gives ids,
                 the same ones whenever the same resource comes again
  --report FILE  also write the report as JSON lines: what is refused and why, and counts by file and type
  --restart      import again what was imported before

A killed import goes on where it was when it is started again; a file that was imported whole is passed over. What
refers to something that is not there yet is tried again when all else is written. Ends with 1 when anything was
refused. May run while a hub runs on the same database.`,

  async run(args, io, open) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        client: { type: 'string' },
        report: { type: 'string' },
        restart: { type: 'boolean', default: false },
      },
    });
    const client = required(values.client, '--client', 'system-ehr');
    if (positionals.length === 0)
      throw new UsageError('Name a file or folder: hub import ./export --client system-ehr');
    const sources = await findSources(positionals);
    return withHub(open, hub =>
      load(hub, io, sources, { client, restart: values.restart, report: values.report }),
    );
  },
};

interface Wanted {
  client: string;
  restart: boolean;
  report: string | undefined;
}

async function load(
  hub: CommandHub,
  io: CommandIo,
  { files, ignored }: Sources,
  wanted: Wanted,
): Promise<number> {
  const actor = await actorOf(hub, wanted.client);
  if (ignored.length > 0) io.err(`Passed over, being neither .json nor .ndjson: ${someOf(ignored)}`);
  const file = wanted.report === undefined ? undefined : await ReportFile.create(wanted.report);
  try {
    const started = performance.now();
    const show = progress(io, files.length);
    const output = { line: show.line, progress: show.count, brief: files.length > manyFiles };
    const report = new Report({ ...output, ...(file ? { file } : {}) });
    const tally = await importFiles(files, {
      parts: hub.parts,
      repository: hub.repository(actor),
      listener: report,
      restart: wanted.restart,
    });
    await report.end(tally, (performance.now() - started) / 1000);
    return tally.total().refused > 0 ? exitCode.failed : exitCode.ok;
  } finally {
    await file?.close();
  }
}

/** The client as the author of history. */
async function actorOf(hub: CommandHub, id: string): Promise<Actor> {
  const { organization, scope, loads, suspended } = await hub.authorization.clients.get(id);
  if (suspended) throw new HubError('forbidden', `The client ${id} is suspended: see hub client resume`);
  return { kind: 'client', id, organization, scopes: parseScopes(scope), loads, importing: true };
}

/** More files than these are not told of one by one. */
const manyFiles = 100;

const someOf = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

/** Where nothing can be written over, a line about progress is written only now and then (milliseconds). */
const quietFor = 5000;

/** Shows lines, and between them how far it is: on a terminal in one line that changes. */
function progress(io: CommandIo, files: number) {
  const started = performance.now();
  let last = started;
  return {
    line(text: string): void {
      io.status?.('');
      io.out(text);
    },
    count(entries: number, done: number): void {
      const now = performance.now();
      if (now - last < (io.status ? 100 : quietFor)) return;
      last = now;
      const rate = Math.round((entries / (now - started)) * 1000);
      const text = `${done} of ${files} files, ${entries.toLocaleString('en-US')} entries, ${rate.toLocaleString('en-US')}/s`;
      if (io.status) io.status(text);
      else io.err(text);
    },
  };
}
