import type { Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const milan: Patient = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:example:mrn', value: 'A-1' }],
  name: [{ family: 'Östberg', given: ['Milan'] }],
  gender: 'male',
  birthDate: '1980-02-29',
};

eachDatabase('FHIR interactions', database => {
  let hub: TestHub;
  let hospital: Party;
  let loader: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital');
    loader = await hub.party('loader', { loads: true });
  });
  afterAll(() => hub.stop());

  it('creates, with Location, ETag and Last-Modified', async () => {
    const answer = await hospital.request('POST', '/Patient', milan);
    expect(answer.status).toBe(201);
    const { id, meta } = answer.json;
    expect(answer.headers.get('location')).toBe(`${hub.url}/fhir/Patient/${id}/_history/1`);
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(answer.headers.get('last-modified')).toBe(new Date(meta.lastUpdated).toUTCString());
    expect(answer.headers.get('content-type')).toContain('application/fhir+json');
    expect(meta.versionId).toBe('1');
  });

  it('gives ids itself: a sent id, version or time is not taken over', async () => {
    const sent = {
      ...milan,
      id: 'mine',
      meta: { versionId: '77', lastUpdated: '1999-01-01T00:00:00Z', tag: [{ code: 'kept' }] },
    };
    const { id, meta } = await hospital.create(sent);
    expect(id).not.toBe('mine');
    expect(meta).toMatchObject({ versionId: '1', tag: [{ code: 'kept' }] });
    expect(meta?.lastUpdated).not.toContain('1999');
  });

  it('reads the very bytes that were answered to the create, and 304 when they are known', async () => {
    const made = await hospital.request('POST', '/Patient', milan);
    const read = await hospital.get(`/Patient/${made.json.id}`);
    expect(read.status).toBe(200);
    expect(read.text).toBe(made.text);
    const again = await hospital.request('GET', `/Patient/${made.json.id}`, undefined, {
      'If-None-Match': 'W/"1"',
    });
    expect([again.status, again.text]).toEqual([304, '']);
    const head = await hospital.request('HEAD', `/Patient/${made.json.id}`);
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', 'W/"1"']);
  });

  it('updates to a new version; an identical update keeps the version', async () => {
    const made = await hospital.create(milan);
    const changed = await hospital.update({ ...made, gender: 'other' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, 'W/"2"']);
    const same = await hospital.update({ ...made, gender: 'other' });
    expect([same.status, same.headers.get('etag')]).toEqual([200, 'W/"2"']);
    const old = await hospital.get(`/Patient/${made.id}/_history/1`);
    expect(old.json.gender).toBe('male');
  });

  it('honors If-Match: a stale version is refused and changes nothing', async () => {
    const made = await hospital.create(milan);
    await hospital.update({ ...made, gender: 'other' });
    const stale = await hospital.request(
      'PUT',
      `/Patient/${made.id}`,
      { ...made, gender: 'female' },
      { 'If-Match': 'W/"1"' },
    );
    expect(stale.status).toBe(412);
    expect(stale.json.issue[0].details.text).toContain('version 2');
    const right = await hospital.request(
      'PUT',
      `/Patient/${made.id}`,
      { ...made, gender: 'female' },
      { 'If-Match': 'W/"2"' },
    );
    expect([right.status, right.json.meta.versionId]).toEqual([200, '3']);
  });

  it('patches with JSON Patch and with FHIRPath Patch', async () => {
    const made = await hospital.create(milan);
    const json = await hospital.request(
      'PATCH',
      `/Patient/${made.id}`,
      [{ op: 'replace', path: '/gender', value: 'unknown' }],
      {
        'Content-Type': 'application/json-patch+json',
      },
    );
    expect([json.status, json.json.gender]).toEqual([200, 'unknown']);
    const part = (name: string, value: object) => ({ name, ...value });
    const parameters = {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            part('type', { valueCode: 'replace' }),
            part('path', { valueString: 'Patient.birthDate' }),
            part('value', { valueDate: '1981-01-01' }),
          ],
        },
      ],
    };
    const fhirPath = await hospital.request('PATCH', `/Patient/${made.id}`, parameters);
    expect([fhirPath.status, fhirPath.json.birthDate]).toEqual([200, '1981-01-01']);
    const test = [{ op: 'test', path: '/gender', value: 'male' }];
    const failed = await hospital.request('PATCH', `/Patient/${made.id}`, test, {
      'Content-Type': 'application/json-patch+json',
    });
    expect(failed.status).toBe(422);
  });

  it('deletes: then 410, with history, and a search without it', async () => {
    const made = await hospital.create({
      ...milan,
      identifier: [{ system: 'urn:example:mrn', value: 'gone' }],
    });
    expect((await hospital.request('DELETE', `/Patient/${made.id}`)).status).toBe(204);
    expect((await hospital.get(`/Patient/${made.id}`)).status).toBe(410);
    expect((await hospital.get(`/Patient/${made.id}/_history/2`)).status).toBe(410);
    expect((await hospital.get(`/Patient/${made.id}/_history/1`)).status).toBe(200);
    const history = await hospital.get(`/Patient/${made.id}/_history`);
    expect(history.json.entry.map((entry: { request: { method: string } }) => entry.request.method)).toEqual([
      'DELETE',
      'POST',
    ]);
    expect((await hospital.get('/Patient?identifier=gone')).json.entry).toBeUndefined();
    expect((await hospital.request('DELETE', `/Patient/${made.id}`)).status).toBe(204);
  });

  it('does not delete what others refer to', async () => {
    const patient = await hospital.create(milan);
    const condition = await hospital.create({
      resourceType: 'Condition',
      subject: { reference: `Patient/${patient.id}` },
    });
    expect((await hospital.request('DELETE', `/Patient/${patient.id}`)).status).toBe(409);
    expect((await hospital.request('DELETE', `/Condition/${condition.id}`)).status).toBe(204);
    expect((await hospital.request('DELETE', `/Patient/${patient.id}`)).status).toBe(204);
  });

  it('does not delete what a Task names as its output, and finds the Task by it', async () => {
    const patient = await hospital.create(milan);
    const subject = { reference: `Patient/${patient.id}` };
    const procedure = await hospital.create({ resourceType: 'Procedure', status: 'completed', subject });
    const valueReference = { reference: `Procedure/${procedure.id}` };
    const task = await hospital.create({
      resourceType: 'Task',
      status: 'completed',
      intent: 'order',
      output: [{ type: { text: 'outcome' }, valueReference }],
    });
    expect((await hospital.request('DELETE', `/Procedure/${procedure.id}`)).status).toBe(409);
    const found = await hospital.get(`/Task?output=Procedure/${procedure.id}&_include=Task:output`);
    const ids = found.json.entry.map((entry: { resource: { id: string } }) => entry.resource.id);
    expect(ids).toEqual([task.id, procedure.id]);
  });

  it('answers histories of a resource, a type and the system, page by page', async () => {
    const made = await hospital.create(milan);
    for (const gender of ['female', 'other', 'unknown'] as const) await hospital.update({ ...made, gender });
    const first = await hospital.get(`/Patient/${made.id}/_history?_count=3`);
    expect(first.json.type).toBe('history');
    expect(first.json.entry.map((entry: { resource: Patient }) => entry.resource.meta?.versionId)).toEqual([
      '4',
      '3',
      '2',
    ]);
    const next = first.json.link
      .find((link: { relation: string }) => link.relation === 'next')
      .url.slice(`${hub.url}/fhir`.length);
    const second = await hospital.get(next);
    expect(second.json.entry.map((entry: { resource: Patient }) => entry.resource.meta?.versionId)).toEqual([
      '1',
    ]);
    expect(second.json.link.some((link: { relation: string }) => link.relation === 'next')).toBe(false);
    expect((await hospital.get('/Patient/_history?_count=2')).json.entry).toHaveLength(2);
    expect((await hospital.get('/_history?_count=2')).json.entry).toHaveLength(2);
    expect((await hospital.get('/Patient/_history?_since=2999-01-01T00:00:00Z')).json.entry).toBeUndefined();
  });

  it('creates, updates and deletes on a condition', async () => {
    const header = { 'If-None-Exist': 'identifier=urn:example:mrn|cond' };
    const person = { ...milan, identifier: [{ system: 'urn:example:mrn', value: 'cond' }] };
    const first = await hospital.request('POST', '/Patient', person, header);
    const second = await hospital.request('POST', '/Patient', person, header);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json.id).toBe(first.json.id);
    const updated = await hospital.request('PUT', '/Patient?identifier=urn:example:mrn|cond', {
      ...person,
      gender: 'other',
    });
    expect([updated.status, updated.json.id, updated.json.gender]).toEqual([200, first.json.id, 'other']);
    const created = await hospital.request('PUT', '/Patient?identifier=urn:example:mrn|new', {
      ...person,
      identifier: [{ system: 'urn:example:mrn', value: 'new' }],
    });
    expect(created.status).toBe(201);
    expect((await hospital.request('DELETE', '/Patient?identifier=urn:example:mrn|new')).status).toBe(204);
    expect((await hospital.request('DELETE', '/Patient?identifier=urn:example:mrn|new')).status).toBe(404);
    await hospital.create(person);
    const many = await hospital.request('POST', '/Patient', person, header);
    expect([many.status, many.json.issue[0].code]).toEqual([412, 'conflict']);
  });

  it('answers as preferred: minimal, representation, OperationOutcome', async () => {
    const prefer = (value: string) =>
      hospital.request('POST', '/Patient', milan, { Prefer: `return=${value}` });
    const minimal = await prefer('minimal');
    expect([minimal.status, minimal.text]).toEqual([201, '']);
    expect((await prefer('representation')).json.resourceType).toBe('Patient');
    expect((await prefer('OperationOutcome')).json.resourceType).toBe('OperationOutcome');
  });

  it('lets only a client registered for loading choose ids', async () => {
    const put = (party: Party) => party.request('PUT', '/Patient/chosen-1', { ...milan, id: 'chosen-1' });
    expect((await put(hospital)).status).toBe(404);
    expect((await put(loader)).status).toBe(201);
    expect((await put(hospital)).status).toBe(404);
    const other = await hub.party(`loader-2-${database.name}`, { loads: true });
    expect((await put(other)).status).toBe(409);
  });

  it('says what it can do, to anyone', async () => {
    const response = await fetch(`${hub.url}/fhir/metadata`);
    const statement = await response.json();
    expect(statement.fhirVersion).toBe('4.0.1');
    expect(statement.implementation.custodian.reference).toBe('Organization/hub');
    const task = statement.rest[0].resource.find((one: { type: string }) => one.type === 'Task');
    expect(task.searchParam.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['owner', 'focus', 'status', '_id']),
    );
    expect(task.searchRevInclude.length).toBeGreaterThan(0);
  });

  it('compresses what is large, for who asks', async () => {
    const answer = await hospital.request('GET', '/metadata', undefined, { 'Accept-Encoding': 'gzip' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
  });
});
