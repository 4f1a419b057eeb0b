import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../harness/accessible.ts';
import { type Look, launchBrowser, openPage } from '../harness/browser.ts';
import type { TestDatabase } from '../harness/databases.ts';
import { startEntryWorld } from './entry-world.ts';
import { type LinkWorld, linkWorld, type Offer } from './link-world.ts';

// The database makes no difference to what a page looks like.
const database = { name: 'sqlite' } as TestDatabase;

describe('the page behind a link', () => {
  let world: LinkWorld;
  let browser: Browser;
  beforeAll(async () => {
    [world, browser] = await Promise.all([linkWorld(database), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  async function look(url: string, how?: Look): Promise<Page> {
    const { page, complaints } = await openPage(browser, url, how);
    expect(complaints).toEqual([]);
    return page;
  }

  const press = async (page: Page, name: string) => {
    await page.getByRole('button', { name }).click();
    await page.waitForLoadState();
  };

  /** Types in the six digits from the mail. */
  async function confirm(page: Page): Promise<void> {
    const [mail] = await world.mails();
    await page.getByLabel('Six digits').fill(/\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? '');
    await press(page, 'Confirm');
  }

  /** Nothing that WCAG 2.2 AA objects to, nothing to scroll sideways for. */
  async function expectReadable(page: Page): Promise<void> {
    expect(await violationsOf(page)).toEqual([]);
    const [content, window] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      globalThis.innerWidth,
    ]);
    expect(content).toBeLessThanOrEqual(window as number);
  }

  it.each([
    ['a phone', 'en', { width: 390, height: 844 }],
    ['a phone in the dark', 'es', { width: 390, height: 844, colorScheme: 'dark' }],
    ['a desk', 'en', { width: 1280 }],
  ] as const)('is read on %s (%s)', async (_name, lang, how) => {
    const { url } = await world.offer({ request: { priority: 'urgent' } });
    const page = await look(`${url}?lang=${lang}`, how);
    const need = lang === 'es' ? 'Apoyo a personas sin hogar' : 'Homelessness Support';
    expect(await page.locator('main').innerText()).toContain(need);
    await page.locator('summary').click();
    await expectReadable(page);
    const yes = await page.locator('.choices button').first().boundingBox();
    expect(yes?.height).toBeGreaterThanOrEqual(48);
    expect((yes?.y ?? 0) + (yes?.height ?? 0)).toBeLessThan(844);
    await page.context().close();
  });

  it('is answered without any script, from yes to the outcome', async () => {
    const offer: Offer = await world.offer();
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(offer.url);
    await press(page, 'Yes, we can help');
    await confirm(page);
    expect(await page.locator('main').innerText()).toContain('Amara Okonjo');
    expect(new URL(page.url()).pathname).toBe(new URL(offer.url).pathname);
    await press(page, 'We have started');
    await page.getByText('Tell how it ended').click();
    await page.getByLabel('What came of it?').selectOption('Is enrolled with us');
    await press(page, 'Report and close');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('This request is closed');
    expect((await world.task(offer)).status).toBe('completed');
    await context.close();
  });

  it('each state of it is readable', async () => {
    const { url } = await world.offer();
    const page = await look(url, { width: 390, height: 844 });
    await press(page, 'Yes, we can help');
    await expectReadable(page);
    await confirm(page);
    await expectReadable(page);
    await page.getByText('We can no longer help').click();
    await page.getByLabel('Why not?').selectOption('Another reason');
    await press(page, 'Give the request back');
    expect(await page.getByRole('alert').innerText()).toContain('few words');
    await expectReadable(page);
    await page.context().close();
  });

  it.each([
    ['a phone', 'es', { width: 390, height: 844, colorScheme: 'dark' }],
    ['a desk', 'en', { width: 1280 }],
  ] as const)('to an entry of the directory is read and confirmed on %s (%s)', async (_name, lang, how) => {
    const entry = await startEntryWorld(database);
    try {
      const page = await look(`${entry.url}?lang=${lang}`, how);
      await page.locator('summary').click();
      await expectReadable(page);
      await press(page, lang === 'es' ? 'Todo esto es correcto' : 'All of this is right');
      await page.getByRole('status').waitFor();
      await expectReadable(page);
    } finally {
      await entry.hub.stop();
    }
  });
});
