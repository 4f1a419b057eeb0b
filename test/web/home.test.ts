import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningHub } from '../../src/main.ts';
import { type Look, openPage } from '../harness/browser.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';

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

/** Each list on the page, with the cells of its rows as a person reads them. */
const lists = (page: Page) =>
  page.locator('section').evaluateAll(sections =>
    sections.map(section => ({
      title: section.querySelector('h2')?.textContent?.trim().replace(/\s+/g, ' '),
      rows: [...section.querySelectorAll('tbody tr')].map(row =>
        [...row.children].map(cell => (cell as HTMLElement).innerText.replace(/\s+/g, ' ').trim()),
      ),
    })),
  );

const people = async (page: Page) =>
  (await lists(page)).flatMap(({ rows }) => rows.map(([person]) => person));

describe('the page at /', () => {
  it('lets a demo organization be chosen by links alone', async () => {
    const page = await look('/');
    await page
      .getByRole('navigation', { name: 'Demo organizations' })
      .getByRole('link', { name: 'County Hospital' })
      .click();
    await page.waitForURL('**/?as=county-hospital');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('County Hospital');
    const chosen = page.locator('a[aria-current="page"]');
    expect(await chosen.allInnerTexts()).toEqual(['County Hospital']);
    await page.context().close();
  });

  it('shows General Hospital who is on the way, whose turn it is, and by when', async () => {
    const page = await look('/?as=general-hospital');
    const found = await lists(page);
    expect(found.map(({ title }) => title)).toEqual(['Your turn 1', 'Waiting for others 4', 'Finished 1']);
    const [mine, others, finished] = found.map(({ rows }) => rows);
    expect(mine?.[0]).toEqual([
      'Kenji Aldana',
      'Case management from the day of discharge',
      expect.stringMatching(/^General Hospital → to The hub$/),
      'Draft',
      expect.stringMatching(/^Send the referral Your turn Due in \d+ (hours|days)$/),
    ]);
    const theo = others?.find(([person]) => person === 'Theo Lindqvist');
    expect(theo?.[2]).toBe('General Hospital → to Southside CMHC through the hub');
    expect(theo?.[3]).toBe('Accepted');
    expect(theo?.[4]).toMatch(/^Schedule a visit Southside CMHC’s turn \d+ (hours|days) overdue$/);
    expect(finished?.[0]?.slice(0, 1)).toEqual(['Priya Nair']);
    const late = page.locator('.late time');
    expect(await late.getAttribute('title')).toMatch(/^\w+day, \w+ \d+, 20\d\d at /);
    await page.context().close();
  });

  it('keeps one hospital’s people from the other', async () => {
    const [general, county] = await Promise.all([
      look('/?as=general-hospital'),
      look('/?as=county-hospital'),
    ]);
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
    const northside = await look('/?as=northside-cmhc');
    const rows = (await lists(northside)).flatMap(list => list.rows);
    expect(rows.find(([person]) => person === 'Amara Okonjo')?.[4]).toMatch(/^Accept or decline Your turn/);
    const declined = rows.find(row => row[3]?.startsWith('Declined'));
    expect(declined?.slice(0, 2)).toEqual(['Not shared with you', 'Not shared with you']);
    expect(await northside.content()).not.toContain('Lindqvist');
    const shelter = await look('/?as=harbor-shelter');
    expect(await people(shelter)).toEqual(['Samuel Tetteh', 'Priya Nair']);
    await Promise.all([northside, shelter].map(page => page.context().close()));
  });

  it('says what to do where there is nothing yet', async () => {
    const page = await look('/?as=system-ehr');
    expect(await page.locator('main').innerText()).toMatch(
      /No referrals yet[\s\S]*npx hub token --client system-ehr/,
    );
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('fits a phone without scrolling sideways (%s)', async colorScheme => {
    for (const path of ['/', '/?as=general-hospital', '/?as=county-hospital', '/?as=system-ehr']) {
      const page = await look(path, { width: 390, height: 844, colorScheme });
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(widths[0], path).toBeLessThanOrEqual(widths[1] as number);
      await page.context().close();
    }
  });

  it('turns the table into cards on a phone, and keeps its meaning', async () => {
    const page = await look('/?as=general-hospital', { width: 390, height: 844 });
    const row = page.getByRole('row').filter({ hasText: 'Theo Lindqvist' });
    expect(await row.getByRole('rowheader').innerText()).toBe('Theo Lindqvist');
    expect(await row.getByRole('cell').count()).toBe(4);
    const box = await row.boundingBox();
    expect(box?.height).toBeGreaterThan(150);
    await page.context().close();
  });
});
