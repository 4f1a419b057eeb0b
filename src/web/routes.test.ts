import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { startTestHub, type TestHub } from '../../test/harness/hub.ts';
import { seedDemo } from '../demo/seed.ts';

const text = async (hub: TestHub, path: string) => {
  const answer = await fetch(hub.url + path);
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
};

eachDatabase('the page', database => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub(database);
  });
  afterAll(() => hub.stop());

  it('says what this is, and shows nobody, where there is no demo network', async () => {
    const { status, body } = await text(hub, '/?as=general-hospital');
    expect(status).toBe(200);
    expect(body).toContain('/fhir/metadata');
    expect(body).not.toMatch(/General Hospital|as=/);
  });

  it('lets in no script, no style but its own, and no frame', async () => {
    await seedDemo(hub.hub, hub.config);
    for (const path of [
      '/',
      '/?as=general-hospital',
      '/?as=nobody',
      '/assets/page.css',
      '/assets/icon.svg',
    ]) {
      const { headers } = await text(hub, path);
      expect(headers.get('content-security-policy'), path).toBe(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const { body } = await text(hub, '/?as=general-hospital');
    expect(body).not.toMatch(/<script|<style|style=|\son\w+=/);
  });

  it('answers a wrong choice and a wrong place with a page that says so', async () => {
    const nobody = await text(hub, `/?as=${encodeURIComponent('<b>nobody</b>')}`);
    expect(nobody.status).toBe(404);
    expect(nobody.headers.get('content-type')).toContain('text/html');
    expect(nobody.body).toContain('&lt;b&gt;nobody&lt;/b&gt;');
    const html = { headers: { accept: 'text/html,*/*' } };
    const wrong = await fetch(`${hub.url}/referals`, html);
    expect([wrong.status, wrong.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    expect(wrong.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await wrong.text()).toContain('There is no page at this address');
    expect((await (await fetch(`${hub.url}/referals`)).json()).resourceType).toBe('OperationOutcome');
    const nowhere = await text(hub, '/?as=general-hospital&from=nowhere');
    expect(nowhere.status).toBe(400);
    expect(nowhere.body).toContain('follow the links of a page');
  });

  it('shows nothing of an organization whose client is suspended', async () => {
    await hub.hub.authorization.clients.suspend('harbor-shelter');
    expect((await text(hub, '/')).body).not.toContain('Harbor Shelter');
    expect((await text(hub, '/?as=harbor-shelter')).status).toBe(404);
    await hub.hub.authorization.clients.resume('harbor-shelter');
    expect((await text(hub, '/?as=harbor-shelter')).status).toBe(200);
  });

  it('shows an organization outside of the demo to nobody', async () => {
    await hub.party('clinic');
    expect((await text(hub, '/?as=clinic')).status).toBe(404);
  });

  it('is not there in production, whatever the database holds', async () => {
    const { databaseUrl, data } = hub.config;
    const production = await startTestHub(database, {
      HUB_DATA: data,
      HUB_ENV: 'production',
      ...(databaseUrl ? { HUB_DATABASE_URL: databaseUrl } : {}),
    });
    const { status, body } = await text(production, '/?as=general-hospital');
    await production.stop();
    expect(status).toBe(200);
    expect(body).not.toMatch(/General Hospital|Okonjo/);
  });
});
