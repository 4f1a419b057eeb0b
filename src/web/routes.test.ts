import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import { startTestHub, type TestHub } from '../../test/harness/hub.ts';
import { seedDemo } from '../demo/seed.ts';

const text = async (hub: TestHub, path: string) => {
  const answer = await fetch(hub.url + path);
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
};

onSqlite('the front page', database => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub(database);
  });
  afterAll(() => hub.stop());

  it('says what this is, and offers nobody, where there is no demo network', async () => {
    const { status, body } = await text(hub, '/');
    expect(status).toBe(200);
    expect(body).toContain('/fhir/metadata');
    expect(body).not.toMatch(/General Hospital|sign-in\/demo/);
  });

  it('lets in no script, no style but its own, and no frame', async () => {
    await seedDemo(hub.hub, hub.config);
    for (const path of ['/', '/design', '/assets/page.css', '/assets/icon.svg']) {
      const { headers } = await text(hub, path);
      expect(headers.get('content-security-policy'), path).toBe(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const { body } = await text(hub, '/');
    expect(body).not.toMatch(/<script|<style|style=|\son\w+=/);
    expect(body).toContain('Discharge planner of General Hospital');
    expect(body, 'of the people of the county nobody').not.toContain('Okonjo');
  });

  it('keeps assets for a year under an address of their content, and leads there from any other', async () => {
    const { body } = await text(hub, '/');
    const [, path = ''] = /href="(\/assets\/[^"]+\/page\.css)"/.exec(body) ?? [];
    const kept = await text(hub, path);
    expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(kept.headers.get('content-type')).toBe('text/css; charset=utf-8');
    for (const other of ['/assets/page.css', '/assets/earlier/page.css']) {
      const led = await fetch(hub.url + other, { redirect: 'manual' });
      expect([led.status, led.headers.get('location')]).toEqual([302, path]);
    }
    expect((await text(hub, '/assets/page.exe')).status).toBe(404);
  });

  it('answers a wrong place with a page that says so, an app with an outcome', async () => {
    const html = { headers: { accept: 'text/html,*/*' } };
    const wrong = await fetch(`${hub.url}/referals`, html);
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    expect(wrong.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await wrong.text()).toContain('There is no page at this address');
    expect((await (await fetch(`${hub.url}/referals`)).json()).resourceType).toBe('OperationOutcome');
  });

  it('offers nobody in production, whatever the database holds', async () => {
    const { databaseUrl, data } = hub.config;
    const production = await startTestHub(database, {
      HUB_DATA: data,
      HUB_ENV: 'production',
      ...(databaseUrl ? { HUB_DATABASE_URL: databaseUrl } : {}),
    });
    const { status, body } = await text(production, '/');
    await production.stop();
    expect(status).toBe(200);
    expect(body).not.toMatch(/General Hospital|Okonjo|sign-in\/demo/);
  });
});
