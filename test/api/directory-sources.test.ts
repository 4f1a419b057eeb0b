import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, HealthcareService } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { directory } from '../../src/cli/directory.ts';
import { entryId, sourceSystem } from '../../src/exchange/hsds/entries.ts';
import { asJson, type MadeUp, madeUp, square, writePackage } from '../../src/exchange/hsds/hsds.harness.ts';
import { importSource } from '../../src/exchange/hsds/import-source.ts';
import { boundaryOf, insideBoundary } from '../../src/referral/boundary.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const outgoing = { allowedHosts: [], allowHttp: true };
const id = (key: string) => entryId('county', key);

eachDatabase('a directory from an Open Referral source', database => {
  let hub: TestHub;
  let folder: string;
  let hospital: Party;
  let site: Party;
  let data: MadeUp;

  const refresh = async (place = folder) =>
    importSource(
      { name: 'county', place },
      {
        records: hub.hub.store.records,
        clock: hub.clock,
        hubActor: hub.hub.hubActor,
        repository: actor => hub.hub.repository(actor),
        outgoing,
      },
    );
  const change = async (edit: (data: MadeUp) => void) => {
    edit(data);
    await writePackage(folder, data);
  };
  const found = async (query: string) =>
    (((await hospital.get(query)).json as Bundle).entry ?? []).map(one => one.resource?.id);
  const service = async (key: string) =>
    (await hospital.get(`/HealthcareService/${id(key)}`)).json as HealthcareService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hsds-'));
    const gone = join(folder, 'gone');
    hub = await startTestHub(database, {
      HUB_LOG: 'silent',
      HUB_DIRECTORY_SOURCES: `gone=${gone} county=${folder}`,
    });
    hospital = await hub.party('hospital');
    data = madeUp(50);
    await writePackage(folder, data);
  });
  afterAll(async () => {
    await hub.stop();
    await rm(folder, { recursive: true });
  });

  it('is there after the import, and is found by what it offers, by name, by place and by the source’s own id', async () => {
    const report = await refresh();
    expect(report).toMatchObject({
      changed: [],
      unchanged: 0,
      refused: [],
      conflicts: [],
      hidden: ['service:s49'],
    });
    expect(report.created).toHaveLength(17 + 50 + 49 + 1);
    const food = '/HealthcareService?service-type=http://terminology.hl7.org/CodeSystem/service-type|548';
    expect(await found(`${food}&name=Service 4,`.replace(',', '\\,'))).toContain(id('service:s4'));
    expect(
      await found('/HealthcareService?service-type=https://211hsis.org|BH-1800.8500&_count=1'),
    ).toHaveLength(1);
    const own = encodeURIComponent(`${sourceSystem('county')}|service:s7`);
    expect(await found(`/HealthcareService?identifier=${own}`)).toEqual([id('service:s7')]);
    expect(await found('/Location?near=30|-97|0.5|km')).toEqual([id('location:l0')]);
    const area = (await hospital.get(`/Location/${id('service_area:area1')}`)).json;
    const boundary = boundaryOf(area) ?? [];
    expect(insideBoundary({ latitude: 30.3, longitude: -97.6 }, boundary)).toBe(true);
    expect(insideBoundary({ latitude: 32, longitude: -97.6 }, boundary)).toBe(false);
  });

  it('tells nobody where a shelter from violence is', async () => {
    const shelter = await hospital.get(`/HealthcareService/${id('service:s49')}`);
    expect(shelter.status).toBe(200);
    for (const path of [
      `/HealthcareService?_id=${id('service:s49')}&_include=*`,
      '/Location?address=Hidden',
      '/Location?near=30.49|-97|0.5|km',
      `/HealthcareService/${id('service:s49')}/_history`,
    ])
      expect((await hospital.get(path)).text, path).not.toContain('Hidden Lane');
    expect((await hospital.get(`/Location/${id('location:l49')}`)).status).toBe(404);
  });

  it('is the same when nothing has changed', async () => {
    const before = (await service('service:s0')).meta?.versionId;
    const report = await refresh();
    expect(report).toMatchObject({ created: [], changed: [], vanished: [], closed: [], unchanged: 117 });
    expect((await service('service:s0')).meta?.versionId).toBe(before);
    await writeFile(join(folder, 'all.json'), JSON.stringify({ contents: asJson(data) }));
    expect(await refresh(join(folder, 'all.json'))).toMatchObject({
      created: [],
      changed: [],
      unchanged: 117,
    });
    await rm(join(folder, 'all.json'));
  });

  it('takes what is new, keeps what the site has edited, and says where they differ', async () => {
    site = await hub.party('site', { of: 'directory-source-county' });
    const edited = { ...(await service('service:s1')), name: 'As we call it', appointmentRequired: true };
    expect((await site.update(edited)).status).toBe(200);
    expect((await hospital.update(edited)).status).toBe(403);
    expect((await refresh()).conflicts).toEqual([]);
    await change(({ service: all }) => {
      for (const one of all.slice(0, 3)) one.name = `Renamed ${one.id}`;
    });
    const report = await refresh();
    expect(report.changed).toEqual([
      { key: 'service:s0', elements: ['name'] },
      { key: 'service:s2', elements: ['name'] },
    ]);
    expect(report.conflicts).toEqual([{ key: 'service:s1', elements: ['name'] }]);
    expect(await service('service:s1')).toMatchObject({ name: 'As we call it', appointmentRequired: true });
    expect((await service('service:s0')).name).toBe('Renamed s0');
  });

  it('closes what vanished only the second time, deletes nothing, and opens what comes back', async () => {
    const last = data.service[5];
    if (!last) throw new Error('there are more');
    await change(all => void all.service.splice(5, 1));
    const first = await refresh();
    expect(first.vanished.sort()).toEqual(['location:l5', 'service:s5']);
    expect((await service('service:s5')).active).toBe(true);
    const second = await refresh();
    expect([second.vanished, second.closed.sort()]).toEqual([[], ['location:l5', 'service:s5']]);
    expect((await service('service:s5')).active).toBe(false);
    expect(await refresh()).toMatchObject({ vanished: [], closed: [], changed: [] });
    await change(all => void all.service.splice(5, 0, last));
    expect((await refresh()).changed).toEqual(
      expect.arrayContaining([{ key: 'service:s5', elements: ['active'] }]),
    );
    expect((await service('service:s5')).active).toBe(true);
  });

  it('hides at once, with its history, a place that turns out to be a shelter from violence', async () => {
    const place = `/Location/${id('location:l10')}`;
    expect((await hospital.get(place)).text).toContain('10 Main Street');
    await change(({ attribute }) => {
      for (const one of attribute) if (one.link_id === 's10') one.taxonomy_term_id = 't-safe';
    });
    const report = await refresh();
    expect(report.hidden.sort()).toEqual(['service:s10', 'service:s49']);
    expect([report.closed, report.vanished]).toEqual([['location:l10'], []]);
    for (const path of [place, `${place}/_history/1`]) expect((await hospital.get(path)).status).toBe(404);
    for (const path of ['/Location?address=10 Main', '/Location?near=30.1|-97|0.5|km', '/Location/_history'])
      expect((await hospital.get(path)).text, path).not.toContain('10 Main Street');
    expect(await service('service:s10')).not.toHaveProperty('location');
    expect(await refresh()).toMatchObject({ changed: [], closed: [], vanished: [] });
  });

  it('takes an empty source for a broken one, and closes nothing because of services it cannot read', async () => {
    const empty = join(folder, 'empty.json');
    await writeFile(empty, '[]');
    await expect(refresh(empty)).rejects.toThrow('is empty');
    const broken = asJson(data).slice(0, 40);
    await writeFile(empty, JSON.stringify([...broken, { id: 's45' }]));
    expect(await refresh(empty)).toMatchObject({ vanished: [], refused: [{ key: 'service:s45' }] });
    await rm(empty);
  });

  it('is filled by command, which tells what it did and what is wrong, and tells it again', async () => {
    const command = async (...args: string[]) => {
      const lines: string[] = [];
      const line = (text: string) => void lines.push(text);
      const open = async () => ({ ...hub.hub, close: async () => {} });
      const code = await runCommand(directory, args, { out: line, err: line }, open);
      return { code, text: lines.join('\n') };
    };
    const file = join(folder, 'few.json');
    await writeFile(file, JSON.stringify([{ id: 'x' }, ...asJson(madeUp(3))]));
    expect((await command('report', '--source', 'few')).text).toBe('few was never imported.');
    const done = await command('import', file, '--source', 'few');
    expect(done).toMatchObject({ code: 1, text: expect.stringContaining('refused service:x: name') });
    expect(done.text).toContain('7 new, 0 changed, 0 as before, 1 without a place');
    expect((await command('report', '--source', 'few')).text).toBe(done.text);
    await rm(file);
    expect((await command('import', file, '--source', 'few')).text).toContain('There is no file or folder');
    expect((await command('import', folder, '--source', 'Über uns')).text).toContain('lower-case letters');
  });

  it('takes no outline of a site’s own that draws nothing, and says what would', async () => {
    const drawn = (shape: object) =>
      hospital.request('POST', '/Location', {
        resourceType: 'Location',
        status: 'active',
        name: 'Our catchment',
        managingOrganization: { reference: hospital.organization },
        extension: [
          {
            url: 'http://hl7.org/fhir/StructureDefinition/location-boundary-geojson',
            valueAttachment: {
              contentType: 'application/geo+json',
              data: Buffer.from(JSON.stringify(shape)).toString('base64'),
            },
          },
        ],
      });
    const outline = JSON.parse(square(30, -97));
    expect((await drawn(outline)).status).toBe(201);
    const [ring] = outline.coordinates;
    const swapped = { ...outline, coordinates: [ring.map(([a, b]: [number, number]) => [b, a])] };
    for (const shape of [swapped, { type: 'Polygon', coordinates: [] }, { type: 'Point' }]) {
      const refused = await drawn(shape);
      expect([refused.status, refused.json.issue?.[0].expression]).toEqual([422, ['Location.extension[0]']]);
    }
  });

  it('is refreshed each night, whatever becomes of another source', async () => {
    await hub.settle();
    await change(({ service: all }) => {
      for (const one of all.slice(3, 4)) one.name = 'By night';
    });
    hub.clock.advance({ hours: 24 });
    await hub.settle();
    const read = await hub.hub.repository(hub.hub.hubActor).read('HealthcareService', id('service:s3'));
    expect(read.resource()).toMatchObject({ name: 'By night' });
  });
});
