/// <reference lib="esnext.temporal" />
import type { Bundle, Communication, Resource } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { written } from '../harness/consents.ts';
import { signInAs } from '../harness/crawl.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { signIn } from '../harness/workplace.ts';

let demo: DemoHub;
let url: string;
beforeAll(async () => {
  demo = await startDemoHub();
  url = demo.running.url;
});
afterAll(() => demo?.stop());

const planner = 'Discharge planner of General Hospital';

/** A request of an organization's own client. */
async function api<R extends Resource>(
  client: string,
  method: string,
  path: string,
  body?: Resource,
): Promise<R> {
  const { token } = await demo.running.hub.authorization.issueToken({ client });
  const answer = await fetch(`${url}/fhir/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const resource = (await answer.json()) as R;
  expect(answer.ok, JSON.stringify(resource)).toBe(true);
  return resource;
}

const dayAhead = (days: number) => Temporal.Now.plainDateISO('America/Chicago').add({ days });
const rowOf = (page: Page, name: string) => page.locator('.leavers tr', { hasText: name });

async function at(page: Page, path: string): Promise<string> {
  await page.goto(`${url}${path}`);
  return page.locator('main').innerText();
}

describe('Leaving soon', () => {
  it('shows who is in care and who has just left, the worst first, with what is in place and missing', async () => {
    const page = await signIn(demo, planner);
    await at(page, '/leaving');
    const names = await page.locator('.leavers tbody th a').allInnerTexts();
    // Marisol was seen, Dolores left long ago.
    expect(names).toEqual(['Theo Lindqvist', 'Amara Okonjo', 'Priya Nair', 'Kenji Aldana']);
    const theo = await rowOf(page, 'Theo').innerText();
    expect(theo).toMatch(/Left \d days ago/);
    expect(theo).toContain('Southside CMHC: Accepted');
    expect(theo).toContain('No visit within 7 days of discharge');
    expect(await rowOf(page, 'Amara').innerText()).toContain('Northside CMHC: Asked, no answer yet');
    expect(
      await rowOf(page, 'Kenji')
        .getByRole('link', { name: /Go on with it/ })
        .getAttribute('href'),
    ).toBe('/refer/referral-kenji-aldana');
    await page.context().close();
  });

  it('draws the days ahead, and says the same in numbers', async () => {
    const page = await signIn(demo, planner);
    await at(page, '/leaving');
    const says = 'Expected discharges, next 14 days. First visit booked: 0. No visit yet: 2.';
    expect(await page.getByRole('img', { name: says }).count()).toBe(1);
    await page.getByText('The same in numbers').click();
    const numbers = await page.locator('.columns-chart tbody tr').allInnerTexts();
    expect(numbers).toHaveLength(14);
    expect(numbers.filter(line => /\t1$/.test(line))).toHaveLength(2);
    await page.context().close();
  });

  it('two browsers: what one changes the other shows within a second; who changes it later is told', async () => {
    const [one, two, three] = await Promise.all([
      signIn(demo, planner),
      signIn(demo, planner),
      signIn(demo, planner),
    ]);
    await at(one, '/leaving');
    await at(two, '/patients/kenji-aldana/stays/kenji-aldana-stay');
    await at(three, '/patients/kenji-aldana/stays/kenji-aldana-stay');
    await one.waitForTimeout(300);
    await two.getByLabel('Day').fill(dayAhead(1).toString());
    await Promise.all([
      two.getByRole('button', { name: 'Change the day' }).click(),
      two.waitForURL(/done=day/),
    ]);
    await rowOf(one, 'Kenji').getByText('Leaves tomorrow').waitFor({ timeout: 1000 });
    await three.getByLabel('Where to').selectOption('home');
    await three.getByRole('button', { name: 'Record the discharge' }).click();
    const told = three.getByText('Somebody else changed this stay in the meantime');
    await told.waitFor();
    expect(await three.getByLabel('Where to').inputValue()).toBe('home');
    expect(await three.getByLabel('Day').inputValue()).toBe(dayAhead(1).toString());
    await three.getByRole('button', { name: 'Record the discharge' }).click();
    await three.waitForURL(/done=discharged/);
    for (const page of [one, two, three]) await page.context().close();
  });
});

describe('a person', () => {
  it('shows where they are, who does what, and what may be shared, to the hospital', async () => {
    const { id: _, ...consent } = written();
    await api('general-hospital', 'POST', 'Consent', {
      ...consent,
      patient: { reference: 'Patient/marisol-vega' },
      organization: [{ reference: 'Organization/general-hospital' }],
      provision: {
        ...consent.provision,
        period: { start: dayAhead(-10).toString(), end: dayAhead(90).toString() },
        actor: [
          ...['northside-cmhc', 'hub'].map(one => ({
            role: {
              coding: [
                { system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' },
              ],
            },
            reference: { reference: `Organization/${one}` },
          })),
        ],
      },
    });
    const page = await signIn(demo, planner);
    const text = await at(page, '/patients/marisol-vega');
    for (const said of [
      'Case management in Spanish',
      'Gabriel Ortega',
      'For: Major depressive disorder',
      'Prairie State Medicaid',
      'Spanish',
      'April 17, 1991',
      'Substance-use records are shared with Northside CMHC, for treatment and coordination.',
    ])
      expect(text).toContain(said);
    expect(text).not.toContain('Who was shown the record');
    expect(await page.title()).not.toContain('Vega');
    await page.context().close();
  });

  it('shows the center that carries the case how complete it is', async () => {
    await demo.running.hub.publishDefinitions();
    const page = await signIn(demo, 'Case manager of Northside CMHC');
    const text = await at(page, '/patients/marisol-vega');
    expect(text).toMatch(/The case is complete to\s+\d+ %/);
    expect(text).toContain('Still missing');
    expect(await page.getByRole('link', { name: 'Add a stay' }).count()).toBe(0);
    await page.context().close();
  });

  it('shows a shelter what was sent to it, and a supervisor who was shown the record', async () => {
    const shelter = await signInAs(url, 'harbor-shelter', 'intake');
    const { status, text } = await shelter.get('/patients/samuel-tetteh');
    expect(status).toBe(200);
    expect(text).toContain('Samuel Tetteh');
    expect(text).not.toContain('F20.9');
    const supervisor = await signInAs(url, 'general-hospital', 'supervisor');
    expect((await supervisor.get('/patients/amara-okonjo')).text).toContain(
      '/disclosures?patient=amara-okonjo',
    );
  });
});

describe('registering', () => {
  const fields = { given: 'Kenji', family: 'Aldana', birthdate: '2001-08-30', gender: 'male' };
  const register = async (organization: string, given: Record<string, string>) => {
    const someone = await signInAs(url, organization, 'discharge-planner');
    return someone.send('/patients/new', '/patients/new', given);
  };

  it('notices a slip of the hand', async () => {
    const { status, text } = await register('general-hospital', { ...fields, family: 'Aldanna' });
    expect(status).toBe(200);
    expect(text).toContain('birth date and nearly the name');
    expect(text).toContain('/patients/kenji-aldana');
  });

  it('tells nothing of people whom the organization does not see', async () => {
    const { status, location } = await register('county-hospital', {
      ...fields,
      given: 'Theo',
      family: 'Lindqvist',
      birthdate: '1973-09-02',
    });
    expect(status).toBe(303);
    expect(location).toMatch(/^\/patients\/[\w-]+\/stays\/new\?done=registered$/);
  });

  it('gives a record number once, though somebody says that it is a new person', async () => {
    const given = { ...fields, given: 'Other', identifier: 'MRN-kenji-aldana', somebody: 'new' };
    const { status, text } = await register('general-hospital', given);
    expect(status).toBe(409);
    expect(text).toContain('Somebody with this record number is registered already.');
    expect(text).toContain('value="Other"');
  });
});

describe('who may not', () => {
  it.each([
    ['general-hospital', 'organization-administrator', '/leaving'],
    ['general-hospital', 'organization-administrator', '/patients/new'],
    ['general-hospital', 'organization-administrator', '/patients/amara-okonjo'],
    ['general-hospital', 'auditor', '/patients/emergency'],
    ['general-hospital', 'utilization-reviewer', '/patients/new'],
    ['general-hospital', 'utilization-reviewer', '/patients/amara-okonjo/stays/new'],
    ['northside-cmhc', 'intake', '/leaving'],
    ['northside-cmhc', 'case-manager', '/patients/marisol-vega/stays/marisol-vega-stay'],
  ])('%s, %s is told so at %s', async (organization, role, path) => {
    const { status, text } = await (await signInAs(url, organization, role)).get(path);
    expect(status).toBe(403);
    expect(text).toMatch(/role|theirs to change/);
  });

  it('a person of another hospital is nobody, known to the hub or not', async () => {
    const other = await signInAs(url, 'county-hospital', 'auditor');
    const [hidden, absent] = await Promise.all([
      other.get('/patients/kenji-aldana'),
      other.get('/patients/nobody-at-all'),
    ]);
    expect([hidden.status, absent.status]).toEqual([404, 404]);
    const without = (text: string) =>
      text.replaceAll(/kenji-aldana|nobody-at-all/g, '').replaceAll(/value="[\w-]{20,}"/g, '');
    expect(without(hidden.text)).toBe(without(absent.text));
  });
});

describe('emergency access', () => {
  it('opens one record with a reason, for a time, and tells who keeps it', async () => {
    const page = await signIn(demo, 'Discharge planner of County Hospital');
    await at(page, '/patients/priya-nair');
    await page.getByRole('link', { name: 'It is an emergency' }).click();
    await page.getByLabel('Emergency treatment').check();
    await page.getByLabel('Why you need it now').fill('Short');
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByText('Say in a sentence why you need it now.').waitFor();
    expect(await page.getByLabel('Emergency treatment').isChecked()).toBe(true);
    const reason = 'Unconscious in our emergency room, medication unknown.';
    await page.getByLabel('Why you need it now').fill(reason);
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByText('The record is open to your organization for a limited time.').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Priya Nair');
    expect(await at(page, '/patients/priya-nair')).toContain(
      'This record is open to you in an emergency, until',
    );
    const told = await api<Bundle<Communication>>(
      'general-hospital',
      'GET',
      'Communication?subject=Patient/priya-nair',
    );
    expect(JSON.stringify(told)).toContain(reason);
    await page.context().close();
  });

  it('by name and date of birth says no more of who fits not', async () => {
    const page = await signIn(demo, 'Intake of Southside CMHC');
    await at(page, '/patients/emergency');
    await page.getByLabel('Name', { exact: true }).fill('Kenji Nobody');
    await page.getByLabel('Date of birth').fill('2001-08-30');
    await page.getByLabel('Another emergency').check();
    await page.getByLabel('Why you need it now').fill('He is on the bridge and says nothing.');
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByText('This does not lead to one person. Nothing was opened.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Kenji Aldana');
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.waitForURL(/patients\/kenji-aldana\?done=emergency/);
    await page.context().close();
  });
});
