import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { importSource, lastReport } from '../exchange/hsds/import-source.ts';
import { reportLines } from '../exchange/hsds/report.ts';
import {
  type Command,
  type CommandIo,
  exitCode,
  type OpenHub,
  required,
  UsageError,
  withHub,
} from './command.ts';

export const directory: Command = {
  name: 'directory',
  summary: 'fill the directory from an Open Referral source',
  usage: `hub directory import FILE|FOLDER|URL --source NAME
hub directory report --source NAME

import  brings the directory to what a source in the format of Open Referral HSDS 3 says now: Organizations, Locations
        and HealthcareServices. FILE is JSON (a service, a list, or a page of /services) or a datapackage.json; FOLDER
        holds either; URL is the base of an HSDS API. Told are what is new, what changed, what vanished and what
        conflicts with edits made here, which stay. What vanishes is closed the second time, never deleted. Ends with
        1 when anything was refused.
report  what the last import or nightly refresh of the source did

  --source NAME  what the source is called: lower-case letters, digits and hyphens. The same name the next time: ids
                 follow from it`,

  async run(args, io, open) {
    const [verb, ...rest] = args;
    if (verb !== 'import' && verb !== 'report')
      throw new UsageError(`${verb ?? 'nothing'} is not one of: import, report`);
    const { values, positionals } = parseArgs({
      args: rest,
      allowPositionals: true,
      options: { source: { type: 'string' } },
    });
    const name = required(values.source, '--source', 'county-211');
    if (verb === 'report') {
      if (positionals.length)
        throw new UsageError('report takes no file: hub directory report --source NAME');
      return report(name, io, open);
    }
    const [place, ...more] = positionals;
    if (place === undefined || more.length)
      throw new UsageError('Name one file, folder or URL: hub directory import ./hsds --source county-211');
    return load({ name, place }, io, open);
  },
};

function load(source: { name: string; place: string }, io: CommandIo, open: OpenHub): Promise<number> {
  const { outgoingHosts, env } = readConfig();
  const outgoing = { allowedHosts: outgoingHosts, allowHttp: env !== 'production' };
  return withHub(open, async hub => {
    const { hubActor, parts, store } = hub;
    const done = await importSource(source, {
      records: store.records,
      clock: parts.clock,
      hubActor,
      repository: actor => hub.repository(actor),
      outgoing,
    });
    for (const line of reportLines(done)) io.out(line);
    return done.refused.length ? exitCode.failed : exitCode.ok;
  });
}

function report(name: string, io: CommandIo, open: OpenHub): Promise<number> {
  return withHub(open, async ({ store, parts }) => {
    const found = await lastReport(name, store.records, parts.clock);
    for (const line of found ? reportLines(found) : [`${name} was never imported.`]) io.out(line);
    return exitCode.ok;
  });
}
