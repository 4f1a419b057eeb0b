import { MedplumClient } from '@medplum/core';
import type { Bundle, Patient } from '@medplum/fhirtypes';
import { Client as FhirKitClient } from 'fhir-kit-client';
import smart from 'fhirclient';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

/** What each library is asked to do; the answers are resources and Bundles as it gives them. */
interface Library {
  create(resource: Patient): Promise<Patient>;
  read(id: string): Promise<Patient>;
  update(resource: Patient): Promise<Patient>;
  /** Sets the gender with a JSON Patch. */
  patch(id: string, gender: string): Promise<Patient>;
  /** All matches, page by page. */
  pages(query: Record<string, string>): Promise<Patient[][]>;
  bundle(bundle: Bundle): Promise<Bundle>;
}

const operation = (gender: string) => [{ op: 'add' as const, path: '/gender', value: gender }];
const patientsOf = (bundle: Bundle): Patient[] =>
  (bundle.entry ?? []).flatMap(entry => (entry.resource?.resourceType === 'Patient' ? [entry.resource] : []));

type Connect = (url: string, token: string) => Library;

/** https://github.com/Vermonster/fhir-kit-client */
const fhirKitClient: Connect = (url, token) => {
  const client = new FhirKitClient({ baseUrl: `${url}/fhir`, bearerToken: token });
  const resourceType = 'Patient';
  return {
    create: async body => (await client.create({ resourceType, body: body as never })) as Patient,
    read: async id => (await client.read({ resourceType, id })) as Patient,
    update: async body =>
      (await client.update({ resourceType, id: body.id ?? '', body: body as never })) as Patient,
    patch: async (id, gender) =>
      (await client.patch({ resourceType, id, jsonPatch: operation(gender) })) as Patient,
    async pages(searchParams) {
      const pages: Patient[][] = [];
      let page = (await client.search({ resourceType, searchParams })) as unknown as Bundle | undefined;
      while (page) {
        pages.push(patientsOf(page));
        page = (await client.nextPage({ bundle: page as never })) as unknown as Bundle | undefined;
      }
      return pages;
    },
    bundle: async body =>
      (body.type === 'batch'
        ? await client.batch({ body: body as never })
        : await client.transaction({ body: body as never })) as unknown as Bundle,
  };
};

/** https://github.com/smart-on-fhir/client-js */
const fhirclient: Connect = (url, token) => {
  const client = smart({} as never, {} as never).client({
    serverUrl: `${url}/fhir`,
    tokenResponse: { access_token: token, token_type: 'bearer' },
  } as never);
  return {
    create: async resource => client.create<Patient>(resource as never),
    read: async id => client.request<Patient>(`Patient/${id}`),
    update: async resource => client.update<Patient>(resource as never),
    patch: async (id, gender) => client.patch<Patient>(`Patient/${id}`, operation(gender) as never),
    async pages(query) {
      const pages: Patient[][] = [];
      await client.request(`Patient?${new URLSearchParams(query)}`, {
        pageLimit: 0,
        onPage: (page: unknown) => void pages.push(patientsOf(page as Bundle)),
      } as never);
      return pages;
    },
    bundle: async body =>
      client.request<Bundle>({
        url: '',
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/fhir+json' },
      }),
  };
};

/** https://www.medplum.com/docs/sdk */
const medplumClient: Connect = (url, token) => {
  const client = new MedplumClient({ baseUrl: url, fhirUrlPath: 'fhir', cacheTime: 0, autoBatchTime: 0 });
  client.setAccessToken(token);
  return {
    create: resource => client.createResource(resource),
    read: id => client.readResource('Patient', id),
    update: resource => client.updateResource({ ...resource, id: resource.id ?? '' }),
    patch: (id, gender) => client.patchResource('Patient', id, operation(gender)),
    async pages(query) {
      const pages: Patient[][] = [];
      for await (const page of client.searchResourcePages('Patient', query)) pages.push([...page]);
      return pages;
    },
    bundle: body => client.executeBatch(body),
  };
};

eachDatabase('client libraries', database => {
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital');
  });
  afterAll(() => hub.stop());

  describe.each([
    ['fhir-kit-client', fhirKitClient],
    ['fhirclient', fhirclient],
    ['MedplumClient', medplumClient],
  ])('%s', (name, connect) => {
    const system = `urn:example:${name}`;
    const person = (value: string): Patient => ({
      resourceType: 'Patient',
      identifier: [{ system, value }],
      name: [{ family: 'Alder' }],
    });

    it('creates, reads, updates, patches', async () => {
      const library = connect(hub.url, hospital.token);
      const made = await library.create(person('one'));
      expect(made).toMatchObject({ ...person('one'), meta: { versionId: '1' } });
      const id = made.id ?? '';
      expect(await library.read(id)).toEqual(made);
      const updated = await library.update({ ...made, birthDate: '1980-02-29' });
      expect(updated).toMatchObject({ id, birthDate: '1980-02-29', meta: { versionId: '2' } });
      expect(await library.patch(id, 'other')).toMatchObject({
        id,
        gender: 'other',
        meta: { versionId: '3' },
      });
    });

    it('searches page by page', async () => {
      const library = connect(hub.url, hospital.token);
      for (const value of ['a', 'b', 'c', 'd', 'e']) await library.create(person(`page-${value}`));
      const asked = {
        identifier: ['a', 'b', 'c', 'd', 'e'].map(value => `${system}|page-${value}`).join(','),
      };
      const pages = await library.pages({ ...asked, _count: '2', _sort: 'identifier' });
      const values = pages.map(page => page.map(one => one.identifier?.[0]?.value));
      expect(values).toEqual([['page-a', 'page-b'], ['page-c', 'page-d'], ['page-e']]);
    });

    it('sends a batch, of which the good part is done, and a transaction, whole', async () => {
      const library = connect(hub.url, hospital.token);
      const post = (value: string, more: object = {}) => ({
        resource: { ...person(value), ...more },
        request: { method: 'POST' as const, url: 'Patient' },
      });
      const batch = await library.bundle({
        resourceType: 'Bundle',
        type: 'batch',
        entry: [post('good'), post('bad', { gender: 'bogus' })],
      });
      expect(batch.entry?.map(entry => entry.response?.status.slice(0, 3))).toEqual(['201', '400']);
      const fullUrl = 'urn:uuid:00000000-0000-4000-8000-000000000001';
      const transaction = await library.bundle({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          {
            resource: { resourceType: 'Condition', subject: { reference: fullUrl }, code: { text: name } },
            request: { method: 'POST', url: 'Condition' },
          },
          { fullUrl, ...post('whole') },
        ],
      });
      expect(transaction.entry?.map(entry => entry.response?.status)).toEqual(['201 Created', '201 Created']);
      const found = await hospital.get(`/Condition?patient.identifier=${system}|whole`);
      expect(found.json.entry).toHaveLength(1);
    });
  });
});
