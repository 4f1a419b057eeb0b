/// <reference lib="esnext.temporal" />
import type { Bundle, Coverage, Encounter, Patient, Resource, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plannedEnd } from '../../src/care/follow-up/stay.ts';
import { openPage } from '../harness/browser.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';

let demo: DemoHub;
let url: string;
beforeAll(async () => {
  demo = await startDemoHub();
  url = demo.running.url;
});
afterAll(() => demo?.stop());

async function signedIn(who: string): Promise<Page> {
  const { page } = await openPage(demo.browser, `${url}/sign-in`);
  await page.getByRole('button', { name: who, exact: true }).click();
  await page.getByRole('navigation', { name: 'Your account' }).waitFor();
  return page;
}

const planner = 'Discharge planner of General Hospital';

/** What the API shows to the hospital's own client. */
async function request(method: string, path: string, body?: Resource): Promise<Resource> {
  const { token } = await demo.running.hub.authorization.issueToken({ client: 'general-hospital' });
  const answer = await fetch(`${url}/fhir/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await answer.json()) as Resource;
}

const read = async <R extends Resource>(path: string): Promise<R[]> =>
  (((await request('GET', path)) as Bundle<R>).entry ?? []).flatMap(({ resource }) => resource ?? []);

type Role = 'link' | 'button' | 'textbox' | 'combobox' | 'radio';

/** Goes to what has this name by the Tab key alone. */
async function tabTo(page: Page, role: Role, name: string | RegExp): Promise<void> {
  const exact = typeof name === 'string';
  const wanted =
    role === 'textbox' ? page.getByLabel(name, { exact }) : page.getByRole(role, { name, exact });
  for (let pressed = 0; pressed < 90; pressed++) {
    if (await wanted.evaluateAll(all => all.some(one => one === document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${role} “${name}” by keyboard`);
}

async function typed(page: Page, field: string, text: string): Promise<void> {
  await tabTo(page, 'textbox', field);
  await page.keyboard.type(text);
}

async function pressed(page: Page, role: Role, name: string | RegExp): Promise<void> {
  await tabTo(page, role, name);
  await page.keyboard.press('Enter');
}

/** Days from today at the hospital, as the field of a date takes it by keyboard and as it is written. */
function dayAhead(days: number): { keys: string; date: string } {
  const day = Temporal.Now.plainDateISO('America/Chicago').add({ days });
  const [year, month, date] = day.toString().split('-');
  return { keys: `${month}${date}${year}`, date: day.toString() };
}

/** Who is in a list of Leaving soon, from the first on. */
const listed = (page: Page): Promise<string[]> =>
  page.locator('.leavers tbody th').evaluateAll(all => all.map(one => one.textContent ?? ''));

it('by keyboard alone: registers somebody who may be there already, their stay, and their discharge', async () => {
  const page = await signedIn(planner);
  await pressed(page, 'link', 'Register a person');
  await page.getByRole('heading', { name: 'Register a person' }).waitFor();

  // Somebody of this name, in other letters, and of this day of birth is in the hospital.
  await typed(page, 'First names', 'AMARA');
  await typed(page, 'Family name', 'Okónjo');
  await typed(page, 'Date of birth', '12051998');
  await tabTo(page, 'radio', 'Female');
  await page.keyboard.press('Space');
  await typed(page, 'Phone', '(320) 555-0177');
  await tabTo(page, 'combobox', 'Language');
  await page.keyboard.type('Span');
  await typed(page, 'ZIP code', '56801');
  await tabTo(page, 'combobox', 'Payer');
  await page.keyboard.type('Prairie State');
  const before = await read<Patient>('Patient?family=Okonjo');
  await pressed(page, 'button', 'Save');

  const matches = page.getByRole('region', { name: 'Is it this person?' });
  await matches.waitFor();
  expect(await matches.innerText()).toContain('Very likely the same');
  expect(await matches.innerText()).toContain('MRN-amara-okonjo');
  expect(await read<Patient>('Patient?family=Okonjo')).toHaveLength(before.length);
  await pressed(page, 'button', 'None of them: save as a new person');

  await page.getByRole('heading', { name: 'Add a stay' }).waitFor();
  expect(page.url()).not.toMatch(/okonjo/i);
  expect(await page.title()).not.toMatch(/okonjo/i);
  await typed(page, 'Expected to leave', dayAhead(1).keys);
  await typed(page, 'Ward', '4 West');
  await page.keyboard.press('Enter');
  await page.getByText('The stay is saved.').waitFor();

  await pressed(page, 'link', 'Leaving soon');
  await page.getByRole('heading', { name: 'Leaving soon' }).waitFor();
  const [first = '', second = ''] = await listed(page);
  expect([first, second].join()).toContain('AMARA Okónjo4 West');
  const row = page.locator('.leavers tr', { hasText: '4 West' });
  expect(await row.innerText()).toContain('Leaves tomorrow');
  expect(await row.innerText()).toContain('No referral yet');

  await pressed(page, 'link', 'AMARA Okónjo');
  await page.getByRole('heading', { name: 'AMARA Okónjo' }).waitFor();
  await pressed(page, 'link', /record the discharge/);
  await page.getByRole('heading', { name: 'Record the discharge' }).waitFor();
  await tabTo(page, 'combobox', 'Where to');
  await page.keyboard.type('Home');
  await pressed(page, 'button', 'Record the discharge');
  await page.getByText('The discharge is recorded.').waitFor();

  const [patient] = await read<Patient>('Patient?birthdate=1998-12-05&_sort=-_lastUpdated&_count=1');
  expect(patient).toMatchObject({
    name: [{ family: 'Okónjo', given: ['AMARA'] }],
    communication: [{ language: { coding: [{ code: 'es' }] } }],
    address: [{ postalCode: '56801' }],
    managingOrganization: { reference: 'Organization/general-hospital' },
  });
  const [stay] = await read<Encounter>(`Encounter?patient=${patient?.id}`);
  expect(stay).toMatchObject({
    status: 'finished',
    class: { code: 'IMP' },
    extension: [{ url: plannedEnd, valueDateTime: dayAhead(1).date }],
    hospitalization: { dischargeDisposition: { coding: [{ code: 'home' }] } },
    location: [{ location: { display: '4 West' } }],
  });
  const [coverage] = await read<Coverage>(`Coverage?beneficiary=Patient/${patient?.id}`);
  expect(coverage?.payor).toEqual([{ reference: 'Organization/prairie-medicaid' }]);
  // The stay is followed like one that an EHR has sent.
  const followUp = await read<Task>(`Task?patient=${patient?.id}&code=follow-up-after-discharge`);
  expect(followUp).toHaveLength(1);

  const profile = 'https://warmhandoff.example/fhir/StructureDefinition/expected-discharge';
  const outcome = await request('POST', `Encounter/$validate?profile=${profile}`, stay);
  expect(JSON.stringify(outcome)).not.toContain('"severity":"error"');
  await page.context().close();
});
