import type {
  DocumentReference,
  HealthcareService,
  Observation,
  QuestionnaireResponse,
  ServiceRequest,
} from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instruments } from '../../src/care/instruments/scoring.ts';
import { canonical } from '../../src/fhir/canonical.ts';
import { gapsOf } from '../../src/referral/packet/gaps.ts';
import { packetExtension, packetSystem } from '../../src/referral/packet/rules.ts';
import { violationsOf } from '../harness/accessible.ts';
import { idIn, type ReferWorld, startReferWorld } from './refer-world.ts';

let world: ReferWorld;

beforeAll(async () => {
  world = await startReferWorld();
}, 60_000);
afterAll(() => world?.demo.stop());

describe('what goes along', () => {
  const need = (item: string, display: string, strength: string) => ({
    url: packetExtension.need,
    extension: [
      { url: 'item', valueCodeableConcept: { coding: [{ system: packetSystem.item, code: item, display }] } },
      { url: 'strength', valueCode: strength },
    ],
  });

  beforeAll(async () => {
    const southside = await world.clientOf('southside-cmhc');
    const questions = { url: 'questionnaire', valueCanonical: `${canonical}/Questionnaire/phq-9` };
    const id = 'HealthcareService/southside-cmhc-case-management';
    const service = await southside.read<HealthcareService>(id);
    const needs = [
      need('discharge-summary', 'Discharge summary', 'required'),
      need('medications', 'Medications', 'expected'),
      need('risk', 'Suicide risk', 'welcome'),
      { url: packetExtension.need, extension: [questions, { url: 'strength', valueCode: 'welcome' }] },
    ];
    await southside.update({ ...service, extension: [...(service.extension ?? []), ...needs] });
  });

  async function packet(): Promise<Page> {
    const page = await world.placesFor('theo-lindqvist', 'Case management');
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
    const why = page.getByLabel('Why it is sent without: Medications', { exact: true });
    await why.selectOption('other');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await main.getByRole('alert').innerText()).toContain('Say in words why');
    expect(await why.inputValue()).toBe('other');
    // What was right is kept.
    expect(await page.getByRole('region', { name: 'Attached' }).innerText()).toContain('summary.txt');
    await why.selectOption('to-follow');
    await page
      .getByLabel('In words, why it is sent without: Medications')
      .fill('The ward sends the list today.');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await main.innerText()).toContain('Medications: The ward sends the list today.');
    await page.getByRole('button', { name: 'Send the referral' }).click();
    await page.waitForURL(/\/referrals\//);

    const [task] = await world.tasksOf(id);
    expect(task?.owner?.reference).toBe('Organization/southside-cmhc');
    expect(gapsOf(task).map(({ title, reason }) => [title, reason?.text])).toEqual([
      ['Medications', 'The ward sends the list today.'],
    ]);
    const request = await world.hospital.read<ServiceRequest>(`ServiceRequest/${id}`);
    const document = request.supportingInfo?.find(({ reference }) =>
      reference?.startsWith('DocumentReference/'),
    );
    expect(await world.hospital.read<DocumentReference>(document?.reference ?? '')).toMatchObject({
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
    const why = page.getByLabel('Why it is sent without: Medications', { exact: true });
    for (const [reason, said] of [
      ['to-follow', 'Medications: To follow'],
      ['', 'Medications: no reason given yet'],
    ] as const) {
      await why.selectOption(reason);
      await page.getByRole('button', { name: 'Continue' }).click();
      expect(await main.innerText()).toContain(said);
      await page.getByRole('link', { name: 'Packet', exact: true }).first().click();
    }
    await page.getByRole('button', { name: /Leave out Document/ }).click();
    expect(await attached.innerText()).not.toContain('summary.txt');
    expect(await main.innerText()).toContain('Not attached yet');
    await page.context().close();
  });

  /** Chooses for each question the answer at this place. */
  async function answer(page: Page, name: string, place: number, but: Record<string, number> = {}) {
    const questions = instruments.get(`${canonical}/Questionnaire/${name}`)?.questionnaire.item ?? [];
    for (const { linkId, type, required } of questions)
      if (type === 'choice' && required)
        await page
          .locator(`input[name="answer:${linkId}"]`)
          .nth(but[linkId] ?? place)
          .check();
  }

  it('is a questionnaire that is answered on the way, scored only when it is whole', async () => {
    const page = await packet();
    const id = idIn(page);
    await page.getByRole('link', { name: 'PHQ-9 quick depression assessment panel' }).first().click();
    expect(page.url()).toMatch(/\/questionnaire\/phq-9$/);
    await page.locator('input[name="answer:44250-9"]').nth(1).check();
    await page.getByRole('button', { name: 'Save and attach' }).click();
    expect(await page.getByText('Answer this one, too.').count()).toBe(8);
    expect(await page.locator('input[name="answer:44250-9"]').nth(1).isChecked()).toBe(true);
    await answer(page, 'phq-9', 1, { '44260-8': 0 });
    await page.getByRole('button', { name: 'Save and attach' }).click();
    await page.getByText('The answers are saved and attached.').waitFor();
    const asked = page.getByRole('region', { name: 'Asked for' });
    expect(await asked.innerText()).toContain('Attached Answers to PHQ-9 quick depression assessment panel');

    const request = await world.hospital.read<ServiceRequest>(`ServiceRequest/${id}`);
    const attached = (request.supportingInfo ?? []).map(({ reference = '' }) => reference);
    const response = attached.find(one => one.startsWith('QuestionnaireResponse/')) ?? '';
    expect(await world.hospital.read<QuestionnaireResponse>(response)).toMatchObject({
      status: 'completed',
      subject: { reference: 'Patient/theo-lindqvist' },
      author: { reference: expect.stringMatching(/^PractitionerRole\//) },
    });
    const results = attached.filter(one => one.startsWith('Observation/'));
    expect(results).toHaveLength(1);
    expect(await world.hospital.read<Observation>(results[0] ?? '')).toMatchObject({
      code: { coding: [{ code: '44261-6' }] },
      valueQuantity: { value: 8 },
    });
    await page.context().close();
  });

  it('tells what is shown with consent alone', async () => {
    const page = await packet();
    await page.goto(`${world.url}/refer/${idIn(page)}/questionnaire/audit-c`);
    await answer(page, 'audit-c', 1);
    await page.getByRole('button', { name: 'Save and attach' }).click();
    const marked = page.getByRole('region', { name: 'Attached' }).getByText('only with the person’s consent');
    await marked.first().waitFor();
    expect(await marked.count()).toBe(2);
    await page.context().close();
  });

  it('says at once what answers ask for, and asks about suicide in person only', async () => {
    const page = await packet();
    await page.getByRole('link', { name: 'PHQ-9 quick depression assessment panel' }).first().click();
    await answer(page, 'phq-9', 0, { '44260-8': 1 });
    await page.getByRole('button', { name: 'Save and attach' }).click();
    await page.getByText(/they ask for something at once.*C-SSRS/).waitFor();
    const interview = page.getByRole('link', { name: /C-SSRS|Columbia/ });
    await interview.first().click();
    await answer(page, 'c-ssrs', 1);
    const inPerson = page.getByLabel('I asked these questions in person.');
    await inPerson.evaluate(element => element.removeAttribute('required'));
    await page.getByRole('button', { name: 'Save and attach' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('tick that you did');
    await inPerson.check();
    await page.getByRole('button', { name: 'Save and attach' }).click();
    await page.getByRole('region', { name: 'Asked for' }).waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'Attached Suicide risk' }).count()).toBe(1);
    await page.context().close();
  });
});

const desk = { colorScheme: 'light', width: 1280 } as const;
const phone = { colorScheme: 'dark', width: 320 } as const;
/** Each page one way, in turn; each both ways where everything is checked. */
const walks: [name: string, looks: (typeof desk | typeof phone)[]][] = process.env.CHECK_FULL
  ? [
      ['at a desk', [desk]],
      ['on a phone', [phone]],
    ]
  : [['at a desk and on a phone in turn', [desk, phone]]];

describe('every page of it', () => {
  it.each(walks)(
    'is accessible and fits (%s)',
    async (_, looks) => {
      const page = await world.planner();
      const faults: string[] = [];
      let pages = 0;
      const look = async () => {
        const { colorScheme, width } = looks[pages++ % looks.length] ?? desk;
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        const at = await page.title();
        faults.push(...(await violationsOf(page)).map(fault => `${at}: ${fault}`));
        const [content = 0, window = 0] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          globalThis.innerWidth,
        ]);
        if (content > window) faults.push(`${at}: ${content} wide in ${window}`);
      };
      await page.goto(`${world.url}/refer`);
      await look();
      for (const text of ['okonjo', 'nobody']) {
        await page.getByLabel('Name, date of birth or identifier').fill(text);
        await page.getByRole('button', { name: 'Search' }).last().click();
        await look();
      }
      await page.goto(`${world.url}/refer?patient=theo-lindqvist`);
      for (const fold of await page.locator('main summary').all()) await fold.click();
      await look();
      await world.placesFor('theo-lindqvist', 'Case management', page);
      for (const fold of await page.locator('main details:not(details details) > summary').all())
        await fold.click();
      await look();
      await page.getByRole('link', { name: 'Person', exact: true }).click();
      await look();
      await page.goBack();
      for (const box of await page.getByRole('checkbox', { name: /Choose/ }).all()) await box.check();
      await page.getByRole('button', { name: 'Compare them' }).click();
      await look();
      await world.placesFor('theo-lindqvist', 'Mental health team', page);
      await page.getByRole('button', { name: /Ask only this place Southside/ }).click();
      for (const fold of await page.locator('main summary').all()) await fold.click();
      await look();
      await page.getByRole('button', { name: 'Continue' }).click();
      await look();
      await page.goto(`${world.url}/refer/${idIn(page)}/questionnaire/phq-9`);
      await look();
      expect(faults).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it('is for those who refer', async () => {
    const page = await world.signedIn('Organization administrator of General Hospital');
    expect((await page.goto(`${world.url}/refer`))?.status()).toBe(403);
    await page.context().close();
  });

  it('says nothing of the person in addresses and titles', async () => {
    const page = await world.placesFor('theo-lindqvist', 'Psychiatry');
    for (const step of ['person', 'need', 'places']) {
      await page.goto(`${world.url}/refer/${idIn(page)}/${step}`);
      expect(`${page.url()} ${await page.title()}`).not.toMatch(/theo|lindqvist|psychiatry|F25/i);
    }
    await page.context().close();
  });

  it('is another organization’s draft to nobody else', async () => {
    const page = await world.placesFor('theo-lindqvist', 'Psychiatry');
    const id = idIn(page);
    const other = await world.signedIn('Discharge planner of County Hospital');
    expect((await other.goto(`${world.url}/refer/${id}/need`))?.status()).toBe(404);
    await other.context().close();
    await page.context().close();
  });
});
