import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputsOf } from '../../src/referral/routing/need.ts';
import { choiceOf, strategyOf } from '../../src/referral/routing/strategy.ts';
import { keyboardOf } from '../harness/keyboard.ts';
import { idIn, type ReferWorld, send, startReferWorld } from './refer-world.ts';

let world: ReferWorld;

beforeAll(async () => {
  world = await startReferWorld();
}, 60_000);
afterAll(() => world?.demo.stop());

const titles = (page: Page) => page.locator('main h1').innerText();

describe('a referral', () => {
  it('is sent from the search to the end by keyboard, in at most twelve actions and ninety seconds', async () => {
    const page = await world.planner();
    await page.goto(`${world.url}/refer`);
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
    expect(keys.seconds).toBeLessThanOrEqual(90);
    expect(page.url()).toMatch(/\/referrals\/[\w-]+\?done=sent$/);

    const [task] = await world.tasksOf(id);
    expect(task).toMatchObject({
      status: 'requested',
      priority: 'urgent',
      owner: { reference: 'Organization/hub' },
    });
    expect(page.url()).toContain(task?.id);
    expect(await world.hospital.read<ServiceRequest>(`ServiceRequest/${id}`)).toMatchObject({
      status: 'active',
      subject: { reference: 'Patient/theo-lindqvist' },
      priority: 'urgent',
      note: [{ text: 'Prefers mornings.' }],
      reasonReference: [{ reference: 'Condition/theo-lindqvist-diagnosis' }],
      insurance: [{ reference: 'Coverage/theo-lindqvist-coverage' }],
      supportingInfo: [{ reference: 'Encounter/theo-lindqvist-stay' }],
    });
    await page.goto(`${world.url}/refer/${id}/send`);
    expect(new URL(page.url()).pathname).toBe(`/referrals/${task?.id}`);
    await page.context().close();
  });

  it('is kept as a draft at each step, for whoever signs in again', async () => {
    const first = await world.placesFor('amara-okonjo', 'Food');
    const id = idIn(first);
    await first.getByRole('button', { name: /^Ask/ }).first().click();
    expect(await titles(first)).toBe('What goes along?');
    const attached = await first.getByRole('region', { name: 'Attached' }).innerText();
    expect(attached).toContain('Coverage');
    expect(attached).not.toMatch(/Diagnosis|stay/i);
    await first.context().close();

    const again = await world.planner();
    await again.goto(`${world.url}/refer`);
    const draft = again.getByRole('listitem').filter({ hasText: 'Amara Okonjo' }).filter({ hasText: 'Food' });
    await draft.getByRole('link', { name: 'Continue' }).click();
    expect(again.url()).toContain(`/refer/${id}/packet`);
    await again.getByRole('link', { name: 'Need', exact: true }).click();
    expect(await again.getByLabel('Food', { exact: true }).isChecked()).toBe(true);
    expect(await again.getByLabel('In your words').inputValue()).toBe('');

    await again.goto(`${world.url}/refer`);
    await draft.getByRole('button', { name: 'Discard' }).click();
    await again.getByText('Nothing of it was sent').waitFor();
    expect(await draft.count()).toBe(0);
    expect((await again.goto(`${world.url}/refer/${id}/need`))?.status()).toBe(404);
    await again.context().close();
  });

  it('asks nobody else when only one place is to be asked', async () => {
    const page = await world.placesFor('marisol-vega', 'Mental health team');
    const id = idIn(page);
    await page.getByRole('button', { name: /Ask only this place Southside/ }).click();
    await send(page);
    const tasks = await world.tasksOf(id);
    expect(tasks.map(({ owner }) => owner?.reference)).toEqual(['Organization/southside-cmhc']);
    expect(inputsOf(tasks[0]?.input ?? [], 'offered-service')[0]?.valueReference?.reference).toBe(
      'HealthcareService/southside-cmhc-case-management',
    );
    expect(strategyOf(tasks[0] ?? {})).toBeUndefined();
    await page.context().close();
  });

  it('asks several at the same time, after they were compared', async () => {
    const page = await world.placesFor('theo-lindqvist', 'Mental health team');
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
    const tasks = await world.tasksOf(id);
    expect(tasks.map(({ owner, status }) => `${owner?.reference} ${status}`).sort()).toEqual([
      'Organization/northside-cmhc requested',
      'Organization/southside-cmhc requested',
    ]);
    await page.context().close();
  });

  it('says what would have to change where nobody fits, and goes on from there', async () => {
    const page = await world.planner();
    await page.goto(`${world.url}/refer?patient=marisol-vega`);
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
    const page = await world.placesFor('theo-lindqvist', 'Case management');
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
    const [task] = await world.tasksOf(id);
    expect(task?.owner?.reference).toBe('Organization/hub');
    expect(choiceOf(task ?? {})).toEqual({
      reference: 'HealthcareService/eastgate-cmhc-youth',
      reason: 'His daughter is looked after there.',
    });
    await world.demo.running.hub.events.drain();
    const [routed] = await world.tasksOf(id);
    expect(routed?.note?.map(({ text }) => text).join('\n')).toContain(
      'chosen by hand: His daughter is looked after there.\n\nThe ranking would not have asked it: Takes people',
    );
    const eastgate = await world.hospital.search<Task>(`Task?part-of=Task/${routed?.id}`);
    expect(eastgate.map(({ owner, status }) => `${owner?.reference} ${status}`)).toEqual([
      'Organization/eastgate-cmhc requested',
    ]);
    await page.context().close();
  });

  it('leaves out who is not to be asked, and takes that back', async () => {
    const page = await world.placesFor('amara-okonjo', 'Case management');
    await page.getByRole('button', { name: /Do not ask Northside/ }).click();
    const main = page.locator('main');
    expect(await main.getByRole('heading', { level: 2 }).first().innerText()).toContain('Southside CMHC');
    await page.getByRole('button', { name: 'May be asked after all' }).click();
    expect(await main.getByRole('button', { name: /Do not ask Northside/ }).count()).toBe(1);
    await page.context().close();
  });

  it('warns of a referral for the same need that is open already', async () => {
    const page = await world.placesFor('amara-okonjo', 'Case management');
    await page.getByRole('button', { name: 'Ask in this order' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    const link = page.getByRole('link', {
      name: 'Case management from the day of discharge, with evening visits',
    });
    expect(await link.getAttribute('href')).toBe('/referrals/referral-amara-okonjo');
    await page.context().close();
  });
});
