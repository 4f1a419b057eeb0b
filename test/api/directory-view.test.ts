import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, HealthcareService, Location, Organization, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryId } from '../../src/exchange/hsds/entries.ts';
import { guideProfiles } from '../../src/exchange/hsds/guide/view.ts';
import { madeUp, writePackage } from '../../src/exchange/hsds/hsds.harness.ts';
import { importSource } from '../../src/exchange/hsds/import-source.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const id = (key: string) => entryId('county', key);
const own = 'https://warmhandoff.example/fhir';

eachDatabase('the directory as the Human Services Directory guide has it', database => {
  let hub: TestHub;
  let folder: string;
  let reader: Party;
  let site: Party;

  const seen = async <R extends Resource>(path: string): Promise<R> => {
    const answer = await reader.get(`${path}?view=hsds`);
    expect(answer.status, answer.text).toBe(200);
    return answer.json as R;
  };
  const found = (answer: Answer): Resource[] =>
    ((answer.json as Bundle).entry ?? []).flatMap(({ resource }) => resource ?? []);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hsds-view-'));
    hub = await startTestHub(database, { HUB_LOG: 'silent' });
    reader = await hub.party('reader');
    await writePackage(folder, madeUp(8));
    const { store, hubActor } = hub.hub;
    await importSource(
      { name: 'county', place: folder },
      {
        records: store.records,
        clock: hub.clock,
        hubActor,
        repository: actor => hub.hub.repository(actor),
        outgoing: { allowedHosts: [], allowHttp: true },
      },
    );
    site = await hub.party('site', { of: 'directory-source-county' });
  });
  afterAll(async () => {
    await hub?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows a service with what the guide requires, and nothing that it does not know', async () => {
    const service = await seen<HealthcareService>(`/HealthcareService/${id('service:s0')}`);
    expect(service.meta?.profile).toEqual([guideProfiles.HealthcareService]);
    expect(service.meta?.lastUpdated).toBeDefined();
    expect(service).toMatchObject({
      active: true,
      providedBy: {
        reference: `Organization/${id('organization:o0')}`,
        type: 'Organization',
        display: 'Helpers 0',
      },
      category: [{ coding: [{ system: 'https://211hsis.org', code: 'BD' }] }],
      location: [{ reference: `Location/${id('location:l0')}`, type: 'Location' }],
      name: 'Service 0, "open" to all',
      telecom: [{ system: 'phone', value: '555-010', use: 'work' }],
      identifier: [{ use: 'official', value: 'service:s0' }],
      eligibility: [{ comment: 'Ages 18 and over.' }],
      communication: [{ text: 'Spanish' }],
      availableTime: [{ daysOfWeek: ['mon', 'tue'] }],
    });
    const stored = (await reader.get(`/HealthcareService/${id('service:s0')}`)).json as HealthcareService;
    expect(stored.extension?.length, 'the hub knows more').toBeGreaterThan(0);
    expect(JSON.stringify(service)).not.toContain(`${own}/StructureDefinition`);
    expect(stored.meta?.profile).toBeUndefined();
  });

  it('shows organizations and places', async () => {
    const organization = await seen<Organization>(`/Organization/${id('organization:o0')}`);
    expect(organization.meta?.profile).toEqual([guideProfiles.Organization]);
    expect(organization).toMatchObject({
      active: true,
      name: 'Helpers 0',
      type: [{ coding: [{ code: 'atyprv' }] }],
      telecom: [{ system: 'email', value: 'help0@example.org', use: 'work' }],
    });
    const place = await seen<Location>(`/Location/${id('location:l0')}`);
    expect(place.meta?.profile).toEqual([guideProfiles.Location]);
    expect(place).toMatchObject({
      status: 'active',
      address: { use: 'work', text: '0 Main Street, Austin, TX 78701, US' },
      position: { latitude: 30 },
    });
  });

  it('is what a search by a profile of the guide finds: what is open, page by page', async () => {
    const first = await reader.get(`/HealthcareService?_profile=${guideProfiles.HealthcareService}&_count=5`);
    const all = found(first);
    const next = (first.json as Bundle).link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const more = found(await reader.get(next.slice(next.indexOf('/HealthcareService'))));
    expect([all.length, more.length]).toEqual([5, 3]);
    for (const one of [...all, ...more]) expect(one.meta?.profile).toEqual([guideProfiles.HealthcareService]);
    for (const type of ['Organization', 'Location'] as const) {
      const some = found(await reader.get(`/${type}?_profile=${guideProfiles[type]}|1.0.0&_count=100`));
      expect(some.length).toBeGreaterThan(2);
      for (const one of some.filter(entry => 'name' in entry))
        expect(one.meta?.profile).toContain(guideProfiles[type]);
    }
    const other = await reader.get(`/HealthcareService?_profile=${own}/StructureDefinition/other`);
    expect(found(other)).toEqual([]);
  });

  it('shows what comes along with it, its history and its versions in the same way', async () => {
    const path = `/HealthcareService/${id('service:s0')}`;
    const along = await reader.get(
      `/HealthcareService?_id=${id('service:s0')}&_include=HealthcareService:location&_include=HealthcareService:organization&view=hsds`,
    );
    expect(found(along).map(one => one.meta?.profile?.[0])).toEqual(
      expect.arrayContaining(Object.values(guideProfiles)),
    );
    const history = found(await reader.get(`${path}/_history?view=hsds`));
    expect(history[0]?.meta?.profile).toEqual([guideProfiles.HealthcareService]);
    const version = await seen<HealthcareService>(`${path}/_history/1`);
    expect(version.meta?.profile).toEqual([guideProfiles.HealthcareService]);
    const some = await reader.get(`${path}?view=hsds&_elements=name`);
    expect(Object.keys(some.json).sort()).toEqual(['id', 'meta', 'name', 'resourceType']);
  });

  it('tells nobody where a shelter from violence is', async () => {
    const shelter = await reader.get(`/HealthcareService/${id('service:s7')}?view=hsds`);
    expect(shelter.status).toBe(200);
    expect(shelter.text).not.toContain('Hidden Lane');
    expect(shelter.json.location).toBeUndefined();
  });

  describe('is for reading alone', () => {
    it.each<[string, (path: string, shown: Resource) => [string, string, unknown?, Record<string, string>?]]>(
      [
        ['a PUT to the view', (path, shown) => ['PUT', `${path}?view=hsds`, shown]],
        ['a PUT of what the view has shown', (path, shown) => ['PUT', path, shown]],
        ['a POST to the view', (_, { id: __, ...shown }) => ['POST', '/HealthcareService?view=hsds', shown]],
        ['a DELETE of the view', path => ['DELETE', `${path}?view=hsds`]],
        [
          'a PATCH of the view',
          path => [
            'PATCH',
            `${path}?view=hsds`,
            [{ op: 'replace', path: '/name', value: 'Other' }],
            { 'Content-Type': 'application/json-patch+json' },
          ],
        ],
      ],
    )('%s', async (_, asked) => {
      const path = `/HealthcareService/${id('service:s2')}`;
      const before = (await reader.get(path)).json;
      const shown = await seen<HealthcareService>(path);
      const refused = await site.request(...asked(path, shown));
      expect(refused.status, refused.text).toBe(405);
      expect(refused.text).toContain('for reading alone');
      expect((await reader.get(path)).json).toEqual(before);
    });

    it('the entry itself is written as ever', async () => {
      const path = `/HealthcareService/${id('service:s3')}`;
      const stored = (await reader.get(path)).json as HealthcareService;
      const closed = await site.update({ ...stored, active: false });
      expect(closed.status, closed.text).toBe(200);
      const shown = await seen<HealthcareService>(path);
      expect([shown.active, shown.meta?.profile]).toEqual([false, undefined]);
    });
  });
});
