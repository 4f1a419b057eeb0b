import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Concept, Designation } from '../../../store/terminology/types.ts';
import { concept, linesOf, notTheFormat, type ReleaseReader, said } from './release.ts';

const notice =
  'This material includes SNOMED Clinical Terms® (SNOMED CT®) which is used by permission of SNOMED International. All rights reserved. SNOMED CT® was originally created by the College of American Pathologists. “SNOMED” and “SNOMED CT” are registered trademarks of SNOMED International.';

const isA = '116680003';
const fullySpecified = '900000000000003001';
const preferred = '900000000000548007';
/** Modules by what file names say of the edition (https://docs.snomed.org/snomed-ct-specifications/snomed-ct-uri-standard). */
const modules: Readonly<Record<string, string>> = {
  INT: '900000000000207008',
  US1000124: '731000124108',
};

/**
 * SNOMED CT from the snapshot of a release in its format RF2: concepts, descriptions, is-a relationships and, where
 * it is there, which descriptions are preferred. Descriptions in all languages of the release become designations.
 */
export const readSnomed: ReleaseReader = async (paths, { url, version, name }) => {
  const files = await filesBelow(paths);
  const only = (pattern: RegExp) => files.find(file => pattern.test(basename(file)));
  const conceptFile = said(only(/^x?sct2_Concept_Snapshot_/), 'the folder with sct2_Concept_Snapshot_….txt');
  const relationshipFile = said(
    only(/^x?sct2_Relationship_Snapshot_/),
    'the folder with sct2_Relationship_Snapshot_….txt',
  );
  const languageFiles = files.filter(file => /cRefset_LanguageSnapshot/.test(basename(file)));
  const descriptionFiles = files.filter(file => /^x?sct2_Description_Snapshot/.test(basename(file)));
  const actives = await activityOf(conceptFile);
  const preferredNames = await preferredOf(languageFiles);
  const names = await namesOf(descriptionFiles, actives, preferredNames);
  const parents = await parentsOf(relationshipFile, actives);
  return {
    url: url ?? 'http://snomed.info/sct',
    version: version ?? versionOf(conceptFile),
    about: { name: name ?? 'SNOMED CT', notice },
    concepts: [...actives].map(([code, active]) =>
      conceptOf(code, active, names.get(code), parents.get(code)),
    ),
  };
};

async function filesBelow(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if ((await stat(path)).isFile()) files.push(path);
    else
      for (const entry of await readdir(path, { recursive: true, withFileTypes: true }))
        if (entry.isFile() && entry.name.endsWith('.txt')) files.push(join(entry.parentPath, entry.name));
  }
  return files.sort();
}

/** The rows that are active, or all, of a file whose first line names the columns. */
async function* rows(file: string, columns: number): AsyncIterable<string[]> {
  let first = true;
  for await (const line of linesOf(file)) {
    const cells = line.split('\t');
    if (cells.length < columns)
      throw notTheFormat(file, `is not of the format RF2: it needs ${columns} columns`);
    if (!first) yield cells;
    first = false;
  }
}

async function activityOf(file: string): Promise<Map<string, boolean>> {
  const found = new Map<string, boolean>();
  for await (const [id = '', , active] of rows(file, 5)) found.set(id, active === '1');
  return found;
}

/** Ids of the descriptions that a language prefers. */
async function preferredOf(files: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const file of files)
    for await (const [, , active, , , description = '', acceptability] of rows(file, 7))
      if (active === '1' && acceptability === preferred) found.add(description);
  return found;
}

interface Names {
  display?: string;
  isPreferred?: boolean;
  designations: Designation[];
}

async function namesOf(
  files: readonly string[],
  concepts: ReadonlyMap<string, boolean>,
  preferredNames: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Names>> {
  const found = new Map<string, Names>();
  for (const file of files)
    for await (const [id = '', , active, , of = '', language = '', type, term = ''] of rows(file, 9)) {
      if (active !== '1' || !concepts.has(of)) continue;
      const names = found.get(of) ?? { designations: [] };
      found.set(of, names);
      const isSynonym = type !== fullySpecified;
      const isPreferred = isSynonym && preferredNames.has(id);
      if (language === 'en' && isSynonym && (!names.display || (isPreferred && !names.isPreferred))) {
        names.display = term;
        names.isPreferred = isPreferred;
      }
      names.designations.push({ language, value: term, use: isSynonym ? synonym : fullName });
    }
  return found;
}

const system = 'http://snomed.info/sct';
const fullName = { system, code: fullySpecified, display: 'Fully specified name' };
const synonym = { system, code: '900000000000013009', display: 'Synonym' };

async function parentsOf(
  file: string,
  concepts: ReadonlyMap<string, boolean>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for await (const [, , active, , source = '', destination = '', , type] of rows(file, 10)) {
    if (active !== '1' || type !== isA || !concepts.has(destination)) continue;
    const all = found.get(source);
    if (all) all.push(destination);
    else found.set(source, [destination]);
  }
  return found;
}

function conceptOf(
  code: string,
  active: boolean,
  names: Names | undefined,
  parents: readonly string[] | undefined,
): Concept {
  const display = names?.display ?? names?.designations[0]?.value ?? '';
  return concept(code, display, {
    designations: (names?.designations ?? []).filter(one => one.value !== display),
    parents: [...new Set(parents)],
    inactive: !active,
  });
}

/** https://docs.snomed.org/snomed-ct-specifications/snomed-ct-uri-standard : edition and date are in the file's name. */
function versionOf(file: string): string {
  const [, edition = '', date] = /_Snapshot_([A-Z]+\d*)_(\d{8})\.txt$/.exec(basename(file)) ?? [];
  const module = modules[edition];
  return module && date
    ? `${system}/${module}/version/${date}`
    : said(undefined, '--version http://snomed.info/sct/<module>/version/<date>');
}
