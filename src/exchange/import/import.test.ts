import { gzipSync } from 'node:zlib';
import type { Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import {
  bundle,
  condition,
  type ImportBench,
  ndjson,
  patient,
  post,
  startImportBench,
} from './import.harness.ts';

const none = { created: 0, updated: 0, unchanged: 0, deleted: 0, refused: 0 };
const uuid = (n: number) => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

eachDatabase('hub import', database => {
  let bench: ImportBench;
  beforeAll(async () => {
    bench = await startImportBench(database);
  });
  afterAll(() => bench.stop());

  const stored = async (name: string, as = bench.loader) => (await as.get(`/${name}`)).json;

  it('loads a transaction whole, with the ids of a client registered for loading, and resolves its references', async () => {
    const entry = [post(condition('t-c1', uuid(1)), uuid(2)), post(patient('t-p1'), uuid(1))];
    const files = { 'patient.json': bundle('transaction', entry) };
    const { counts, entries, types } = await bench.load(files);
    expect(counts).toEqual({ ...none, created: 2 });
    expect(types).toEqual({ Condition: { ...none, created: 1 }, Patient: { ...none, created: 1 } });
    expect(entries).toEqual({ 'patient.json': 2 });
    expect((await stored('Condition/t-c1')).subject.reference).toBe('Patient/t-p1');
    const again = await bench.load(files);
    expect(again).toMatchObject({ counts: none, skipped: ['patient.json'] });
    const restarted = await bench.load(files, { restart: true });
    expect(restarted).toMatchObject({ counts: { ...none, unchanged: 2 }, skipped: [] });
  });

  it('refuses a transaction whole for one bad entry, and says which; mended, it loads', async () => {
    const bad = { ...patient('t-p2'), gender: 'bogus' } as unknown as Resource;
    const entries = (one: Resource) => [
      post(patient('t-p3')),
      post(one),
      post(condition('t-c2', 'Patient/t-p2')),
    ];
    const { counts, refused, because } = await bench.load({ 'a.json': bundle('transaction', entries(bad)) });
    expect(counts).toEqual({ ...none, refused: 3 });
    expect(refused).toEqual([expect.stringMatching(/^Bundle.entry\[1\]: .*gender/)]);
    expect(because).toEqual(['Bundle.entry[0]', 'Bundle.entry[2]']);
    expect((await bench.loader.get('/Patient/t-p3')).status).toBe(404);
    const mended = await bench.load({ 'a.json': bundle('transaction', entries(patient('t-p2'))) });
    expect(mended.counts).toEqual({ ...none, created: 3 });
  });

  it('takes each entry of a batch for itself: puts, posts, conditions and deletions', async () => {
    const known = { identifier: [{ system: 'urn:example:mrn', value: 'b-known' }] };
    const request = (method: 'PUT' | 'DELETE' | 'GET' | 'PATCH', url: string) => ({
      request: { method, url },
    });
    const entry = [
      { resource: patient('b-1'), ...request('PUT', 'Patient/b-1') },
      {
        ...post({ resourceType: 'Patient', ...known } as Resource, uuid(3)),
        request: {
          method: 'POST' as const,
          url: 'Patient',
          ifNoneExist: 'identifier=urn:example:mrn|b-known',
        },
      },
      {
        resource: { resourceType: 'Patient', ...known, active: true } as Resource,
        ...request('PUT', 'Patient?identifier=urn:example:mrn|b-known'),
      },
      { resource: patient('b-2'), ...request('PUT', 'Patient/b-other') },
      post(patient('b-3', { birthDate: 'yesterday' })),
      request('DELETE', 'Patient/b-1'),
      request('GET', 'Patient/b-1'),
      { resource: patient('b-4'), ...request('PATCH', 'Patient/b-4') },
      null as never,
    ];
    const { counts, refused, entries } = await bench.load({ 'batch.json': bundle('batch', entry) });
    expect(refused).toEqual([
      expect.stringMatching(/^Bundle.entry\[3\]: .*"b-other"/),
      expect.stringMatching(/^Bundle.entry\[4\]: Patient.birthDate/),
      expect.stringMatching(/^Bundle.entry\[6\]: .*not GET/),
      expect.stringMatching(/^Bundle.entry\[7\]: .*PATCH/),
      expect.stringMatching(/^Bundle.entry\[8\]: /),
    ]);
    expect(counts).toEqual({ created: 2, updated: 1, unchanged: 0, deleted: 1, refused: 5 });
    expect(entries).toEqual({ 'batch.json': 9 });
  });

  it('resolves fullUrls all over a collection, also where it is written in several commits', async () => {
    const many = Array.from({ length: 250 }, (_, n) => ({
      fullUrl: uuid(1000 + n),
      resource: condition(`c-${n}`, uuid(5000)),
    }));
    const entry = [...many, { fullUrl: uuid(5000), resource: { resourceType: 'Patient' } as Resource }];
    const { counts } = await bench.load({ 'collection.json': bundle('collection', entry) });
    expect(counts).toEqual({ ...none, created: 251 });
    const first = (await stored('Condition/c-0')).subject.reference;
    expect(first).toMatch(/^Patient\/[0-9a-f-]{36}$/);
    expect((await stored('Condition/c-249')).subject.reference).toBe(first);
  });

  it('takes NDJSON and single resources in any order, packed or not, and circles of references', async () => {
    const encounter = (id: string, more: object) =>
      ({ resourceType: 'Encounter', id, status: 'finished', class: { code: 'AMB' }, ...more }) as Resource;
    const files = {
      'a/Condition.ndjson': ndjson(
        condition('n-c1', 'Patient/n-p1', { encounter: { reference: 'Encounter/n-e1' } }),
        condition('n-c2', 'Patient/n-p2', { encounter: { reference: 'Encounter/n-e2' } }),
        condition('n-c3', 'Patient/nowhere'),
        condition('n-c4', 'Patient/n-p1', { evidence: [{ detail: [{ reference: 'Condition/n-c3' }] }] }),
      ),
      'b/Encounter.ndjson.gz': gzipSync(
        ndjson(
          encounter('n-e1', {
            subject: { reference: 'Patient/n-p1' },
            diagnosis: [{ condition: { reference: 'Condition/n-c1' } }],
          }),
          encounter('n-e2', {
            subject: { reference: 'Patient/n-p2' },
            diagnosis: [{ condition: { reference: 'Condition/n-c2' } }],
          }),
        ),
      ),
      'c/Patient-n-p1.json': patient('n-p1', { managingOrganization: { reference: 'Organization/n-o1' } }),
      'c/Patient-n-p2.json.gz': gzipSync(
        JSON.stringify(patient('n-p2', { managingOrganization: { reference: 'Organization/n-o1' } })),
      ),
      'd/organizations.ndjson': ndjson({ resourceType: 'Organization', id: 'n-o1', name: 'Last of all' }),
    };
    const { counts, refused, entries } = await bench.load(files);
    expect(refused).toEqual([
      'line 3: Condition.subject refers to Patient/nowhere, which does not exist here.',
      'line 4: Condition.evidence[0].detail[0] refers to Condition/n-c3, which does not exist here.',
    ]);
    expect(counts).toEqual({ ...none, created: 7, refused: 2 });
    expect(entries['a/Condition.ndjson']).toBe(4);
    const later = await bench.load({ ...files, 'e/Patient.json': patient('nowhere') });
    expect(later.counts).toMatchObject({ created: 5, refused: 0 });
    expect(later.skipped).toHaveLength(4);
    expect(later.entries['a/Condition.ndjson']).toBe(4);
  });

  it('waits also for what a condition selects, in lines and in transactions', async () => {
    const selected = 'Patient?identifier=urn:example:mrn|w-1';
    const { counts } = await bench.load({
      'a.json': bundle('transaction', [post(condition('w-c1', selected)), post(condition('w-c2', selected))]),
      'b.ndjson': ndjson(condition('w-c3', selected)),
      'c.json': patient('w-p1', { identifier: [{ system: 'urn:example:mrn', value: 'w-1' }] }),
    });
    expect(counts).toEqual({ ...none, created: 4 });
    expect((await stored('Condition/w-c2')).subject.reference).toBe('Patient/w-p1');
  });

  it('writes versions of one resource in their order, across files', async () => {
    const named = (family: string) => patient('v-p1', { name: [{ family }] });
    const first = bundle('transaction', [
      post(named('First')),
      ...Array.from({ length: 60 }, (_, n) => post(patient(`v-x${n}`))),
    ]);
    const { counts } = await bench.load({
      'a.json': first,
      'b.ndjson': ndjson(named('Second'), named('Third')),
      'c.json': bundle('transaction', [post(named('Fourth'))]),
    });
    expect(counts).toEqual({ ...none, created: 61, updated: 3 });
    const { entry } = await stored('Patient/v-p1/_history');
    expect(
      entry.map((one: { resource: { name: { family: string }[] } }) => one.resource.name[0]?.family),
    ).toEqual(['Fourth', 'Third', 'Second', 'First']);
  });

  it('starts no bot', async () => {
    const before = await bench.test.hub.store.feed.head();
    await bench.load({ 'quiet.json': patient('q-p1') });
    expect(await bench.test.hub.store.feed.read(before, 10)).toEqual([]);
    await bench.loader.update(patient('q-p1', { active: true }));
    expect(await bench.test.hub.store.feed.read(before, 10)).toHaveLength(1);
  });

  it('gives ids itself for a client that is not registered for loading: the same whenever it comes again', async () => {
    const files = {
      'a.ndjson': ndjson(condition('1', 'Patient/1'), condition('2', 'Patient/1/_history/3')),
      'b.json': bundle('transaction', [
        post(patient('1'), uuid(9)),
        post(condition('3', uuid(9))),
        post(condition('4', 'Patient/1')),
      ]),
    };
    expect((await bench.load(files, { as: 'other' })).counts).toEqual({ ...none, created: 5 });
    const found = (await bench.other.get('/Condition?_sort=_id')).json.entry;
    const subjects = new Set(
      found.map((one: { resource: { subject: { reference: string } } }) =>
        one.resource.subject.reference.replace(/\/_history.*/, ''),
      ),
    );
    expect(found).toHaveLength(4);
    expect([...subjects]).toEqual([
      expect.stringMatching(/^Patient\/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    ]);
    expect((await bench.load(files, { as: 'other', restart: true })).counts).toEqual({
      ...none,
      unchanged: 5,
    });
    const changed = ndjson(
      patient('1', { active: true }),
      ...found.map((one: { resource: object }) => one.resource),
    );
    expect((await bench.load({ 'c.ndjson': changed }, { as: 'other' })).counts).toEqual({
      ...none,
      updated: 1,
      unchanged: 4,
    });
  });

  it('refuses what the client may not do, entry by entry', async () => {
    await bench.test.party('narrow', { scope: 'system/Patient.cruds', loads: true });
    const foreign = {
      resourceType: 'ServiceRequest',
      id: 'r-s',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/r-p' },
      requester: { reference: 'Organization/other' },
    };
    const { refused, counts } = await bench.load({
      'a.ndjson': ndjson(patient('r-p'), foreign, { resourceType: 'Group', id: 'r-g' }),
    });
    expect(refused).toEqual([
      expect.stringMatching(/^line 2: .*does not act for/),
      expect.stringMatching(/^line 3: Group/),
    ]);
    expect(counts).toEqual({ ...none, created: 1, refused: 2 });
    const narrow = await bench.load(
      {
        'a.ndjson': ndjson(
          ...Array.from({ length: 30 }, (_, n) => condition(`r-${n}`, 'Patient/r-p')),
          patient('r-own'),
        ),
      },
      { as: 'narrow' },
    );
    expect(narrow.counts).toEqual({ ...none, created: 1, refused: 30 });
    const taken = await bench.load({ 'a.json': patient('r-p', { active: true }) }, { as: 'other' });
    expect(taken.counts).toEqual({ ...none, created: 1 });
  });

  it('says of each file that is nothing to import why, and goes on', async () => {
    const lines = ['{"resourceType":"Patient","id":"f-1"}', ' \r', 'not json', '[]', '"text"'];
    const more = [
      '{"resourceType":"Nothing"}',
      '{"resourceType":"Patient","id":"f 2"}',
      '{"resourceType":"Patient","id":"f-3"}',
    ];
    const { refused, counts, entries } = await bench.load({
      'a.json': '{"resourceType": "Patient"',
      'b.json': bundle('searchset', []),
      'c.ndjson': Buffer.concat([
        Buffer.from(`${lines.join('\n')}\n`),
        Buffer.from([0xff, 10]),
        Buffer.from(more.join('\n')),
      ]),
      'd.json.gz': 'not packed',
      'e.ndjson.gz': 'not packed',
      'f.json': '',
      'g.json': { resourceType: 'Bundle', type: 'batch', entry: 'none' },
      'h.json': patient('f-4'),
    });
    expect(counts).toEqual({ ...none, created: 3, refused: 12 });
    expect(entries['c.ndjson']).toBe(8);
    const said = [
      /not well-formed JSON \(at character 26\)/,
      /a transaction, a batch or a collection, not "searchset"/,
      /^line 3: The line is not well-formed JSON/,
      /^line 4: There is no resource/,
      /^line 5: There is no resource/,
      /^line 6: The line is not valid UTF-8/,
      /^line 7: There is no resource type "Nothing" in FHIR R4/,
      /^line 8: The id must be 1 to 64 letters/,
      /The file cannot be unpacked/,
      /The file cannot be unpacked/,
      /The file is empty/,
      /Bundle.entry must be an array/,
    ];
    expect(refused).toEqual(said.map(one => expect.stringMatching(one)));
  });
});
