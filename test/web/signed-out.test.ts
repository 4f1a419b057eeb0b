import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPage } from '../harness/browser.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';

let demo: DemoHub;

beforeAll(async () => {
  demo = await startDemoHub();
});
afterAll(() => demo?.stop());

it('shows nobody’s data to who sits down after signing out, also by going back', async () => {
  const { page } = await openPage(demo.browser, `${demo.running.url}/sign-in`);
  await page.getByRole('button', { name: 'Discharge planner of General Hospital', exact: true }).click();
  await page.goto(`${demo.running.url}/referrals`);
  expect(await page.content()).toContain('Okonjo');
  await page.getByRole('navigation', { name: 'Your account' }).locator('summary').click();
  const signedOut = page.waitForResponse(response => response.url().endsWith('/sign-out'));
  await page.getByRole('button', { name: 'Sign out' }).click();
  expect((await (await signedOut).allHeaders())['clear-site-data']).toBe('"cache"');
  await page.waitForURL('**/sign-in');
  await page.goBack();
  await page.waitForURL('**/sign-in**');
  expect(await page.content()).not.toContain('Okonjo');
  const kept = await page.evaluate(async () => ({
    caches: await caches.keys(),
    local: { ...localStorage },
    session: { ...sessionStorage },
  }));
  expect(kept).toEqual({ caches: [], local: {}, session: {} });
  await page.context().close();
});

it('closes the menu with Escape, and when one clicks elsewhere', async () => {
  const { page } = await openPage(demo.browser, `${demo.running.url}/sign-in`);
  await page.getByRole('button', { name: 'Intake of Northside CMHC', exact: true }).click();
  await page.goto(`${demo.running.url}/referrals`);
  const menu = page.getByRole('navigation', { name: 'Your account' });
  await menu.locator('summary').press('Enter');
  await menu.getByRole('link', { name: 'My account' }).waitFor();
  await page.keyboard.press('Escape');
  expect(await menu.getByRole('link', { name: 'My account' }).isVisible()).toBe(false);
  await menu.locator('summary').click();
  await page.locator('main').click();
  expect(await menu.getByRole('link', { name: 'My account' }).isVisible()).toBe(false);
  await page.context().close();
});

it('tells times for where the reader sits', async () => {
  const { page } = await openPage(demo.browser, `${demo.running.url}/sign-in`);
  await page.getByRole('button', { name: 'Discharge planner of General Hospital', exact: true }).click();
  await page.goto(`${demo.running.url}/referrals`);
  const cookies = await page.context().cookies();
  const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(cookies.find(({ name }) => name === 'zone')?.value).toBe(zone);
  await page.context().close();
});
