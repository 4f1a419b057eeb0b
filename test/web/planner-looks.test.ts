import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formats, importRelease } from '../../src/fhir/terminology/import/import.ts';
import { icd10cm } from '../../src/fhir/terminology/import/release.harness.ts';
import { faultsOf, faultsOfLinked } from '../harness/accessible.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { picture, signIn, supervisorOf } from '../harness/workplace.ts';

let demo: DemoHub;
let url: string;
beforeAll(async () => {
  demo = await startDemoHub();
  url = demo.running.url;
  const file = join(demo.data, 'icd10cm-order-2026.txt');
  await writeFile(file, icd10cm);
  const release = await formats['icd-10-cm']?.([file], {});
  if (!release) throw new Error('the hub reads ICD-10-CM');
  const at = demo.running.hub.parts.clock.now().getTime();
  await importRelease(demo.running.hub.store.terminology, release, { digest: 'made up', at });
});
afterAll(() => demo?.stop());

const planner = 'Discharge planner of General Hospital';
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

it('Leaving soon and a person, in light and dark, wide and narrow', async () => {
  const page = await signIn(demo, planner);
  await page.goto(`${url}/leaving`);
  await page.getByText('The same in numbers').click();
  expect(await faultsOfLinked(page)).toEqual([]);
  await picture(page, 'leaving');
  await page.goto(`${url}/patients/theo-lindqvist`);
  expect(await faultsOfLinked(page)).toEqual([]);
  await picture(page, 'person');
  await page.context().close();
});

it('registering, with what is wrong and who may be the same', async () => {
  const page = await signIn(demo, planner);
  await page.goto(`${url}/patients/new`);
  await field(page, 'First names').fill('Amara');
  await field(page, 'Family name').fill('Okonjo');
  await field(page, 'Date of birth').fill('1998-12-05');
  await field(page, 'Female').check();
  await field(page, 'ZIP code').fill('1');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('A ZIP code has 5 digits').waitFor();
  expect(await field(page, 'ZIP code').getAttribute('aria-invalid')).toBe('true');
  expect(await field(page, 'Family name').inputValue()).toBe('Okonjo');
  expect(await faultsOfLinked(page)).toEqual([]);
  await field(page, 'ZIP code').fill('56801');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('region', { name: 'Is it this person?' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await picture(page, 'register');
  await page.getByRole('link', { name: /This is the same person/ }).click();
  await page.waitForURL(/patients\/amara-okonjo$/);
  await page.context().close();
});

it('a stay, with diagnoses that are found while one types, and its discharge', async () => {
  const page = await signIn(demo, planner);
  await page.goto(`${url}/patients/amara-okonjo/stays/new`);
  await field(page, 'Look for a diagnosis').pressSequentially('depr mild');
  await page.getByLabel(/single episode, mild/).check();
  await field(page, 'Look for a diagnosis').fill('premenstrual');
  await page.getByLabel(/Premenstrual/).waitFor();
  expect(await page.getByLabel(/single episode, mild/).isChecked()).toBe(true);
  expect(page.url()).not.toMatch(/depr|premen/);
  expect(await faultsOf(page)).toEqual([]);
  await page.goto(`${url}/patients/amara-okonjo/stays/amara-okonjo-stay`);
  expect(await faultsOfLinked(page)).toEqual([]);
  await page.context().close();
});

it('diagnoses are found without scripts, too', async () => {
  const chosen = 'F32.0';
  const context = await demo.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name: planner, exact: true }).click();
  await page.goto(`${url}/patients/kenji-aldana/stays/new`);
  await field(page, 'Ward').fill('4 West');
  await field(page, 'Look for a diagnosis').fill('depr mild');
  await page.getByRole('button', { name: 'Look', exact: true }).click();
  expect(await field(page, 'Ward').inputValue()).toBe('4 West');
  await page.locator(`input[value="${chosen}"]`).check();
  await page.getByRole('button', { name: 'Save the stay' }).click();
  await page.getByText('The stay is saved.').waitFor();
  const found = await supervisorOf(demo, 'general-hospital').search(
    'Condition',
    new URLSearchParams({ code: `http://hl7.org/fhir/sid/icd-10-cm|${chosen}` }),
  );
  expect(found.entries.map(({ stored }) => stored.patient)).toContain('kenji-aldana');
  await context.close();
});

it('emergency access, with what is missing', async () => {
  const page = await signIn(demo, 'Discharge planner of County Hospital');
  await page.goto(`${url}/patients/amara-okonjo`);
  expect(await faultsOfLinked(page)).toEqual([]);
  await page.goto(`${url}/patients/emergency`);
  await field(page, 'Name').fill('Amara Okonjo');
  await field(page, 'Date of birth').fill('1998-12-05');
  await page.getByLabel('Emergency treatment').check();
  await page.getByRole('button', { name: 'Open the record' }).click();
  await page.getByText('Say in a sentence why you need it now.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.context().close();
});
