import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../harness/browser.ts';
import type { startTestHub } from '../harness/hub.ts';
import { type AppWorld, fhir, invite, password, post, startAppWorld } from './app-world.ts';
import { type SmartApp, startSmartApp } from './smart-app.ts';

const sqlite = {
  name: 'sqlite',
  options: () => Promise.reject(new Error('the hub takes a folder of its own')),
} as unknown as Parameters<typeof startTestHub>[0];

describe('a SMART app made with fhirclient, in a real browser', () => {
  let hub: AppWorld;
  /** A second authorization server, in which the app is opened from within. */
  let ehr: AppWorld;
  let app: SmartApp;
  let browser: Browser;
  const people: Record<string, string> = {};

  beforeAll(async () => {
    [hub, ehr, app, browser] = await Promise.all([
      startAppWorld(sqlite),
      startAppWorld(sqlite),
      startSmartApp('growth-chart'),
      launchBrowser(),
    ]);
    for (const world of [hub, ehr]) {
      await world.register({
        clientId: 'growth-chart',
        public: true,
        redirectUris: [`${app.origin}/index.html`],
        launchUrl: `${app.origin}/launch.html`,
      });
      const { email } = await invite(world, { name: 'jordan', role: 'case-manager', organization: 'clinic' });
      people[world.url] = email;
    }
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([hub?.stop(), ehr?.stop(), app?.stop()]);
  });

  async function signIn(page: Page, world: AppWorld): Promise<void> {
    await page.waitForURL(`${world.url}/sign-in?**`);
    await page.getByLabel('E-mail address').fill(people[world.url] ?? '');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${world.url}/oauth/interaction/**`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: what the app says it got
  async function shown(page: Page): Promise<any> {
    await page.waitForURL(`${app.origin}/index.html**`);
    await page.waitForFunction(() => document.title === 'done', undefined, { timeout: 20_000 });
    return JSON.parse(await page.locator('#got').innerText());
  }

  it('standalone: the person signs in, picks the record, allows, and the app works on it', async () => {
    const iss = encodeURIComponent(`${hub.url}/fhir`);
    const { page, complaints } = await openPage(browser, `${app.origin}/standalone.html?iss=${iss}`);
    await signIn(page, hub);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Allow Growth Chart?');
    const text = await page.locator('main').innerText();
    expect(text).toContain('See all kinds of entries of this one person');
    expect(text).not.toContain('Tetteh');
    await page.getByLabel('Whose record is it to work on?').fill('Lind');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('Ada Okonjo').waitFor({ state: 'detached' });
    expect(await page.getByRole('radio').count()).toBe(1);
    expect(page.url()).not.toContain('Lind');
    await page.getByLabel(/Ada Lindqvist/).check();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    const got = await shown(page);
    expect(got).toMatchObject({
      patient: hub.patients.mine,
      observations: [2, 2],
      refreshed: true,
      user: expect.stringMatching(/^Practitioner\//),
    });
    expect(complaints).toEqual([]);
    const revoked = await post(hub, '/oauth/revoke', { token: got.token, client_id: 'growth-chart' });
    expect(revoked.status).toBe(200);
    expect((await fhir(hub, got.token, '/Observation')).status).toBe(401);
    await page.context().close();
  }, 60_000);

  it('launched from the EHR: the app works on the record that is open there, without picking', async () => {
    const { token } = await ehr.hub.authorization.issueToken({ client: 'clinic' });
    const response = await fetch(`${ehr.url}/oauth/launch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ client: 'growth-chart', patient: ehr.patients.other, intent: 'review' }),
    });
    const { launch_url } = (await response.json()) as { launch_url: string };
    const { page, complaints } = await openPage(browser, launch_url);
    await signIn(page, ehr);
    expect(await page.getByRole('radio').count()).toBe(0);
    expect(await page.locator('main').innerText()).toContain('It was opened for the record of Ada Okonjo');
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    expect(await shown(page)).toMatchObject({
      patient: ehr.patients.other,
      observations: [1, 1],
      refreshed: true,
      intent: 'review',
    });
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('the person says no: the app is told', async () => {
    const iss = encodeURIComponent(`${hub.url}/fhir`);
    const { page } = await openPage(browser, `${app.origin}/standalone.html?iss=${iss}`);
    await signIn(page, hub);
    await page.getByRole('button', { name: 'Do not allow' }).click();
    expect(JSON.stringify(await shown(page))).toContain('the person did not allow it');
    await page.context().close();
  }, 60_000);
});
