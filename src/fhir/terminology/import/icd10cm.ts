import { basename } from 'node:path';
import type { Concept } from '../../../store/terminology/types.ts';
import { concept, linesOf, notTheFormat, onlyFile, type ReleaseReader, said } from './release.ts';

/**
 * ICD-10-CM from its order file, `icd10cm-order-YYYY.txt` (https://www.cms.gov/medicare/coding-billing/icd-10-codes).
 * Lines have a fixed width: from 1 the order, 7 the code, 15 whether it may be billed, 17 the short title, 78 the title.
 */
export const readIcd10cm: ReleaseReader = async (files, { url, version, name }) => {
  const file = onlyFile(files, 'icd10cm-order-2026.txt');
  const concepts: Concept[] = [];
  const codes = new Set<string>();
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    if (line.trim() === '') continue;
    const [, code, billable, short = '', title = ''] = row.exec(line) ?? [];
    if (code === undefined) throw notTheFormat(file, `is no order file of ICD-10-CM: see line ${number}`);
    codes.add(code);
    concepts.push(conceptOf(code, billable === '1', short.trim(), title.trim(), codes));
  }
  return {
    url: url ?? 'http://hl7.org/fhir/sid/icd-10-cm',
    version: version ?? said(/\d{4}(?=\D*$)/.exec(basename(file, '.txt'))?.[0], '--version 2026'),
    about: { name: name ?? 'ICD-10-CM' },
    concepts,
  };
};

const row = /^\d{5} ([A-Z][0-9A-Z]{2,6}) *(?<=^.{14})([01]) (.{60}) (.*)$/;

function conceptOf(
  code: string,
  billable: boolean,
  short: string,
  title: string,
  codes: ReadonlySet<string>,
): Concept {
  const parent = parentOf(code, codes);
  return concept(dotted(code), title || short, {
    designations: short && short !== title ? [{ value: short }] : [],
    properties: [{ code: 'billable', type: 'boolean', value: billable }],
    parents: parent === undefined ? [] : [dotted(parent)],
  });
}

/** The order file has what is above a code before it. */
function parentOf(code: string, codes: ReadonlySet<string>): string | undefined {
  for (let length = code.length - 1; length >= 3; length--) {
    const above = code.slice(0, length);
    if (codes.has(above)) return above;
  }
  return undefined;
}

/** As codes are written: a dot after the third character. */
const dotted = (code: string): string => (code.length > 3 ? `${code.slice(0, 3)}.${code.slice(3)}` : code);
