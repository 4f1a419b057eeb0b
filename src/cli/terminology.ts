import { parseArgs } from 'node:util';
import { HubError } from '../errors.ts';
import { digestOf, formats, importRelease } from '../fhir/terminology/import/import.ts';
import { type Command, type CommandIo, exitCode, type OpenHub, UsageError, withHub } from './command.ts';

const names = Object.keys(formats).join(', ');

export const terminology: Command = {
  name: 'terminology',
  summary: 'import, list and remove big code systems',
  usage: `hub terminology import FORMAT FILE|FOLDER… [--url URL] [--version VERSION] [--name NAME]
hub terminology list [--json]
hub terminology remove URL|VERSION

import reads a code system from the files of its release into the database. It is used from the moment when all of
it is there, and takes the place of the same version. An import that was cut short goes on where it was when it is
started again with the same files. May run while a hub runs on the same database.
  icd-10-cm   icd10cm-order-2026.txt of CMS
  loinc       Loinc.csv of the LOINC release
  snomed      the folder of an RF2 release (its snapshot), where you are licensed
  csv         any table with code and display, and where there are such columns definition, parent (codes with |
              between them), inactive, abstract; other columns become properties. Needs --url and --version
  codesystem  a CodeSystem resource in JSON
--url, --version and --name say what the files do not, or say otherwise.
list shows what is imported. remove takes a version out of use and deletes it.`,

  async run(args, io, open) {
    const [verb, ...rest] = args;
    if (verb === 'import') return load(rest, io, open);
    if (verb === 'list') return list(rest, io, open);
    if (verb === 'remove') return remove(rest, io, open);
    throw new UsageError(`${verb ?? 'nothing'} is not one of: import, list, remove`);
  },
};

async function load(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { url: { type: 'string' }, version: { type: 'string' }, name: { type: 'string' } },
  });
  const [format = '', ...files] = positionals;
  const read = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (!read) throw new UsageError(`${format || 'nothing'} is not one of the formats: ${names}`);
  if (files.length === 0) throw new UsageError(`Name the files: hub terminology import ${format} FILE`);
  const release = await reading(files, () => read(files, values));
  const digest = await digestOf(files);
  await withHub(open, async hub => {
    await importRelease(hub.store.terminology, release, {
      digest,
      at: hub.parts.clock.now().getTime(),
      progress: (done, total) =>
        io.status?.(`${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`),
    });
  });
  io.status?.('');
  io.out(`${release.url}|${release.version}: ${release.concepts.length.toLocaleString('en-US')} codes.`);
  if (release.about.notice) io.err(release.about.notice);
  return exitCode.ok;
}

/** A file that is not there is the operator's to mend, not the hub's. */
async function reading<T>(files: readonly string[], read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HubError || !(error instanceof Error)) throw error;
    throw new HubError('invalid', `${files.join(', ')} cannot be read: ${error.message}`);
  }
}

async function list(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
  const systems = await withHub(open, hub => hub.store.terminology.systems());
  if (values.json) {
    const shown = systems.map(({ url, version, total, at, about }) => ({
      url,
      version,
      name: about.name,
      codes: total,
      imported: new Date(at).toISOString(),
      ...(about.notice ? { notice: about.notice } : {}),
    }));
    io.out(JSON.stringify(shown));
  } else if (systems.length === 0) io.err('No code system is imported: see hub terminology --help');
  else
    for (const { url, version, total, about } of systems)
      io.out(`${url}|${version}  ${total}  ${about.name}`);
  return exitCode.ok;
}

async function remove(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [canonical = '', ...more] = positionals;
  const [url = '', version = ''] = canonical.split('|', 2);
  if (!url || !version || more.length > 0)
    throw new UsageError('Name one version: hub terminology remove "http://loinc.org|2.80"');
  await withHub(open, async hub => {
    const { terminology } = hub.store;
    if (!(await terminology.removeSystem(url, version)))
      throw new HubError('not-found', `${canonical} is not imported: see hub terminology list`);
    while (await terminology.sweep(5000));
  });
  io.err(`${canonical} is removed.`);
  return exitCode.ok;
}
