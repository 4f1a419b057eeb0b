import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Binary, DocumentReference, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { communityOrganization, type Referral, refer, treatingOrganization } from '../harness/referral.ts';
import { call, ref, text } from './calls.ts';

const pdf = (content: string): Binary => ({
  resourceType: 'Binary',
  contentType: 'application/pdf',
  data: Buffer.from(content).toString('base64'),
});

eachDatabase('documents of a referral', database => {
  let hub: TestHub;
  let hospital: Party;
  let shelter: Party;
  let stranger: Party;
  let referral: Referral;
  let scanner: Server;
  let asked = 0;

  beforeAll(async () => {
    scanner = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        asked++;
        const content = Buffer.concat(chunks).toString();
        const status = content.includes('virus') ? 422 : content.includes('silent') ? 500 : 204;
        response.writeHead(status, { 'Content-Type': 'text/plain' });
        response.end(status === 422 ? 'Eicar-Test-Signature\nmore' : undefined);
      });
    });
    await new Promise<void>(done => void scanner.listen(0, '127.0.0.1', done));
    const { port } = scanner.address() as AddressInfo;
    hub = await startTestHub(database, {
      HUB_SCAN_URL: `http://127.0.0.1:${port}/scan`,
      HUB_MAX_DOCUMENT_MB: '0.01',
    });
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    shelter = await hub.party('shelter', { organization: communityOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
    referral = await refer(hospital, shelter.organization);
  });
  afterAll(async () => {
    await hub.stop();
    await new Promise(done => scanner.close(done));
  });

  const document = (party: Party, binary: string, more: Partial<DocumentReference> = {}) =>
    party.create<DocumentReference>({
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment: { contentType: 'application/pdf', url: `Binary/${binary}` } }],
      ...more,
    });

  it('are read by both parties and not by a third: attached by the sender, reported by the receiver', async () => {
    const file = await hospital.create<Binary>(pdf('discharge summary'));
    expect((await shelter.get(`/Binary/${file.id}`)).status).toBe(404);
    const summary = await document(hospital, file.id, {
      subject: { reference: `Patient/${referral.patient.id}` },
    });
    expect((await shelter.get(`/Binary/${file.id}`)).status).toBe(404);
    await call(shelter, referral.task.id, 'ask', text('text', 'Is there a summary?'));
    const answer = await call(
      hospital,
      referral.task.id,
      'answer',
      text('text', 'Here it is.'),
      ref('document', `DocumentReference/${summary.id}`),
    );
    expect(answer.status, answer.text).toBe(200);
    expect((await shelter.get(`/Binary/${file.id}`)).json.data).toBe(file.data);
    expect((await stranger.get(`/Binary/${file.id}`)).status).toBe(404);

    const report = await shelter.create<Binary>(pdf('moved in'));
    const outcome = await document(shelter, report.id);
    await call(shelter, referral.task.id, 'accept');
    const done = await call(
      shelter,
      referral.task.id,
      'complete',
      { name: 'closure', valueCode: 'engaged' },
      { name: 'received', valueCode: 'yes' },
      ref('output', `DocumentReference/${outcome.id}`),
    );
    expect((done.json as Task).output?.[0]?.valueReference?.reference, done.text).toBe(
      `DocumentReference/${outcome.id}`,
    );
    expect((await hospital.get(`/Binary/${report.id}`)).json.data).toBe(report.data);
    expect((await stranger.get(`/Binary/${report.id}`)).status).toBe(404);
  });

  it('nobody opens a file by naming it in a document of their own', async () => {
    const file = await hospital.create<Binary>(pdf('of the hospital'));
    await document(stranger, file.id);
    expect((await stranger.get(`/Binary/${file.id}`)).status).toBe(404);
  });

  it('a document that a consent does not clear takes its file with it', async () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }];
    const file = await hospital.create<Binary>(pdf('program records'));
    const labelled = await document(hospital, file.id, {
      meta: { security },
      subject: { reference: `Patient/${referral.patient.id}` },
    });
    const other = await refer(hospital, shelter.organization, {
      request: { supportingInfo: [{ reference: `DocumentReference/${labelled.id}` }] },
    });
    expect((await shelter.get(`/ServiceRequest/${other.request.id}`)).status).toBe(200);
    expect((await shelter.get(`/DocumentReference/${labelled.id}`)).status).toBe(404);
    expect((await shelter.get(`/Binary/${file.id}`)).status).toBe(404);
    // A second document without the label does not open a file that carries it itself.
    const marked = await hospital.create<Binary>({ ...pdf('marked itself'), meta: { security } });
    const plain = await document(hospital, marked.id);
    await refer(hospital, shelter.organization, {
      request: { supportingInfo: [{ reference: `DocumentReference/${plain.id}` }] },
    });
    expect((await shelter.get(`/DocumentReference/${plain.id}`)).status).toBe(200);
    expect((await shelter.get(`/Binary/${marked.id}`)).status).toBe(404);
  });

  it.each<[string, Binary | DocumentReference, number, RegExp]>([
    ['a virus', pdf('a virus'), 422, /The file is not taken: Eicar-Test-Signature$/],
    ['a scanner that does not answer', pdf('silent'), 503, /try again later/],
    ['a file that is too large', pdf('x'.repeat(11_000)), 413, /at most 0.0 MB/],
    [
      'a type that is not taken',
      { ...pdf('MZ'), contentType: 'application/x-msdownload' },
      422,
      /"application\/x-msdownload" are not taken here/,
    ],
    [
      'an attachment inside a document',
      {
        resourceType: 'DocumentReference',
        status: 'current',
        content: [{ attachment: { contentType: 'application/pdf', data: pdf('virus inside').data ?? '' } }],
      },
      422,
      /Eicar/,
    ],
  ])('refuses %s', async (_name, resource, status, message) => {
    const answer = await hospital.request('POST', `/${resource.resourceType}`, resource);
    expect([answer.status, answer.json.issue[0].details.text]).toEqual([
      status,
      expect.stringMatching(message),
    ]);
  });

  it('looks into a file once, however often it is written again', async () => {
    const file = await hospital.create<Binary>(pdf('seen before'));
    const before = asked;
    await hospital.update({ ...file, meta: { tag: [{ system: 'urn:t', code: 'read' }] } } as Binary);
    expect(asked).toBe(before);
  });
});
