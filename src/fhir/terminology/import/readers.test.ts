import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from './import.ts';
import { icd10cm, loinc, snomed } from './release.harness.ts';
import type { ReleaseOptions } from './release.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-releases-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(
  format: string,
  files: Record<string, string>,
  options: ReleaseOptions = {},
  whole = false,
) {
  const into = await mkdtemp(join(folder, 'release-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(into, name), text);
  const paths = whole ? [into] : Object.keys(files).map(name => join(into, name));
  const reader = formats[format];
  if (!reader) throw new Error(`no format ${format}`);
  return reader(paths, options);
}

describe('ICD-10-CM', () => {
  it('has codes with their dot, titles, and what is above each', async () => {
    const release = await read('icd-10-cm', { 'icd10cm-order-2026.txt': icd10cm });
    expect(release).toMatchObject({ url: 'http://hl7.org/fhir/sid/icd-10-cm', version: '2026' });
    expect(release.concepts.map(({ code, display, parents }) => [code, display, ...parents])).toEqual([
      ['F32', 'Depressive episode'],
      ['F32.0', 'Major depressive disorder, single episode, mild', 'F32'],
      ['F32.8', 'Other depressive episodes', 'F32'],
      ['F32.81', 'Premenstrual dysphoric disorder', 'F32.8'],
      ['S72.001A', 'Fracture of unspecified part of neck of right femur, initial encounter'],
    ]);
    expect(release.concepts.map(one => one.properties[0]?.value)).toEqual([false, true, false, true, true]);
  });

  it('refuses another file, and says where', async () => {
    await expect(read('icd-10-cm', { 'icd10cm-order-2026.txt': `${icd10cm}A00 Cholera\n` })).rejects.toThrow(
      'line 6',
    );
    await expect(read('icd-10-cm', { 'codes.txt': icd10cm })).rejects.toThrow('--version');
  });
});

describe('LOINC', () => {
  it('has names, properties, what is deprecated, and its notice', async () => {
    const release = await read('loinc', { 'Loinc.csv': loinc });
    expect(release).toMatchObject({ url: 'http://loinc.org', version: '2.80' });
    expect(release.about.notice).toContain('LOINC® is a registered United States trademark');
    const [first, second] = release.concepts;
    expect(first).toMatchObject({
      code: '44261-6',
      display: 'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]',
      designations: [{ value: 'PHQ-9 Score' }],
      inactive: false,
    });
    expect(first?.properties).toContainEqual({ code: 'CLASS', value: 'SURVEY.MENTAL', type: 'string' });
    expect(second).toMatchObject({ code: '0000-0', inactive: true });
  });
});

describe('SNOMED CT', () => {
  it('has preferred terms, other names, and is-a', async () => {
    const release = await read('snomed', snomed, {}, true);
    expect(release.version).toBe('http://snomed.info/sct/731000124108/version/20250901');
    const by = new Map(release.concepts.map(one => [one.code, one]));
    expect(by.get('35489007')).toMatchObject({ display: 'Depressive disorder', parents: ['138875005'] });
    expect(by.get('35489007')?.designations.map(one => one.value)).toEqual([
      'Depressive disorder (disorder)',
      'Depression',
      'Trastorno depresivo',
    ]);
    expect(by.get('1')).toMatchObject({ inactive: true, parents: [] });
    expect(by.get('73867007')?.parents).toEqual(['35489007', '2']);
  });

  it('asks for the edition where the files do not say it', async () => {
    const renamed = Object.fromEntries(
      Object.entries(snomed).map(([name, text]) => [name.replace('US1000124', 'XX9'), text]),
    );
    await expect(read('snomed', renamed, {}, true)).rejects.toThrow('--version');
  });
});

describe('a table', () => {
  it('has concepts, parents and properties', async () => {
    const csv = 'code,display,parent,inactive,color\na,"Alpha, the first",,,red\nb,Beta,a|x,true,\n';
    const release = await read('csv', { 'codes.csv': csv }, { url: 'urn:x', version: '3', name: 'Letters' });
    expect(release).toMatchObject({ url: 'urn:x', version: '3', about: { name: 'Letters' } });
    expect(release.concepts).toMatchObject([
      {
        code: 'a',
        display: 'Alpha, the first',
        properties: [{ code: 'color', value: 'red', type: 'string' }],
      },
      { code: 'b', parents: ['a', 'x'], inactive: true, properties: [] },
    ]);
  });

  it.each([
    ['without a code', 'display\nx\n', { url: 'urn:x', version: '1' }, 'needs a column "code"'],
    ['without its URL', 'code\nx\n', { version: '1' }, '--url'],
    ['without its version', 'code\nx\n', { url: 'urn:x' }, '--version'],
  ])('is refused %s', async (_what, csv, options, text) => {
    await expect(read('csv', { 'codes.csv': csv }, options)).rejects.toThrow(text);
  });
});

describe('a CodeSystem', () => {
  const system = {
    resourceType: 'CodeSystem',
    url: 'urn:y',
    version: '1',
    status: 'active',
    content: 'complete',
  };

  it('is read as it is', async () => {
    const json = JSON.stringify({ ...system, concept: [{ code: 'a', concept: [{ code: 'b' }] }] });
    const release = await read('codesystem', { 'y.json': json });
    expect(release.concepts.map(({ code, parents }) => [code, ...parents])).toEqual([['a'], ['b', 'a']]);
  });

  it('is refused where it has only some of its codes', async () => {
    const json = JSON.stringify({ ...system, content: 'fragment' });
    await expect(read('codesystem', { 'y.json': json })).rejects.toThrow('only a part');
  });
});
