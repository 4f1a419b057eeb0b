import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleNames, roles } from '../../src/access/roles.ts';
import { readConfig } from '../../src/config.ts';
import { type RunningHub, startHub } from '../../src/main.ts';
import { violationsOf } from '../harness/accessible.ts';
import { openPage } from '../harness/browser.ts';
import { signInAs } from '../harness/crawl.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { tokenIn, visit } from '../harness/visit.ts';
import { signIn } from '../harness/workplace.ts';

let demo: DemoHub;
let running: RunningHub;
let browser: Browser;

beforeAll(async () => {
  demo = await startDemoHub();
  ({ running, browser } = demo);
});
afterAll(() => demo?.stop());

async function clickedIn(who: string): Promise<Page> {
  const { page } = await openPage(browser, `${running.url}/sign-in`);
  await page.getByRole('button', { name: who, exact: true }).click();
  await page.getByRole('navigation', { name: 'Your account' }).waitFor();
  return page;
}

describe('the demo network', () => {
  it.each([
    ['Discharge planner of General Hospital', 'Amara Okonjo'],
    ['Case manager of Northside CMHC', 'Amara Okonjo'],
    ['Supervisor of County Hospital', 'Nothing waits for you'],
    ['Organization administrator of General Hospital', 'Invite somebody'],
  ])('one click signs in as %s, where that work begins', async (who, seen) => {
    const page = await clickedIn(who);
    expect(await page.locator('main').innerText()).toContain(seen);
    await page.context().close();
  });

  it('has somebody for each role of each organization', async () => {
    const { text } = await visit(running.url).get('/sign-in');
    const offered = [...text.matchAll(/name="organization" value="([^"]+)".*?name="role" value="([^"]+)"/gs)];
    const all = offered.map(([, organization, role]) => `${organization} ${role}`);
    for (const role of roleNames.filter(one => one !== 'network-administrator'))
      for (const organization of ['general-hospital', 'northside-cmhc', 'harbor-shelter'])
        expect(all).toContain(`${organization} ${role}`);
    expect(all).toContain('hub network-administrator');
    expect(new Set(all).size).toBe(all.length);
  });

  it('shows the network administrator the people of every organization', async () => {
    await signInAs(running.url, 'southside-cmhc', 'intake');
    const page = await signIn(demo, 'Network administrator of The network');
    await page.goto(`${running.url}/people`);
    await page.getByLabel('Organization').selectOption({ label: 'Southside CMHC' });
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('heading', { name: 'People of Southside CMHC' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('intake@southside-cmhc');
    await page.context().close();
  });

  it('is never there in production, nor where the database holds something else', async () => {
    const other = await mkdtemp(join(tmpdir(), 'hub-people-'));
    for (const HUB_ENV of ['production', 'test']) {
      const config = readConfig({ ...plain(other), HUB_ENV });
      const hub = await startHub(config, { bots: false, definitions: false });
      try {
        const guest = visit(hub.url);
        const { text } = await guest.get('/sign-in');
        expect(text).not.toContain('demo');
        const fields = { 'form-token': tokenIn(text), organization: 'general-hospital', role: 'auditor' };
        expect((await guest.post('/sign-in/demo', fields)).status).toBe(404);
        expect(hub.hub.people.demo === undefined).toBe(HUB_ENV === 'production');
      } finally {
        await hub.stop();
      }
    }
    await rm(other, { recursive: true, force: true });
  });
});

const plain = (folder: string) => ({
  HUB_DATA: folder,
  HUB_CACHE: join(import.meta.dirname, '../../node_modules/.cache/warm-handoff'),
  HUB_PORT: '0',
  HUB_LOG: 'error',
});

describe('each page', () => {
  const pages = {
    nobody: ['/sign-in', '/password/forgot', '/roles', `/invitation/${'x'.repeat(43)}`],
    'Organization administrator of General Hospital': ['/', '/people', '/account'],
    'Network administrator of The network': ['/people', '/clients'],
  };

  /** Each page at least one way; both ways where everything is checked. */
  const everyWay = Boolean(process.env.CHECK_FULL);

  it.each([
    ['light', 1280, 0],
    ['dark', 390, 1],
  ] as const)(
    'is accessible, fits, and has no script or style in it (%s, %i wide)',
    async (colorScheme, width, half) => {
      for (const [who, all] of Object.entries(pages)) {
        const paths = all.filter((_, index) => everyWay || index % 2 === half);
        if (paths.length === 0) continue;
        const page =
          who === 'nobody'
            ? (await openPage(browser, `${running.url}/sign-in`, { width, colorScheme })).page
            : await signIn(demo, who, { width, colorScheme });
        for (const path of paths) {
          await page.goto(`${running.url}${path}`);
          // Pages of who is signed in are examined where all links are followed.
          if (who === 'nobody' || everyWay) expect(await violationsOf(page), path).toEqual([]);
          const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
          expect(widths[0], path).toBeLessThanOrEqual(widths[1] ?? 0);
          const foreign = page.locator('script:not([src^="/assets/"]), [style], style');
          expect(await foreign.count(), path).toBe(0);
        }
        await page.context().close();
      }
    },
    120_000,
  );

  it('of roles says what the table says', async () => {
    const { text } = await visit(running.url).get('/roles');
    for (const role of roleNames) expect(text).toContain(roles[role].title);
    expect(text).toContain('Open a person’s record in an emergency');
  });

  it('has the headers that keep it from being framed, sniffed or scripted', async () => {
    for (const path of ['/sign-in', '/account', '/people', '/clients', '/roles', '/password/forgot']) {
      const { headers } = await visit(running.url).get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toMatch(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/);
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/unsafe/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});

it('behind TLS cookies are Secure, and named so that no other host can set them', async () => {
  const other = await mkdtemp(join(tmpdir(), 'hub-people-'));
  const config = readConfig({ ...plain(other), HUB_ENV: 'test', HUB_BASE_URL: 'https://hub.example' });
  const hub = await startHub(config, { bots: false, definitions: false });
  try {
    // The proxy in front of it takes TLS away; a connection is all that the hub itself has.
    const connection = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
    const answer = await hub.hub.app.request('https://hub.example/sign-in', {}, connection);
    expect(answer.headers.getSetCookie().join()).toMatch(
      /^__Host-hub-form=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(hub.hub.people.cookies.session).toBe('__Host-hub-session');
  } finally {
    await hub.stop();
    await rm(other, { recursive: true, force: true });
  }
});
