import type { Concept } from '../../../store/terminology/types.ts';
import { compareVersions } from '../versions.ts';
import { rowsOf } from './csv.ts';
import { concept, notTheFormat, onlyFile, type ReleaseReader, said } from './release.ts';

/** What the licence asks to be shown (https://loinc.org/license). */
export const loincNotice =
  'This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at http://loinc.org/license. LOINC® is a registered United States trademark of Regenstrief Institute, Inc.';

/** Columns that are properties of https://hl7.org/fhir/R4/loinc.html */
const properties = [
  'COMPONENT',
  'PROPERTY',
  'TIME_ASPCT',
  'SYSTEM',
  'SCALE_TYP',
  'METHOD_TYP',
  'CLASS',
  'CLASSTYPE',
  'STATUS',
  'ORDER_OBS',
  'EXTERNAL_COPYRIGHT_NOTICE',
];

const otherNames = ['SHORTNAME', 'DisplayName', 'CONSUMER_NAME'];

/** LOINC from `Loinc.csv` of its release. The version is that of the newest change, unless the operator says it. */
export const readLoinc: ReleaseReader = async (files, { url, version, name }) => {
  const file = onlyFile(files, 'Loinc.csv');
  const concepts: Concept[] = [];
  let newest = '';
  for await (const row of rowsOf(file)) {
    const code = row.LOINC_NUM;
    if (!code)
      throw notTheFormat(
        file,
        `is no Loinc.csv: it needs LOINC_NUM in each row, see row ${concepts.length + 1}`,
      );
    const changed = row.VersionLastChanged ?? '';
    if (compareVersions(changed, newest) > 0) newest = changed;
    concepts.push(conceptOf(code, row));
  }
  return {
    url: url ?? 'http://loinc.org',
    version: version ?? said(newest || undefined, '--version 2.80'),
    about: { name: name ?? 'LOINC', notice: loincNotice },
    concepts,
  };
};

function conceptOf(code: string, row: Readonly<Record<string, string>>): Concept {
  const display = row.LONG_COMMON_NAME ?? row.SHORTNAME ?? '';
  const names = new Set(otherNames.flatMap(column => row[column] || []));
  names.delete(display);
  return concept(code, display, {
    ...(row.DefinitionDescription ? { definition: row.DefinitionDescription } : {}),
    designations: [...names].map(value => ({ value })),
    properties: properties.flatMap(column => {
      const value = row[column];
      return value ? [{ code: column, value, type: 'string' as const }] : [];
    }),
    inactive: row.STATUS === 'DEPRECATED',
  });
}
