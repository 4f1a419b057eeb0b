import { AxeBuilder } from '@axe-core/playwright';
import type {
  DocumentReference,
  HealthcareService,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gapsOf } from '../../src/referral/packet/gaps.ts';
import { packetExtension, packetSystem } from '../../src/referral/packet/rules.ts';
import { inputsOf } from '../../src/referral/routing/need.ts';
import { choiceOf, strategyOf } from '../../src/referral/routing/strategy.ts';
import { openPage } from '../harness/browser.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { keyboardOf } from '../harness/keyboard.ts';

let demo: DemoHub;
let hospital: Client;

beforeAll(async () => {
  demo = await startDemoHub();
  hospital = await clientOf('general-hospital');
}, 60_000);
afterAll(() => demo?.stop());

interface Client {
  read<R extends Resource>(path: string): Promise<R>;
  update(resource: Resource): Promise<void>;
  /** What a search finds. */
  search<R extends Resource>(query: string): Promise<R[]>;
}

/** An organization's own system. */
async function clientOf(client: string): Promise<Client> {
  const { url, hub } = demo.running;
  const { token } = await hub.authorization.issueToken({ client });
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
    const response = await fetch(`${url}/fhir/${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    read: path => call(path),
    async update(resource) {
      await call(`${resource.resourceType}/${resource.id}`, {
        method: 'PUT',
        body: JSON.stringify(resource),
      });
    },
    async search<R extends Resource>(query: string) {
      const { entry = [] } = (await call(query)) as { entry?: { resource: R }[] };
      return entry.map(({ resource }) => resource);
    },
  };
}

type Look = Parameters<typeof openPage>[2];

async function planner(look?: Look): Promise<Page> {
  const { page } = await openPage(demo.browser, `${demo.running.url}/sign-in`, look);
  await page.getByRole('button', { name: 'Discharge planner of General Hospital', exact: true }).click();
  await page.getByRole('navigation', { name: 'Your account' }).waitFor();
  return page;
}

/** A planner's page with the places for a person and a need. */
async function placesFor(patient: string, need: string, page?: Page): Promise<Page> {
  const at = page ?? (await planner());
  await at.goto(`${demo.running.url}/refer?patient=${patient}`);
  await at.getByLabel(need, { exact: true }).check();
  await at.getByRole('button', { name: 'Find places' }).click();
  return at;
}

const idIn = (page: Page): string => new URL(page.url()).pathname.split('/')[2] ?? '';
const titles = (page: Page) => page.locator('main h1').innerText();

async function tasksOf(request: string): Promise<Task[]> {
  return hospital.search<Task>(`Task?focus=ServiceRequest/${request}`);
}

/** From the packet on: sends, and is at the referral. */
async function send(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Send the referral' }).click();
  await page.waitForURL(/\/referrals\//);
  return new URL(page.url()).pathname.split('/')[2] ?? '';
}

describe('a referral', () => {
  it('is sent from the search to the end by keyboard, in at most twelve actions', async () => {
    const page = await planner();
    await page.goto(`${demo.running.url}/refer`);
    const keys = keyboardOf(page);
    await keys.type(page.getByLabel('Name, date of birth or identifier'), 'theo lind');
    await keys.enter();
    await keys.press(page.getByRole('link', { name: /Theo Lindqvist/ }));
    await keys.choose(page.getByLabel('Peer support', { exact: true }));
    await keys.choose(page.getByLabel('Urgent'));
    await keys.type(page.getByLabel('What should they know?'), 'Prefers mornings.');
    await keys.press(page.getByRole('button', { name: 'Find places' }));
    const id = idIn(page);
    await keys.press(page.getByRole('button', { name: 'Ask this place' }));
    await keys.press(page.getByRole('button', { name: 'Continue' }));
    await keys.press(page.getByRole('button', { name: 'Send the referral' }));
    expect(keys.actions).toBeLessThanOrEqual(12);
    expect(page.url()).toMatch(/\/referrals\/[\w-]+\?done=sent$/);

    const [task] = await tasksOf(id);
    expect(task).toMatchObject({
      status: 'requested',
      priority: 'urgent',
      owner: { reference: 'Organization/hub' },
    });
    expect(page.url()).toContain(task?.id);
    expect(await hospital.read<ServiceRequest>(`ServiceRequest/${id}`)).toMatchObject({
      status: 'active',
      subject: { reference: 'Patient/theo-lindqvist' },
      priority: 'urgent',
      note: [{ text: 'Prefers mornings.' }],
      reasonReference: [{ reference: 'Condition/theo-lindqvist-diagnosis' }],
      insurance: [{ reference: 'Coverage/theo-lindqvist-coverage' }],
      supportingInfo: [{ reference: 'Encounter/theo-lindqvist-stay' }],
    });
    await page.goto(`${demo.running.url}/refer/${id}/send`);
    expect(new URL(page.url()).pathname).toBe(`/referrals/${task?.id}`);
    await page.context().close();
  });

  it('is kept as a draft at each step, for whoever signs in again', async () => {
    const first = await placesFor('amara-okonjo', 'Food');
    const id = idIn(first);
    await first.getByRole('button', { name: /^Ask/ }).first().click();
    expect(await titles(first)).toBe('What goes along?');
    await first.context().close();

    const again = await planner();
    await again.goto(`${demo.running.url}/refer`);
    const draft = again.getByRole('listitem').filter({ hasText: 'Amara Okonjo' }).filter({ hasText: 'Food' });
    await draft.getByRole('link', { name: 'Continue' }).click();
    expect(again.url()).toContain(`/refer/${id}/packet`);
    await again.getByRole('link', { name: 'Need', exact: true }).click();
    expect(await again.getByLabel('Food', { exact: true }).isChecked()).toBe(true);
    expect(await again.getByLabel('In your words').inputValue()).toBe('');

    await again.goto(`${demo.running.url}/refer`);
    await draft.getByRole('button', { name: 'Discard' }).click();
    await again.getByText('Nothing of it was sent').waitFor();
    expect(await draft.count()).toBe(0);
    expect((await again.goto(`${demo.running.url}/refer/${id}/need`))?.status()).toBe(404);
    await again.context().close();
  });

  it('asks nobody else when only one place is to be asked', async () => {
    const page = await placesFor('marisol-vega', 'Mental health team');
    const id = idIn(page);
    await page.getByRole('button', { name: /Ask only this place Southside/ }).click();
    await send(page);
    const tasks = await tasksOf(id);
    expect(tasks.map(({ owner }) => owner?.reference)).toEqual(['Organization/southside-cmhc']);
    expect(inputsOf(tasks[0]?.input ?? [], 'offered-service')[0]?.valueReference?.reference).toBe(
      'HealthcareService/southside-cmhc-case-management',
    );
    expect(strategyOf(tasks[0] ?? {})).toBeUndefined();
    await page.context().close();
  });

  it('asks several at the same time, after they were compared', async () => {
    const page = await placesFor('theo-lindqvist', 'Mental health team');
    const id = idIn(page);
    await page.getByRole('button', { name: 'Compare them' }).click();
    expect(await page.locator('main').innerText()).toContain('Choose 2 to 3 places first');
    for (const box of await page.getByRole('checkbox', { name: /Choose/ }).all()) await box.check();
    await page.getByRole('button', { name: 'Compare them' }).click();
    expect(await titles(page)).toBe('Compare places');
    const distances = page.getByRole('row', { name: /Distance/ });
    expect(await distances.getByRole('cell').count()).toBe(2);
    await page.getByRole('button', { name: 'Ask both at the same time' }).click();
    await send(page);
    const tasks = await tasksOf(id);
    expect(tasks.map(({ owner, status }) => `${owner?.reference} ${status}`).sort()).toEqual([
      'Organization/northside-cmhc requested',
      'Organization/southside-cmhc requested',
    ]);
    await page.context().close();
  });

  it('says what would have to change where nobody fits, and goes on from there', async () => {
    const page = await planner();
    await page.goto(`${demo.running.url}/refer?patient=marisol-vega`);
    await page.getByLabel('Psychiatry', { exact: true }).check();
    await page.getByText('Wishes, access and level of care').click();
    await page.getByRole('group', { name: 'It has to be' }).getByLabel('Women on the staff').check();
    await page.getByRole('button', { name: 'Find places' }).click();
    const main = page.locator('main');
    expect(await main.innerText()).toContain('Nobody in the directory fits this request');
    expect(await main.innerText()).toMatch(/If women on the staff could be arranged.*Northside CMHC/);
    await page.getByRole('link', { name: 'Change the request' }).click();
    const musts = page.getByRole('group', { name: 'It has to be' });
    expect(await musts.getByLabel('Women on the staff').isChecked()).toBe(true);
    await musts.getByLabel('Women on the staff').uncheck();
    await page.getByRole('button', { name: 'Find places' }).click();
    expect(await main.innerText()).toContain('Northside CMHC, Outpatient psychiatry');
    await page.context().close();
  });

  it('goes where the ranking would not send it, with a reason', async () => {
    const page = await placesFor('theo-lindqvist', 'Case management');
    const id = idIn(page);
    await page.getByText(/place.* not fit/).click();
    const place = page.getByRole('listitem').filter({ hasText: 'Eastgate CMHC' }).first();
    expect(await place.innerText()).toContain('Takes people aged 4 to 21 only');
    await place.getByText('Ask all the same').click();
    await place.getByLabel('Why this place').fill('His daughter is looked after there.');
    await place.getByRole('button', { name: 'Choose it' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await page.locator('main').innerText()).toContain('chosen by hand (“His daughter');
    await page.getByRole('button', { name: 'Send the referral' }).click();
    const [task] = await tasksOf(id);
    expect(task?.owner?.reference).toBe('Organization/hub');
    expect(choiceOf(task ?? {})).toEqual({
      reference: 'HealthcareService/eastgate-cmhc-youth',
      reason: 'His daughter is looked after there.',
    });
    await page.context().close();
  });

  it('leaves out who is not to be asked, and takes that back', async () => {
    const page = await placesFor('amara-okonjo', 'Case management');
    await page.getByRole('button', { name: /Do not ask Northside/ }).click();
    const main = page.locator('main');
    expect(await main.getByRole('heading', { level: 2 }).first().innerText()).toContain('Southside CMHC');
    await page.getByRole('button', { name: 'May be asked after all' }).click();
    expect(await main.getByRole('button', { name: /Do not ask Northside/ }).count()).toBe(1);
    await page.context().close();
  });

  it('warns of a referral for the same need that is open already', async () => {
    const page = await placesFor('amara-okonjo', 'Case management');
    await page.getByRole('button', { name: 'Ask in this order' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    const link = page.getByRole('link', {
      name: 'Case management from the day of discharge, with evening visits',
    });
    expect(await link.getAttribute('href')).toBe('/referrals/referral-amara-okonjo');
    await page.context().close();
  });
});

describe('what goes along', () => {
  const need = (item: string, display: string, strength: string) => ({
    url: packetExtension.need,
    extension: [
      { url: 'item', valueCodeableConcept: { coding: [{ system: packetSystem.item, code: item, display }] } },
      { url: 'strength', valueCode: strength },
    ],
  });

  beforeAll(async () => {
    const southside = await clientOf('southside-cmhc');
    const id = 'HealthcareService/southside-cmhc-case-management';
    const service = await southside.read<HealthcareService>(id);
    const needs = [
      need('discharge-summary', 'Discharge summary', 'required'),
      need('medications', 'Medications', 'expected'),
    ];
    await southside.update({ ...service, extension: [...(service.extension ?? []), ...needs] });
  });

  async function packet(): Promise<Page> {
    const page = await placesFor('theo-lindqvist', 'Case management');
    await page.getByRole('button', { name: /Ask only this place Southside/ }).click();
    return page;
  }

  it('is refused without what is asked for, attached from a file, and sent with a reason', async () => {
    const page = await packet();
    const id = idIn(page);
    const main = page.locator('main');
    expect(await main.innerText()).toContain('They take no referral without it.');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await main.innerText()).toContain('Medications: no reason given yet');
    await page.getByRole('button', { name: 'Send the referral' }).click();
    const refused = await main.getByRole('alert').innerText();
    expect(refused).toContain('"Discharge summary" is missing');
    expect(refused).toContain('"Medications" is missing');

    await page.getByRole('link', { name: 'Packet', exact: true }).first().click();
    await page.getByLabel('Attach a file: Discharge summary').setInputFiles({
      name: 'summary.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('x'.repeat(50_000)),
    });
    await page.getByLabel('Why it is sent without: Medications', { exact: true }).selectOption('to-follow');
    await page
      .getByLabel('In words, why it is sent without: Medications')
      .fill('The ward sends the list today.');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await main.innerText()).toContain('Medications: The ward sends the list today.');
    await page.getByRole('button', { name: 'Send the referral' }).click();
    await page.waitForURL(/\/referrals\//);

    const [task] = await tasksOf(id);
    expect(task?.owner?.reference).toBe('Organization/southside-cmhc');
    expect(gapsOf(task).map(({ title, reason }) => [title, reason?.text])).toEqual([
      ['Medications', 'The ward sends the list today.'],
    ]);
    const request = await hospital.read<ServiceRequest>(`ServiceRequest/${id}`);
    const document = request.supportingInfo?.find(({ reference }) =>
      reference?.startsWith('DocumentReference/'),
    );
    expect(await hospital.read<DocumentReference>(document?.reference ?? '')).toMatchObject({
      subject: { reference: 'Patient/theo-lindqvist' },
      type: { coding: [{ system: 'http://loinc.org', code: '18842-5' }] },
      content: [{ attachment: { title: 'summary.txt', contentType: 'text/plain' } }],
    });
    await page.context().close();
  });

  it('is offered from the record, and left out again', async () => {
    const page = await packet();
    const main = page.locator('main');
    expect(await main.innerText()).toContain('Not attached yet');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('link', { name: 'Packet', exact: true }).first().click();
    const attached = page.getByRole('region', { name: 'Attached' });
    expect(await attached.innerText()).toContain('summary.txt');
    await page.getByRole('button', { name: /Leave out Document/ }).click();
    expect(await attached.innerText()).not.toContain('summary.txt');
    expect(await main.innerText()).toContain('Not attached yet');
    await page.context().close();
  });
});

describe('every page of it', () => {
  it.each([
    ['light', 1280],
    ['dark', 320],
  ] as const)(
    'is accessible and fits (%s, %i wide)',
    async (colorScheme, width) => {
      const page = await planner({ colorScheme, width });
      const faults: string[] = [];
      const look = async () => {
        const found = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
          .analyze();
        const at = await page.title();
        faults.push(...found.violations.map(({ id, nodes }) => `${at}: ${id}: ${nodes[0]?.html}`));
        const [content = 0, window = 0] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          globalThis.innerWidth,
        ]);
        if (content > window) faults.push(`${at}: ${content} wide in ${window}`);
      };
      await page.goto(`${demo.running.url}/refer`);
      await look();
      await page.goto(`${demo.running.url}/refer?patient=theo-lindqvist`);
      for (const fold of await page.locator('main summary').all()) await fold.click();
      await look();
      await placesFor('theo-lindqvist', 'Case management', page);
      for (const fold of await page.locator('main details:not(details details) > summary').all())
        await fold.click();
      await look();
      for (const box of await page.getByRole('checkbox', { name: /Choose/ }).all()) await box.check();
      await page.getByRole('button', { name: 'Compare them' }).click();
      await look();
      await placesFor('theo-lindqvist', 'Mental health team', page);
      await page.getByRole('button', { name: /Ask only this place Southside/ }).click();
      for (const fold of await page.locator('main summary').all()) await fold.click();
      await look();
      await page.getByRole('button', { name: 'Continue' }).click();
      await look();
      expect(faults).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it('is for those who refer', async () => {
    const { page } = await openPage(demo.browser, `${demo.running.url}/sign-in`);
    await page
      .getByRole('button', { name: 'Organization administrator of General Hospital', exact: true })
      .click();
    await page.getByRole('navigation', { name: 'Your account' }).waitFor();
    expect((await page.goto(`${demo.running.url}/refer`))?.status()).toBe(403);
    await page.context().close();
  });

  it('says nothing of the person in addresses and titles', async () => {
    const page = await placesFor('theo-lindqvist', 'Psychiatry');
    for (const step of ['person', 'need', 'places']) {
      await page.goto(`${demo.running.url}/refer/${idIn(page)}/${step}`);
      expect(`${page.url()} ${await page.title()}`).not.toMatch(/theo|lindqvist|psychiatry|F25/i);
    }
    await page.context().close();
  });

  it('is another organization’s draft to nobody else', async () => {
    const page = await placesFor('theo-lindqvist', 'Psychiatry');
    const id = idIn(page);
    const { page: other } = await openPage(demo.browser, `${demo.running.url}/sign-in`);
    await other.getByRole('button', { name: 'Discharge planner of County Hospital', exact: true }).click();
    await other.getByRole('navigation', { name: 'Your account' }).waitFor();
    expect((await other.goto(`${demo.running.url}/refer/${id}/need`))?.status()).toBe(404);
    await other.context().close();
    await page.context().close();
  });
});
