/// <reference lib="esnext.temporal" />
import type { Bundle, Coverage, Encounter, Patient, Resource, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plannedEnd } from '../../src/care/follow-up/stay.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { keyboardOf } from '../harness/keyboard.ts';
import { signIn } from '../harness/workplace.ts';

let demo: DemoHub;
let url: string;
beforeAll(async () => {
  demo = await startDemoHub();
  url = demo.running.url;
});
afterAll(() => demo?.stop());

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
  const page = await signIn(demo, planner);
  await page.goto(url);
  const keyboard = keyboardOf(page);
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await keyboard.press(page.getByRole('link', { name: 'Register a person' }));

  // Somebody of this name, in other letters, and of this day of birth is in the hospital.
  await keyboard.type(field('First names'), 'AMARA');
  await keyboard.type(field('Family name'), 'Okónjo');
  await keyboard.type(field('Date of birth'), '12051998');
  await keyboard.choose(field('Female'));
  await keyboard.type(field('Phone'), '(320) 555-0177');
  await keyboard.type(field('Language'), 'Span');
  await keyboard.type(field('ZIP code'), '56801');
  await keyboard.type(field('Payer'), 'Prairie State');
  const before = await read<Patient>('Patient?family=Okonjo');
  await keyboard.press(button('Save'));

  const matches = page.getByRole('region', { name: 'Is it this person?' });
  expect(await matches.innerText()).toContain('Very likely the same');
  expect(await matches.innerText()).toContain('MRN-amara-okonjo');
  expect(await read<Patient>('Patient?family=Okonjo')).toHaveLength(before.length);
  await keyboard.press(button('None of them: save as a new person'));

  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Add a stay');
  expect(page.url()).not.toMatch(/okonjo/i);
  expect(await page.title()).not.toMatch(/okonjo/i);
  await keyboard.type(field('Expected to leave'), dayAhead(1).keys);
  await keyboard.type(field('Ward'), '4 West');
  await keyboard.enter();
  await page.getByText('The stay is saved.').waitFor();

  await keyboard.press(page.getByRole('link', { name: 'Leaving soon' }));
  expect((await listed(page)).slice(0, 2).join()).toContain('AMARA Okónjo4 West');
  const row = page.locator('.leavers tr', { hasText: '4 West' });
  expect(await row.innerText()).toContain('Leaves tomorrow');
  expect(await row.innerText()).toContain('No referral yet');

  await keyboard.press(page.getByRole('link', { name: 'AMARA Okónjo', exact: true }));
  await keyboard.press(page.getByRole('link', { name: /record the discharge/ }));
  await keyboard.type(field('Where to'), 'Home');
  await keyboard.press(button('Record the discharge'));
  await page.getByText('The discharge is recorded.').waitFor();
  expect(keyboard.actions).toBeLessThanOrEqual(19);

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
  expect(outcome.resourceType).toBe('OperationOutcome');
  expect(JSON.stringify(outcome)).not.toMatch(/"severity":"(error|fatal)"/);
  await page.context().close();
});
