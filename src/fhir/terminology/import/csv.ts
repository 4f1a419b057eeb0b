import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import type { Concept, ConceptProperty } from '../../../store/terminology/types.ts';
import { concept, notTheFormat, onlyFile, type ReleaseReader, said } from './release.ts';

/** The rows of a CSV file, by the names in its first line. */
export function rowsOf(file: string): AsyncIterable<Readonly<Record<string, string>>> {
  const parser = parse({ columns: true, bom: true, relax_column_count: true, skip_empty_lines: true });
  const input = createReadStream(file);
  // A pipe passes on what is read, not that it cannot be read.
  input.on('error', error => parser.destroy(error));
  return input.pipe(parser);
}

const columns: readonly string[] = ['code', 'display', 'definition', 'parent', 'inactive', 'abstract'];

/**
 * Any code system as a table: `code` and `display`, and where there are such columns `definition`, `parent` (codes,
 * with | between them), `inactive` and `abstract` (true). Every other column is a property of its name.
 */
export const readCsv: ReleaseReader = async (files, { url, version, name }) => {
  const file = onlyFile(files, 'codes.csv');
  const concepts: Concept[] = [];
  for await (const row of rowsOf(file)) {
    const code = row.code?.trim();
    if (!code)
      throw notTheFormat(
        file,
        `needs a column "code" with a code in each row: see row ${concepts.length + 1}`,
      );
    concepts.push(
      concept(code, row.display?.trim() ?? '', {
        ...(row.definition ? { definition: row.definition } : {}),
        properties: propertiesOf(row),
        parents: (row.parent ?? '')
          .split('|')
          .map(one => one.trim())
          .filter(Boolean),
        inactive: row.inactive === 'true',
        abstract: row.abstract === 'true',
      }),
    );
  }
  const system = said(url, '--url https://example.org/codes');
  return { url: system, version: said(version, '--version 1'), about: { name: name ?? system }, concepts };
};

function propertiesOf(row: Readonly<Record<string, string>>): ConceptProperty[] {
  return Object.entries(row)
    .filter(([name, value]) => !columns.includes(name) && name !== '' && value !== '')
    .map(([code, value]) => ({ code, value, type: 'string' }));
}
