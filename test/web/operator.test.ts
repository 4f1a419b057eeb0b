import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parkOperation } from '../../src/events/park.ts';
import { faultsOf, faultsOfLinked } from '../harness/accessible.ts';
import { signInAs } from '../harness/crawl.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { picture, signIn } from '../harness/workplace.ts';

let demo: DemoHub;
let page: Page;
let url: string;
beforeAll(async () => {
  demo = await startDemoHub();
  url = demo.running.url;
  page = await signIn(demo, 'Network administrator of The network');
});
afterAll(() => demo?.stop());

const textOf = async (place: Locator): Promise<string> => (await place.innerText()).replace(/\s+/g, ' ');
const main = () => textOf(page.locator('main'));

/** A run that has failed again and again, as the runner of bots gives it up. */
async function park(about: string): Promise<void> {
  const { hub } = demo.running;
  const operation = parkOperation({
    bot: 'chase-offers',
    change: { type: 'Task', id: about, op: 'due' },
    present: false,
    error: new Error('no'),
    attempts: 5,
    now: hub.parts.clock.now(),
    hubOrganization: hub.parts.hubOrganization,
  });
  await hub.repository(hub.hubActor).write([operation]);
}

/** A notice that no mail server has taken. */
async function loseMail(event: string): Promise<void> {
  const { outbox } = demo.running.hub.store;
  await outbox.add([{ channel: 'mail', event, thread: event, payload: { notice: event }, at: 0 }]);
  const next = await outbox.next('mail', 1);
  await outbox.failed(next?.seq ?? 0, { due: 1, error: 'the mail server said 550' });
  await outbox.parked(next?.seq ?? 0, { at: 1, error: 'the mail server said 550' });
}

describe('the network', () => {
  it('counts what it is made of, and leads to each', async () => {
    await page.goto(`${url}/network`);
    const figures = page.getByRole('list', { name: 'How many' });
    expect(await textOf(figures)).toMatch(/23\s*Organizations/);
    expect(await textOf(figures)).toMatch(/18\s*Services/);
    for (const [name, path] of [
      ['Staff accounts', '/people'],
      ['Systems and apps', '/clients'],
      ['Services', '/directory'],
    ])
      expect(await figures.getByRole('link', { name }).getAttribute('href')).toBe(path);
  });

  it('shows whose turn it is and who is late, as a chart that is a table', async () => {
    const chart = page.getByRole('table', { name: 'Referrals that wait for each organization' });
    const southside = chart.getByRole('row', { name: /Southside CMHC/ });
    expect(Number(await southside.getByRole('cell').first().innerText())).toBeGreaterThan(0);
    expect(await southside.locator('svg rect').count()).toBe(2);
    const widths = await chart
      .locator('svg')
      .evaluateAll(all =>
        all.map(svg => [...svg.querySelectorAll('rect')].reduce((sum, one) => sum + one.getBBox().width, 0)),
      );
    expect(Math.max(...widths)).toBe(widths[0]);
  });

  it('says what needs somebody, and where it is done', async () => {
    await park('lost');
    await demo.running.hub.authorization.clients.suspend('system-ehr');
    await page.reload();
    const attention = page.getByRole('region', { name: 'Needs attention' });
    expect(await textOf(attention)).toMatch(/1 run of a bot is parked/);
    expect(await textOf(attention)).toMatch(/1 system or app is suspended/);
    await attention.getByRole('link', { name: /run of a bot/ }).click();
    await page.getByRole('heading', { name: 'Bots', level: 1 }).waitFor();
  });
});

describe('bots', () => {
  it('are each shown with when they run and what they did', async () => {
    const { events, parts } = demo.running.hub;
    const now = parts.clock.now().getTime();
    for (const minutes of [0, 6]) await events.tick(new Date(now + minutes * 60_000));
    await page.goto(`${url}/bots`);
    const row = page.getByRole('row', { name: /chase-offers/ }).last();
    expect(await textOf(row)).toMatch(/Each minute/);
    expect(await textOf(row)).toMatch(/1 parked/);
    expect(await main()).toMatch(/Just now \d+ runs?, \d+ wrote something, 0 failed/);
  });

  it('run now, and say what came of it', async () => {
    await page.getByRole('button', { name: 'Run now close-stale-loops' }).click();
    await page.getByRole('status').first().waitFor();
    await expect.poll(main, { timeout: 10_000 }).toMatch(/By hand: (Nothing was due|\d+ wrote something)/);
    expect(await page.locator('[aria-busy]').count()).toBe(0);
    const { entries } = await demo.running.hub
      .repository(demo.running.hub.hubActor)
      .search('AuditEvent', new URLSearchParams({ subtype: 'operation', _count: '20' }));
    expect(entries.some(({ stored }) => stored.body.includes('run-bot'))).toBe(true);
  });

  it('show that a long run goes on, and its end by themselves', async () => {
    const { records } = demo.running.hub.store;
    const started = demo.running.hub.parts.clock.now().toISOString();
    const keep = (value: object) =>
      records.put({ kind: 'bot-by-hand', id: 'watch-waitlists', value, expires: null, family: null });
    await keep({ started });
    await page.goto(`${url}/bots/watch-waitlists`);
    await page.getByRole('progressbar', { name: 'watch-waitlists is running.' }).waitFor();
    expect(await page.getByRole('button', { name: /Run now/ }).count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    await keep({ started, ended: started, result: { written: 2, nothing: 1, failed: [] } });
    await page.getByText('2 wrote something, 1 had nothing to do, 0 failed.').waitFor({ timeout: 5000 });
    expect(await page.getByRole('progressbar').count()).toBe(0);
  });

  it('are refused a run where they have no schedule, or there is none of the name', async () => {
    const operator = await signInAs(url, 'hub', 'network-administrator');
    const sent = await operator.send('/bots', '/bots/do-everything/run', {});
    expect(sent.status).toBe(404);
    expect((await operator.get('/bots/do-everything')).status).toBe(404);
  });

  it('are tried again with what they have parked, or it is settled', async () => {
    await park('other');
    await page.goto(`${url}/bots/chase-offers`);
    await page.getByRole('button', { name: 'Try again chase-offers: Task/lost' }).click();
    await page.getByText('It has worked, and is parked no more.').waitFor();
    await page.getByRole('button', { name: 'Settled chase-offers: Task/other' }).click();
    await page.getByText('Settled: the hub does not try this again.').waitFor();
    expect(await main()).toMatch(/Nothing is parked/);
    const { hub } = demo.running;
    expect(await hub.parked.list(hub.hubActor)).toEqual([]);
    expect(new URL(page.url()).pathname).toBe('/bots/chase-offers');
  });

  it('say so when something was settled by somebody else meanwhile', async () => {
    const operator = await signInAs(url, 'hub', 'network-administrator');
    const answer = await operator.send('/bots', '/bots/settle', { id: 'Task/gone' });
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('This is parked no more');
  });
});

describe('deliveries', () => {
  it('that were not taken are shown with the reason, and sent again', async () => {
    await loseMail('one');
    await page.goto(`${url}/deliveries`);
    expect(await main()).toContain('the mail server said 550');
    await page.getByRole('button', { name: /Try again/ }).click();
    await page.getByText('It is sent now.').waitFor();
    expect(await main()).toContain('Everything has been delivered');
  });
});

describe('each page of the operator', () => {
  it('is well for everybody, and fits a phone', async () => {
    await park('shown');
    await loseMail('two');
    for (const path of ['/network', '/bots', '/bots/chase-offers', '/deliveries']) {
      await page.goto(`${url}${path}`);
      const scheme = path.startsWith('/bots') ? 'dark' : 'light';
      const faults = path === '/bots' ? await faultsOfLinked(page, scheme) : await faultsOf(page, scheme);
      expect(faults, path).toEqual([]);
      if (['/network', '/bots'].includes(path)) await picture(page, path.slice(1));
    }
  }, 60_000);

  it.each([
    ['general-hospital', 'discharge-planner'],
    ['northside-cmhc', 'organization-administrator'],
    ['hub', 'auditor'],
  ])('is refused to %s %s, with a page that says why', async (organization, role) => {
    const someone = await signInAs(url, organization, role);
    for (const path of ['/network', '/bots', '/bots/chase-offers', '/deliveries']) {
      const { status, text } = await someone.get(path);
      expect(status, path).toBe(403);
      expect(text).toContain('This page is not part of the role');
    }
    const { text } = await someone.get('/account');
    const token = /name="form-token" value="([\w-]+)"/.exec(text)?.[1] ?? '';
    const sent = await someone.post('/bots/chase-offers/run', { 'form-token': token });
    expect(sent.status).toBe(403);
  });
});
