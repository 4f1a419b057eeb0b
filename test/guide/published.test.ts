import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownDefinitions, urlOf } from '../../src/fhir/conformance/own-definitions.ts';
import { publish } from '../../src/fhir/conformance/publish.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

onSqlite('what the hub defines is served', database => {
  let hub: TestHub;
  let party: Party;
  beforeAll(async () => {
    hub = await startTestHub(database, {}, { definitions: true });
    party = await hub.party('hospital');
  });
  afterAll(() => hub.stop());

  it('each definition at its canonical URL and at its id, to any signed-in client', async () => {
    for (const one of await ownDefinitions()) {
      const url = urlOf(one) ?? '';
      const parameter = one.resourceType === 'NamingSystem' ? 'value' : 'url';
      const found = await party.get(`/${one.resourceType}?${parameter}=${encodeURIComponent(url)}`);
      expect(
        found.json.entry?.map((entry: { resource: { id: string } }) => entry.resource.id),
        url,
      ).toEqual([one.id]);
      const { meta, ...content } = (await party.get(`/${one.resourceType}/${one.id}`)).json;
      expect(meta.versionId, url).toBe('1');
      expect(content, url).toEqual(one);
    }
  });

  it('is no client’s to change', async () => {
    const [one] = await ownDefinitions();
    const answer = await party.request('PUT', `/${one?.resourceType}/${one?.id}`, one);
    expect(answer.status).toBe(403);
  });

  it('writes nothing at the next start, what has changed after a change, and deletes what is gone', async () => {
    const to = { store: hub.hub.store, itself: hub.hub.repository(hub.hub.hubActor), now: hub.clock.now() };
    const resources = await ownDefinitions();
    expect(await publish({ name: 'hub', resources }, to)).toBe(false);
    const [first, second, ...rest] = resources;
    if (!first || !second) throw new Error('there are no definitions');
    const changed = { ...second, title: 'Another title' } as typeof second;
    expect(await publish({ name: 'hub', resources: [changed, ...rest] }, to)).toBe(true);
    expect((await party.get(`/${first.resourceType}/${first.id}`)).status).toBe(410);
    expect((await party.get(`/${second.resourceType}/${second.id}`)).json).toMatchObject({
      title: 'Another title',
      meta: { versionId: '2' },
    });
    const untouched = rest[0];
    const read = await party.get(`/${untouched?.resourceType}/${untouched?.id}`);
    expect(read.json.meta.versionId).toBe('1');
    expect(await publish({ name: 'another', resources: [] }, to)).toBe(true);
    expect((await party.get(`/${second.resourceType}/${second.id}`)).status).toBe(200);
  });
});
