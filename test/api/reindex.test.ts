import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, Patient, SearchParameter } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { reindex } from '../../src/fhir/reindex.ts';
import { createHub, type Hub } from '../../src/hub.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const parameter: SearchParameter = {
  resourceType: 'SearchParameter',
  url: 'http://profiles.example/SearchParameter/marital-text',
  name: 'MaritalText',
  status: 'active',
  description: 'Marital status in words',
  code: 'marital-text',
  base: ['Patient'],
  type: 'string',
  expression: 'Patient.maritalStatus.text',
};

const count = 450;

onSqlite('a search parameter that is new', database => {
  let hub: TestHub;
  let hospital: Party;
  let later: Hub;
  let folder: string;

  const patient = (at: number): Patient => ({
    resourceType: 'Patient',
    maritalStatus: { text: at % 2 ? 'Odd' : 'Even' },
  });
  const found = async (value: string): Promise<number> => {
    const query = new URLSearchParams({ 'marital-text': value, _summary: 'count' });
    return (
      (await later.repository({ ...later.hubActor, organization: 'hospital' }).search('Patient', query))
        .total ?? -1
    );
  };

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital');
    const entry = Array.from({ length: count }, (_, at) => ({
      resource: patient(at),
      request: { method: 'POST' as const, url: 'Patient' },
    }));
    const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry };
    expect((await hospital.request('POST', '', bundle)).status).toBe(200);
    folder = await mkdtemp(join(tmpdir(), 'hub-profiles-'));
    await cp(join(import.meta.dirname, '../../profiles'), folder, { recursive: true });
    await writeFile(join(folder, 'marital-text.json'), JSON.stringify(parameter));
    const config = readConfig({
      HUB_DATA: hub.config.data,
      HUB_CACHE: hub.config.cache,
      HUB_ENV: 'test',
      HUB_LOG: 'silent',
      ...(hub.config.databaseUrl ? { HUB_DATABASE_URL: hub.config.databaseUrl } : {}),
    });
    later = await createHub({ config, clock: hub.clock, baseUrl: hub.url, profileFolder: folder });
  });
  afterAll(async () => {
    await later.close();
    await hub.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds what was stored before once it is indexed, in steps that can be stopped, while others write', async () => {
    expect(await found('Odd')).toBe(0);
    const stop = new Error('stopped');
    const stopped = reindex(later.parts, () => {
      throw stop;
    });
    await expect(stopped).rejects.toBe(stop);
    const halfway = (await found('Odd')) + (await found('Even'));
    expect(halfway).toBeGreaterThan(0);
    expect(halfway).toBeLessThan(count);

    const page = await hospital.get('/Patient?_count=300');
    const some = (page.json as Bundle<Patient>).entry?.flatMap(one => one.resource ?? []) ?? [];
    const changes = Promise.all(
      some
        .slice(0, 60)
        .map(one => hospital.update({ ...one, id: one.id ?? '', maritalStatus: { text: 'Changed' } })),
    );
    const steps: number[] = [];
    const [done] = await Promise.all([reindex(later.parts, step => steps.push(step)), changes]);
    expect(done).toBeGreaterThanOrEqual(count);
    expect(steps[0]).toBeGreaterThan(200);
    // Those that the hub of before changed after they were indexed again are found by another run.
    await reindex(later.parts);
    expect([await found('Changed'), (await found('Odd')) + (await found('Even'))]).toEqual([60, count - 60]);
  });

  it('leaves what the other parameters find as it was', async () => {
    await hospital.create({ resourceType: 'Patient', name: [{ family: 'Kept' }], gender: 'other' });
    const made = await hospital.create({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: {
        reference: (await hospital.get('/Patient?name=Kept')).json.entry[0].fullUrl.slice(
          `${hub.url}/fhir/`.length,
        ),
      },
      note: [{ text: 'whispered' }],
    });
    const searches = [
      'Patient?name=kept&gender=other',
      'Observation?patient.name=kept',
      'Observation?_content=whispered',
    ];
    const answers = () =>
      Promise.all(searches.map(async one => (await hospital.get(`/${one}`)).json.entry?.length));
    expect(await answers()).toEqual([1, 1, 1]);
    await reindex(later.parts);
    expect(await answers()).toEqual([1, 1, 1]);
    expect((await hospital.request('DELETE', `/Observation/${made.id}`)).status).toBe(204);
    expect(await answers()).toEqual([1, undefined, undefined]);
  });
});
