import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthcareService, Location } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf, sourceSystem } from './entries.ts';
import { asJson, madeUp, square, writePackage } from './hsds.harness.ts';
import { closed, merge } from './merge.ts';
import { readServices } from './model.ts';
import { readSource } from './read-source.ts';

const closedNetwork = { allowedHosts: [], allowHttp: true };

describe('a source', () => {
  let folder: string;
  let server: Server;
  let url: string;
  const services = asJson(madeUp(7));
  const missing = new Set<string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hsds-'));
    await writePackage(join(folder, 'csv'), madeUp(7));
    await writeFile(join(folder, 'services.json'), JSON.stringify(services));
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      const one = /^\/hsds\/services\/(.+)$/.exec(pathname)?.[1];
      const page = Number(searchParams.get('page') ?? 1);
      const found = one
        ? services.find(({ id }) => id === one && !missing.has(one))
        : {
            total_pages: 3,
            page_number: page,
            last_page: page === 3,
            contents: services.slice(3 * page - 3, 3 * page).map(({ id, name }) => ({ id, name })),
          };
      response.statusCode = found && pathname.startsWith('/hsds/services') ? 200 : 404;
      response.end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hsds`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('says the same as CSV, as JSON and as an API', async () => {
    const policy = { ...closedNetwork, allowedHosts: ['127.0.0.1'] };
    const places = [
      join(folder, 'csv'),
      join(folder, 'csv/datapackage.json'),
      join(folder, 'services.json'),
      url,
    ];
    const read = await Promise.all(places.map(place => readSource(place, policy)));
    for (const { refused } of read) expect(refused).toEqual([]);
    const [csv, ...others] = read.map(({ services: all }) => [...entriesOf(all, 'county').entries]);
    for (const other of others) expect(other).toEqual(csv);
    expect(csv).toHaveLength(3 + 7 + 6 + 1);
  });

  it('is not read from a network that is not public', async () => {
    await expect(readSource(url, closedNetwork)).rejects.toThrow('not public');
    await expect(
      readSource(`${url}/elsewhere`, { ...closedNetwork, allowedHosts: ['127.0.0.1'] }),
    ).rejects.toThrow('HTTP 404');
  });

  it('names files of its own only', async () => {
    const file = join(folder, 'datapackage.json');
    await writeFile(file, JSON.stringify({ resources: [{ name: 'service', path: '../../etc/passwd' }] }));
    await expect(readSource(file, closedNetwork)).rejects.toThrow('lie beside it');
  });

  it('is told what is wrong with each file, by its name', async () => {
    const broken = join(folder, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'datapackage.json'), '{bad');
    await expect(readSource(broken, closedNetwork)).rejects.toThrow(
      `${broken}/datapackage.json is not JSON.`,
    );
  });

  it('is read without a service that its API does not give, which it names', async () => {
    missing.add('s2');
    const open = { ...closedNetwork, allowedHosts: ['127.0.0.1'] };
    const { services: read, refused } = await readSource(url, open);
    missing.clear();
    expect(read.map(({ id }) => id).sort()).toEqual(['s0', 's1', 's3', 's4', 's5', 's6']);
    expect(refused).toEqual([
      { key: 'service:s2', why: 'The source answered HTTP 404 to /hsds/services/s2.' },
    ]);
  });

  it('takes blanks for nothing, not for 0', () => {
    const place = { id: 'l', latitude: ' ', longitude: ' ' };
    const blank = { ...services[0], minimum_age: ' ', service_at_locations: [{ location: place }] };
    const { services: read } = readServices([blank]);
    expect(read[0]?.minimum_age).toBeUndefined();
    expect(entriesOf(read, 'county').entries.get('location:l')).not.toHaveProperty('position');
  });

  it('is told of areas whose outline cannot be read, and says them in words', () => {
    const areas = [
      { id: 'a', name: 'North Alder', extent: '{broken', extent_type: 'geojson' },
      { id: 'b', name: 'Around Austin', extent: JSON.parse(square(30, -97)), extent_type: 'GeoJSON' },
    ];
    const { services: read } = readServices([{ ...services[0], service_areas: areas }]);
    const { entries, remarks } = entriesOf(read, 'county');
    expect(remarks.map(({ key, why }) => `${key} ${why}`)).toEqual([
      expect.stringMatching(/^service:s0 service_areas\.0\.extent is no GeoJSON/),
    ]);
    const service = entries.get('service:s0') as HealthcareService;
    expect(service.availabilityExceptions).toContain('Serves: North Alder');
    expect(service.coverageArea).toHaveLength(1);
    expect(entries.has('service_area:b')).toBe(true);
  });

  it('is told what is wrong with each service, and gives the others', () => {
    const { services: right, refused } = readServices([services[0], { id: 's9', name: '' }, 3]);
    expect(right).toHaveLength(1);
    expect(refused.map(({ key }) => key)).toEqual(['service:s9', 'service:number 3']);
  });
});

describe('an entry', () => {
  const { services } = readServices(asJson(madeUp(7)));
  const { entries, hidden } = entriesOf(services, 'county');
  const service = (key: string) => entries.get(key) as HealthcareService | undefined;

  it('is what routing and people look for', () => {
    expect(service('service:s0')).toMatchObject({
      active: true,
      identifier: [{ system: sourceSystem('county'), value: 'service:s0' }],
      type: [
        { coding: [{ code: '548' }] },
        { coding: [{ system: 'https://211hsis.org', code: 'BD-1800.2000' }] },
      ],
      communication: [{ coding: [{ code: 'es' }] }],
      availableTime: [
        { daysOfWeek: ['mon', 'tue'], availableStartTime: '09:00:00', availableEndTime: '17:00:00' },
      ],
      serviceProvisionCode: [{ coding: [{ code: 'free' }] }],
      coverageArea: [{ reference: expect.stringMatching(/^Location\//) }],
    });
    expect(service('service:s1')).not.toHaveProperty('coverageArea');
    expect(service('service:s1')?.availabilityExceptions).toContain('All of the county');
  });

  it('of a shelter from violence says nowhere where it is, nor does the place it shares', () => {
    expect(hidden).toEqual(['service:s6']);
    expect(service('service:s6')).not.toHaveProperty('location');
    expect(entries.has('location:l6')).toBe(false);
    const text = JSON.stringify([...entries]);
    for (const trace of ['Hidden Lane', 'Place 6', '30.06']) expect(text).not.toContain(trace);
    const shared = services.map(one => ({ ...one }));
    const [first] = shared;
    const last = shared.at(-1);
    if (!first || !last) throw new Error('there are seven');
    first.service_at_locations = last.service_at_locations;
    expect(entriesOf(shared, 'county').entries.get('service:s0')).not.toHaveProperty('location');
  });
});

describe('what a source says, put into what is there', () => {
  const place = (more: Partial<Location>): Location & { id: string } => ({
    resourceType: 'Location',
    id: 'x',
    status: 'active',
    ...more,
  });
  const first = merge(undefined, place({ name: 'Old', description: 'd' }), {});

  it.each([
    ['the same again', {}, {}, [], []],
    ['something new of the source', {}, { name: 'New' }, ['name'], []],
    ['an edit of the site, of which the source says nothing new', { name: 'Mine' }, {}, [], []],
    ['an edit of the site, and something new of the source', { name: 'Mine' }, { name: 'New' }, [], ['name']],
    ['an edit of the site that the source has come to as well', { name: 'New' }, { name: 'New' }, [], []],
    ['something that the site added', { alias: ['Mine'] }, {}, [], []],
    ['something that the source takes away', {}, { description: undefined }, ['description'], []],
    [
      'what the site edited, and the source takes away',
      { description: 'm' },
      { description: undefined },
      [],
      ['description'],
    ],
  ])('%s', (_, site, source, changed, conflicts) => {
    const there = JSON.parse(JSON.stringify({ ...first.resource, ...site }));
    const now = JSON.parse(JSON.stringify(place({ name: 'Old', description: 'd', ...source })));
    const merged = merge(there, now, first.written);
    expect([merged.changed, merged.conflicts]).toEqual([changed, conflicts]);
    expect(merged.resource).toMatchObject(JSON.parse(JSON.stringify(site)));
  });

  it('takes each extension for itself', () => {
    const named = (url: string, valueString: string) => ({ url, valueString });
    const was = merge(undefined, place({ extension: [named('a', '1')] }), {});
    const there = { ...was.resource, extension: [named('a', '1'), named('site', 's')] };
    const merged = merge(there, place({ extension: [named('a', '2')] }), was.written);
    expect(merged.resource.extension).toEqual([named('a', '2'), named('site', 's')]);
    expect(merged.changed).toEqual(['extension a']);
  });

  it('closes what is gone', () => {
    expect(closed(place({}))).toMatchObject({ status: 'inactive' });
    expect(closed({ resourceType: 'HealthcareService', id: 'x', active: true })).toMatchObject({
      active: false,
    });
  });
});
