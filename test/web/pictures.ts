/** `npm run pictures`: takes the pictures of docs/workspace from the demo network. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Look, openPage } from '../harness/browser.ts';
import { startDemoHub } from '../harness/demo-hub.ts';

const folder = join(import.meta.dirname, '../../docs/workspace');
const planner = 'Discharge planner of General Hospital';

interface Picture {
  name: string;
  who: string;
  path: string;
  look?: Look;
}

const pictures: readonly Picture[] = [
  { name: 'leaving', who: planner, path: '/leaving' },
  { name: 'places', who: planner, path: '/refer/referral-kenji-aldana/places' },
  { name: 'referral', who: planner, path: '/referrals/referral-theo-lindqvist' },
  { name: 'inbox-dark', who: 'Intake of Northside CMHC', path: '/inbox', look: { colorScheme: 'dark' } },
  {
    name: 'inbox-phone',
    who: 'Intake of Northside CMHC',
    path: '/inbox',
    look: { width: 390, height: 844 },
  },
  { name: 'bots', who: 'Network administrator of The network', path: '/bots' },
];

const signedIn = (page: Page) => page.waitForURL(url => !url.pathname.startsWith('/sign-in'));

const demo = await startDemoHub();
try {
  await mkdir(folder, { recursive: true });
  for (const { name, who, path, look } of pictures) {
    const { page } = await openPage(demo.browser, `${demo.running.url}/sign-in`, look);
    await page.getByRole('button', { name: who, exact: true }).click();
    await signedIn(page);
    await page.goto(`${demo.running.url}${path}`);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.context().close();
  }
} finally {
  await demo.stop();
}
