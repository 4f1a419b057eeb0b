import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../src/access/roles.ts';
import { runOperation } from '../../src/http/fhir-operations.ts';
import { faultsOf, faultsOfLinked } from '../harness/accessible.ts';
import { signInAs } from '../harness/crawl.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { hostile } from '../harness/hostile.ts';
import { picture, signIn } from '../harness/workplace.ts';

let demo: DemoHub;
let page: Page;
let url: string;
beforeAll(async () => {
  demo = await startDemoHub();
  url = demo.running.url;
  page = await signIn(demo, 'Auditor of General Hospital');
});
afterAll(() => demo?.stop());

const text = async (): Promise<string> => (await page.locator('main').innerText()).replace(/\s+/g, ' ');
const outcomes = () => page.getByRole('row').getByRole('cell').last();

/** Opens the record of somebody whom General Hospital keeps, at the center, as its intake. */
async function breakGlass(patient: string, reason: string): Promise<void> {
  const { hub } = demo.running;
  const actor = actorOf({ account: 'somebody', organization: 'westbrook-cmhc', role: 'intake' });
  const repository = hub.repository(actor);
  const query = new URLSearchParams({ purpose: 'ETREAT', reason });
  await runOperation(hub.parts, repository, {
    ...{ method: 'POST', type: 'Patient', id: patient, name: '$break-glass', query },
  });
  await repository.read('Patient', patient);
  await repository.search('Condition', new URLSearchParams({ patient: `Patient/${patient}` }));
}

describe('the audit', () => {
  it('is read as sentences: who, for whom, did what, and what came of it', async () => {
    await page.goto(`${url}/audit`);
    // The second look shows that there was a first.
    await page.reload();
    expect(await text()).toMatch(
      /Rowan \w+ Auditor, General Hospital, from 127\.0\.0\.1 searched AuditEvent by/,
    );
    expect(await page.getByRole('row').count()).toBeGreaterThan(10);
    expect(await outcomes().innerText()).toBe('Done');
  });

  it('is searched by person, whose name is in no address', async () => {
    await page.getByLabel('Person').fill('Marisol Vega');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.waitForLoadState();
    expect(page.url()).toBe(`${url}/audit/person`);
    await page.getByRole('link', { name: 'Marisol Vega' }).click();
    await page.getByText('About Marisol Vega, born 1991-04-17').waitFor();
    expect(new URL(page.url()).search).toBe('?patient=marisol-vega');
    expect(await page.title()).not.toContain('Marisol');
    expect(await text()).toContain('of this person');
    expect(await text()).not.toContain('Patient/theo-lindqvist');
  });

  it('is narrowed by who, what, when and in vain', async () => {
    await page.getByLabel('By', { exact: true }).selectOption({ label: 'General Hospital' });
    await page.getByLabel('What', { exact: true }).selectOption({ label: 'Written or deleted' });
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForLoadState();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({
      patient: 'marisol-vega',
      organization: 'general-hospital',
      kind: 'changed',
    });
    const rows = page.getByRole('table', { name: 'Events' }).locator('tbody tr');
    expect(await rows.count()).toBeGreaterThan(0);
    for (const row of await rows.allInnerTexts()) {
      expect(row).toContain('General Hospital');
      expect(row).toMatch(/made|changed|deleted/);
    }
    await page.goto(`${url}/audit?to=2020-01-05`);
    expect(await text()).toContain('Nothing of this kind is recorded');
    const someone = await signInAs(url, 'general-hospital', 'auditor');
    await someone.get('/disclosures?patient=nobody');
    await page.goto(`${url}/audit?refused=yes`);
    expect(await text()).toMatch(/read Patient\/nobody (\d+ events )?Not there/);
    expect(await text()).not.toContain('Done');
  });

  it('goes on page by page, and each event is told once', async () => {
    const someone = await signInAs(url, 'general-hospital', 'auditor');
    const eventsOn = (html: string) =>
      [...html.matchAll(/(\d+) events/g)].reduce((sum, [, count]) => sum + Number(count) - 1, 0) +
      [...html.matchAll(/<tr role="row"><th role="rowheader"/g)].length;
    const first = await someone.get('/audit?to=2030-01-05');
    expect(eventsOn(first.text)).toBe(50);
    const next = /href="(\/audit\?[^"]*after=[^"]+)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await someone.get(next);
    expect(second.status).toBe(200);
    expect(eventsOn(second.text)).toBeGreaterThan(10);
    const times = [...`${first.text}${second.text}`.matchAll(/datetime="([^"]+)"/g)].map(([, at = '']) => at);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('is downloaded as a table that a spreadsheet reads, and runs nothing in it', async () => {
    const someone = await signInAs(url, 'general-hospital', 'auditor');
    const { text: csv, headers } = await someone.get('/audit/download?kind=changed&patient=marisol-vega');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    const [heading, ...lines] = csv.trimEnd().split('\r\n');
    expect(heading).toMatch(/^time,outcome,agent kind,agent,name,role,organization,/);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).toMatch(/^\d{4}-.*,Done,.*,marisol-vega,/);
  });

  it('shows each auditor what their own organization may know', async () => {
    const [own, network, other] = await Promise.all([
      signInAs(url, 'general-hospital', 'auditor'),
      signInAs(url, 'hub', 'auditor'),
      signInAs(url, 'harbor-shelter', 'auditor'),
    ]);
    const path = '/audit?patient=marisol-vega&kind=changed';
    expect((await own.get(path)).text).toContain('ServiceRequest/referral-marisol-vega');
    expect((await network.get(path)).text).toContain('ServiceRequest/referral-marisol-vega');
    const { text } = await other.get(path);
    expect(text).toContain('Nothing of this kind is recorded');
    expect(text).not.toContain('Vega');
  });
});

describe('disclosures', () => {
  it('of a person are found by name, and told with when, to whom, what and on what ground', async () => {
    await page.goto(`${url}/disclosures`);
    await page.getByLabel('Person').fill('vega');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('link', { name: 'Marisol Vega' }).click();
    await page.getByRole('table', { name: 'Disclosures' }).waitFor();
    expect(await text()).toMatch(/Marisol Vega, born 1991-04-17\. What others were shown/);
    expect(await text()).toMatch(
      /Northside CMHC northside-cmhc .*Task .*found in a search, of General Hospital/,
    );
    expect(await text()).toContain('Part of a referral or of shared care; no label restricts it.');
  });

  it('are for supervisors too', async () => {
    const someone = await signInAs(url, 'general-hospital', 'supervisor');
    const { status, text } = await someone.get('/disclosures?patient=marisol-vega');
    expect(status).toBe(200);
    expect(text).toContain('Northside CMHC');
    expect((await someone.get('/audit')).status).toBe(403);
  });

  it('of somebody whom the organization does not know are of nobody', async () => {
    const someone = await signInAs(url, 'harbor-shelter', 'auditor');
    const { status, text } = await someone.get('/disclosures?patient=theo-lindqvist');
    expect(status).toBe(404);
    expect(text).not.toContain('Lindqvist');
    const found = await someone.send('/disclosures', '/disclosures/person', { text: 'Lindqvist' });
    expect(found.text).toContain('Nobody whose record your organization may see is called so');
  });
});

describe('emergency access', () => {
  it('is told with the reason, who, what was seen and until when', async () => {
    await page.goto(`${url}/emergencies`);
    expect(await text()).toContain('No record was opened in an emergency');
    await breakGlass('amara-okonjo', 'Brought in unconscious, medication unknown');
    await page.reload();
    const row = page.getByRole('table', { name: 'Emergency accesses' }).locator('tbody tr');
    expect(await row.count()).toBe(1);
    const told = (await row.innerText()).replace(/\s+/g, ' ');
    expect(told).toMatch(/Just now Open: ends in 3 hours/);
    expect(told).toContain('Westbrook CMHC');
    expect(told).toContain('Patient/amara-okonjo Kept by General Hospital');
    expect(told).toContain('Brought in unconscious, medication unknown Emergency treatment');
    expect(told).toMatch(/Condition/);
    await page.getByRole('link', { name: 'All of it in the audit' }).click();
    await page.getByText('About Amara Okonjo').waitFor();
    expect(await text()).toContain('opened in an emergency');
  });

  it('is told to the network, and to no organization that has no part in it', async () => {
    const [network, other] = await Promise.all([
      signInAs(url, 'hub', 'auditor'),
      signInAs(url, 'northside-cmhc', 'auditor'),
    ]);
    expect((await network.get('/emergencies')).text).toContain('medication unknown');
    expect((await other.get('/emergencies')).text).toContain('No record was opened in an emergency');
  });
});

describe('each page of who answers for privacy', () => {
  it('is well for everybody, and fits a phone', async () => {
    for (const path of ['/audit', '/disclosures?patient=marisol-vega', '/emergencies']) {
      await page.goto(`${url}${path}`);
      const faults = path === '/audit' ? await faultsOfLinked(page, 'dark') : await faultsOf(page);
      expect(faults, path).toEqual([]);
      if (path !== '/disclosures?patient=marisol-vega') await picture(page, path.slice(1));
    }
  }, 60_000);

  it('fails for no address and no form, whatever is in it', async () => {
    const someone = await signInAs(url, 'general-hospital', 'auditor');
    const names = ['patient', 'organization', 'agent', 'kind', 'from', 'to', 'after'];
    for (const value of hostile) {
      const said = encodeURIComponent(value);
      const answers = await Promise.all([
        ...names.map(name => someone.get(`/audit?${name}=${said}`)),
        someone.get(`/disclosures?patient=${said}`),
        someone.get(`/disclosures?patient=marisol-vega&before=${said}`),
        someone.get(`/emergencies?days=${said}`),
        someone.send('/audit', '/audit/person', { text: value }),
      ]);
      for (const { status, text } of answers) {
        expect(status, value).toBeLessThan(500);
        expect(text).not.toContain('<script>alert');
      }
    }
  });

  it.each([
    ['general-hospital', 'discharge-planner', ['/audit', '/audit/download', '/disclosures', '/emergencies']],
    ['hub', 'network-administrator', ['/audit', '/audit/download', '/disclosures', '/emergencies']],
    ['northside-cmhc', 'supervisor', ['/audit', '/audit/download', '/emergencies']],
  ])('is refused to %s %s, with a page that says why', async (organization, role, paths) => {
    const someone = await signInAs(url, organization, role);
    for (const path of paths) {
      const { status, text } = await someone.get(path);
      expect(status, path).toBe(403);
      expect(text).toContain('This page is not part of the role');
    }
  });
});
