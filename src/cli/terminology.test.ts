import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loincNotice } from '../fhir/terminology/import/loinc.ts';
import { icd10cm, loinc } from '../fhir/terminology/import/release.harness.ts';
import { openConsole, runWithoutHub, type TestConsole } from './command.harness.ts';
import { terminology } from './terminology.ts';

let console: TestConsole;
let file: string;
beforeAll(async () => {
  console = await openConsole();
  file = join(console.data, 'icd10cm-order-2026.txt');
  await writeFile(file, icd10cm);
});
afterAll(() => console.close());

const icd = 'http://hl7.org/fhir/sid/icd-10-cm';

it('imports a release beside a running hub, which uses it at once; lists and removes it', async () => {
  const imported = await console.run(terminology, 'import', 'icd-10-cm', file);
  expect(imported).toMatchObject({ code: 0, out: [`${icd}|2026: 5 codes.`] });
  const { terminology: running } = console.hub.parts;
  const found = await running.find({ system: icd, code: 'F32.81' });
  expect(found).toMatchObject({ version: '2026', concept: { display: 'Premenstrual dysphoric disorder' } });
  expect(await running.subsumes(icd, undefined, 'F32', 'F32.81')).toBe('subsumes');
  const listed = await console.run(terminology, 'list', '--json');
  expect(JSON.parse(listed.out[0] ?? '')).toMatchObject([{ url: icd, version: '2026', codes: 5 }]);
  expect((await console.run(terminology, 'remove', `${icd}|2026`)).code).toBe(0);
  expect(await running.find({ system: icd, code: 'F32.81' })).toBeUndefined();
  expect((await console.run(terminology, 'list')).err).toEqual([expect.stringContaining('No code system')]);
});

it('shows the notice of LOINC at the import and with what is expanded', async () => {
  const csv = join(console.data, 'Loinc.csv');
  await writeFile(csv, loinc);
  const imported = await console.run(terminology, 'import', 'loinc', csv);
  expect(imported).toMatchObject({ code: 0, err: [loincNotice] });
  const valueSet = await console.hub.parts.terminology.valueSet(
    'http://hl7.org/fhir/ValueSet/observation-codes',
  );
  if (!valueSet) throw new Error('R4 publishes this value set');
  const expanded = await console.hub.parts.terminology.expand({ valueSet, filter: 'phq total' });
  expect(expanded.copyright).toContain(loincNotice);
  expect(expanded.expansion?.contains).toMatchObject([{ code: '44261-6' }]);
  expect(expanded.expansion?.parameter).toContainEqual({
    name: 'version',
    valueUri: 'http://loinc.org|2.80',
  });
});

it('holds codes of an imported system to its release: validation has them for bindings', async () => {
  const { terminology: running } = console.hub.parts;
  const codes = 'http://hl7.org/fhir/ValueSet/observation-codes';
  const member = (code: string) => running.member(codes, { system: 'http://loinc.org', code });
  expect([await member('44261-6'), await member('9-9')]).toEqual(['in', 'out']);
});

it.each([
  ['no verb', [], 'nothing is not one of'],
  ['an unknown format', ['import', 'icd-9', 'x'], 'icd-9 is not one of the formats'],
  ['no file', ['import', 'loinc'], 'Name the files'],
  ['no version to remove', ['remove', icd], 'Name one version'],
])('refuses %s', async (_what, args, text) => {
  const { code, err } = await runWithoutHub(terminology, ...args);
  expect(code).toBe(2);
  expect(err[0]).toContain(text);
});

it('says which file cannot be read, and what is not there to be removed', async () => {
  const missing = await runWithoutHub(terminology, 'import', 'csv', '/nowhere/codes.csv', '--url', 'urn:x');
  expect(missing).toMatchObject({
    code: 1,
    err: [expect.stringContaining('/nowhere/codes.csv cannot be read')],
  });
  const none = await console.run(terminology, 'remove', 'urn:none|1');
  expect(none).toMatchObject({ code: 1, err: [expect.stringContaining('is not imported')] });
});
