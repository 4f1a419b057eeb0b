import type { Resource } from '@medplum/fhirtypes';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { parseScopes } from '../../src/auth/scopes.ts';
import { demoClients } from '../../src/demo/clients.ts';
import { people } from '../../src/demo/people.ts';
import { type AppWorld, fhir, redirectUri, tokensFor } from '../auth/app-world.ts';
import { violationsOf } from '../harness/accessible.ts';
import { type Crawled, crawl, isHtml, signInAs, visitors } from '../harness/crawl.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import type { Visit } from '../harness/visit.ts';

const full = process.env.CHECK_FULL !== undefined;

interface Walk {
  who: string;
  organization: string;
  someone: Visit;
  pages: Crawled[];
}

let demo: DemoHub;
let browser: Browser;
const walks: Walk[] = [];

beforeAll(async () => {
  demo = await startDemoHub();
  browser = demo.browser;
  for (const [organization, role] of visitors) {
    const someone = await signInAs(demo.running.url, organization, role);
    const pages = await crawl(someone, { ofKind: full ? 1000 : 3 });
    walks.push({ who: `${role} of ${organization}`, organization, someone, pages });
  }
}, 120_000);
afterAll(() => demo?.stop());

/** `who: path, from` for each page that has a fault. */
const faults = (fault: (page: Crawled) => string | undefined): string[] =>
  walks.flatMap(({ who, pages }) =>
    pages.flatMap(page => {
      const found = fault(page);
      return found ? [`${who}: ${page.path} (from ${page.from}): ${found}`] : [];
    }),
  );

/** What would tell of somebody: no address and no title has it. */
const telling = people.flatMap(({ given, family, birthDate, diagnosis }) => [
  given,
  family,
  birthDate,
  diagnosis[0],
]);

describe('every page that links lead to', () => {
  it('is found from the home page, for each role', () => {
    for (const { who, pages } of walks) expect(pages.length, who).toBeGreaterThan(4);
    const kinds = new Set(walks.flatMap(({ pages }) => pages.map(page => page.kind)));
    for (const kind of [
      '/leaving',
      '/inbox',
      '/referrals',
      '/referrals/:id',
      '/directory',
      '/network',
      '/audit',
    ])
      expect(kinds).toContain(kind);
  });

  it('is there: no dead link, no error', () => {
    expect(faults(({ answer }) => (answer.status >= 400 ? String(answer.status) : undefined))).toEqual([]);
  });

  it('lets nothing run or be shown that is not the hub’s', () => {
    const policy = "default-src 'none'; script-src 'self'";
    const strict = (page: Crawled) => page.answer.headers.get('content-security-policy')?.startsWith(policy);
    expect(faults(page => (isHtml(page) && !strict(page) ? 'another policy' : undefined))).toEqual([]);
    const inline = /<script(?![^>]*\ssrc=)|\sstyle="|\son[a-z]+="|javascript:/;
    expect(faults(page => (isHtml(page) ? page.answer.text.match(inline)?.[0] : undefined))).toEqual([]);
  });

  it('is kept by no browser', () => {
    expect(
      faults(({ answer }) =>
        answer.headers.get('cache-control')?.includes('no-store') ? undefined : 'is kept',
      ),
    ).toEqual([]);
  });

  it('has nothing of a person in its address or title', () => {
    const told = (text: string) => telling.find(one => text.toLowerCase().includes(one.toLowerCase()));
    // The demo network speaks of its people in the ids of its own resources; the hub gives others.
    const withoutIds = (path: string) =>
      path.replace(/[\w-]*(?:referral-|-stay)[\w-]*|(?<=patients\/)[\w-]+|(?<==)[\w-]+/g, '');
    expect(faults(({ path }) => told(decodeURIComponent(withoutIds(path))))).toEqual([]);
    const title = (page: Crawled) => /<title>([^<]*)<\/title>/.exec(page.answer.text)?.[1] ?? '';
    expect(faults(page => (isHtml(page) ? told(title(page)) : undefined))).toEqual([]);
    expect(faults(page => (isHtml(page) && !title(page) ? 'no title' : undefined))).toEqual([]);
  });
});

describe('what a page shows', () => {
  it('is no more than its reader could read through the API', async () => {
    const { hub } = demo.running;
    const world = { url: demo.running.url, hub };
    const facts = await tellingFacts();
    expect(facts.size).toBeGreaterThan(40);
    const leaks: string[] = [];
    let shown = 0;
    for (const [at, { who, someone, organization, pages }] of walks.entries()) {
      const clientId = `reading-app-${at}`;
      await hub.authorization.clients.add({
        clientId,
        name: 'Reading app',
        organization,
        scope: 'openid fhirUser user/*.rs',
        redirectUris: [redirectUri],
        public: true,
      });
      const cookie = `${hub.people.cookies.session}=${someone.cookies.get(hub.people.cookies.session)}`;
      const asked = { client_id: clientId, scope: 'openid fhirUser user/*.rs' };
      const { body } = await tokensFor(world as AppWorld, cookie, asked, { decision: 'allow' });
      expect(body.access_token, who).toBeTruthy();
      const reads = (reference: string) => fhir(world as AppWorld, body.access_token, `/${reference}`);
      const all = pages.filter(isHtml).map(({ path, answer }) => ({ path, text: answer.text }));
      const forbidden: [fact: string, holders: string[]][] = [];
      // The longest first: what may be read is taken out before a shorter fact is looked for that it contains.
      for (const [fact, holders] of [...facts].sort(([a], [b]) => b.length - a.length)) {
        if (!all.some(({ text }) => text.includes(fact))) continue;
        shown++;
        const answers = await Promise.all(holders.map(reads));
        if (!answers.some(({ status }) => status === 200)) forbidden.push([fact, holders]);
        else for (const page of all) page.text = page.text.replaceAll(fact, '');
      }
      for (const [fact, holders] of forbidden)
        for (const { path, text } of all)
          if (text.includes(fact)) leaks.push(`${who}: ${path} shows “${fact}” of ${holders.join(', ')}`);
    }
    expect(leaks).toEqual([]);
    expect(shown).toBeGreaterThan(50);
  });
});

/** Texts that tell of one person, each with the resources that hold it. */
async function tellingFacts(): Promise<Map<string, string[]>> {
  const facts = new Map<string, string[]>();
  const add = (resource: Resource, ...texts: (string | undefined)[]) => {
    for (const text of texts)
      if (text && text.length > 4) {
        const reference = `${resource.resourceType}/${resource.id}`;
        const escaped = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
        facts.set(escaped, [...new Set([...(facts.get(escaped) ?? []), reference])]);
      }
  };
  for (const { organization, scope, clientId } of demoClients) {
    const actor: Actor = { kind: 'client', id: clientId, organization, scopes: parseScopes(scope) };
    const repository = demo.running.hub.repository(actor);
    for (const type of ['Patient', 'ServiceRequest', 'Communication', 'Task']) {
      const { entries } = await repository.search(type, new URLSearchParams('_count=200'));
      for (const { stored } of entries) {
        const resource = stored.resource();
        switch (resource.resourceType) {
          case 'Patient':
            add(
              resource,
              resource.name?.[0]?.family,
              resource.telecom?.[0]?.value,
              resource.address?.[0]?.line?.[0],
            );
            break;
          case 'ServiceRequest':
            add(resource, resource.code?.text, ...(resource.note ?? []).map(note => note.text));
            break;
          case 'Communication':
            add(resource, ...(resource.payload ?? []).map(one => one.contentString));
            break;
          case 'Task':
            add(resource, resource.statusReason?.text, ...(resource.note ?? []).map(note => note.text));
        }
      }
    }
  }
  return facts;
}

describe('to everybody', () => {
  it('each kind of page is accessible, in light and dark, and does not jump', async () => {
    const kinds = new Map<string, { someone: Visit; path: string }>();
    for (const { someone, pages } of walks)
      for (const page of pages)
        if (isHtml(page) && page.answer.status === 200 && !kinds.has(looks(page.kind)))
          kinds.set(looks(page.kind), { someone, path: page.path });
    const found: string[] = [];
    const contexts = new Map<Visit, BrowserContext>();
    for (const [index, [kind, { someone, path }]] of [...kinds].entries()) {
      const context = contexts.get(someone) ?? (await contextOf(someone));
      contexts.set(someone, context);
      for (const colorScheme of full
        ? (['light', 'dark'] as const)
        : ([index % 2 ? 'light' : 'dark'] as const))
        found.push(...(await examined(context, { kind, path, colorScheme })));
    }
    await Promise.all([...contexts.values()].map(context => context.close()));
    expect(found).toEqual([]);
  }, 180_000);
});

/** The same page with other filters looks much the same. */
const looks = (kind: string): string => (full ? kind : (kind.split('?', 1)[0] ?? kind));

async function contextOf(someone: Visit): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const cookies = [...someone.cookies].map(([name, value]) => ({ name, value, url: demo.running.url }));
  await context.addCookies(cookies);
  return context;
}

async function examined(
  context: BrowserContext,
  { kind, path, colorScheme }: { kind: string; path: string; colorScheme: 'light' | 'dark' },
): Promise<string[]> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(error.message));
  await page.emulateMedia({ colorScheme });
  await page.goto(`${demo.running.url}${path}`, { waitUntil: 'load' });
  const faults = await violationsOf(page);
  const jumped = await page.evaluate(shiftOf);
  if (jumped > 0.02) faults.push(`the page jumps: ${jumped}`);
  await page.setViewportSize({ width: 320, height: 640 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) faults.push(`scrolls sideways by ${over} px at 320 px`);
  await page.close();
  return [...faults, ...complaints].map(fault => `${kind} (${path}), ${colorScheme}: ${fault}`);
}

/** https://web.dev/articles/cls */
function shiftOf(): Promise<number> {
  return new Promise(resolve => {
    let sum = 0;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 50);
  });
}

describe('the scripts of a page', () => {
  it('are one file, of at most 60 kB', async () => {
    const [walk] = walks;
    const page = walk?.pages.find(one => isHtml(one) && one.answer.status === 200);
    const scripts = [...(page?.answer.text ?? '').matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(
      ([, src]) => src,
    );
    expect(scripts).toHaveLength(1);
    const response = await fetch(`${demo.running.url}${scripts[0]}`);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect((await response.arrayBuffer()).byteLength).toBeLessThanOrEqual(60_000);
  });
});
