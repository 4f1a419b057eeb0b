import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningHub } from '../../src/main.ts';
import { type Look, openPage } from '../harness/browser.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { signIn } from '../harness/workplace.ts';

let demo: DemoHub;
let running: RunningHub;
let browser: Browser;

beforeAll(async () => {
  demo = await startDemoHub();
  ({ running, browser } = demo);
});
afterAll(() => demo?.stop());

async function look(path: string, how?: Look): Promise<Page> {
  const { page, complaints } = await openPage(browser, `${running.url}${path}`, how);
  expect(complaints, `${path} is clean`).toEqual([]);
  return page;
}

/** The people on the board of who is signed in. */
const people = (page: Page) =>
  page.getByRole('rowheader').evaluateAll(cells => cells.map(cell => (cell as HTMLElement).innerText.trim()));

async function boardOf(who: string): Promise<Page> {
  const page = await signIn(demo, who);
  await page.goto(`${running.url}/referrals`);
  return page;
}

describe('the front page', () => {
  it('has one click to each kind of work, which begins at its own page', async () => {
    for (const [who, path] of [
      ['Discharge planner of General Hospital', '/leaving'],
      ['Intake of Northside CMHC', '/inbox'],
      ['Network administrator of The network', '/network'],
    ] as const) {
      const page = await look('/');
      await page.getByRole('button', { name: who }).click();
      await page.waitForURL(`**${path}`);
      const current = page.getByRole('navigation', { name: 'Main' }).locator('a[aria-current="page"]');
      expect(await current.getAttribute('href')).toBe(path);
      await page.context().close();
    }
  });

  it.each(['light', 'dark'] as const)('fits a phone without scrolling sideways (%s)', async colorScheme => {
    for (const path of ['/', '/sign-in', '/design', '/roles']) {
      const page = await look(path, { width: 320, height: 844, colorScheme });
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(widths[0], path).toBeLessThanOrEqual(widths[1] as number);
      await page.context().close();
    }
  });
});

describe('the board', () => {
  it('keeps one hospital’s people from the other', async () => {
    const general = await boardOf('Discharge planner of General Hospital');
    const county = await boardOf('Discharge planner of County Hospital');
    const ours = await people(general);
    const theirs = await people(county);
    expect(ours).toContain('Amara Okonjo');
    expect(theirs).toContain('Samuel Tetteh');
    expect(ours.filter(person => theirs.includes(person))).toEqual([]);
    const text = await county.content();
    for (const person of ours) expect(text).not.toContain(person);
    await Promise.all([general, county].map(page => page.context().close()));
  });

  it('shows each party its side, and no name to who has declined', async () => {
    const northside = await boardOf('Intake of Northside CMHC');
    const rows = await northside.getByRole('row').allInnerTexts();
    expect(rows.find(row => row.includes('Amara Okonjo'))).toMatch(/Accept or decline\s+Your turn/);
    expect(rows.find(row => row.includes('Declined'))).toMatch(/^\s*Not shared with you/);
    expect(await northside.content()).not.toContain('Lindqvist');
    const shelter = await boardOf('Intake of Harbor Shelter');
    expect(await people(shelter)).toEqual(['Samuel Tetteh', 'Priya Nair']);
    await Promise.all([northside, shelter].map(page => page.context().close()));
  });
});
