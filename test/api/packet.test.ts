import type {
  Bundle,
  Composition,
  Condition,
  Consent,
  DocumentReference,
  Extension,
  HealthcareService,
  Parameters,
  ParametersParameter,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { written } from '../harness/consents.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { pdfText } from '../harness/pdf-text.ts';
import { fulfill, reference, treatingOrganization } from '../harness/referral.ts';

const base = 'https://warmhandoff.example/fhir';
const items = `${base}/CodeSystem/packet-item`;
const icd = 'http://hl7.org/fhir/sid/icd-10-cm';
const hazard = '<script>alert("Alder & Co")</script>';

const need = (code: string, strength?: string): Extension => ({
  url: `${base}/StructureDefinition/packet-need`,
  extension: [
    { url: 'item', valueCodeableConcept: { coding: [{ system: items, code }], text: code } },
    ...(strength ? [{ url: 'strength', valueCode: strength }] : []),
  ],
});

const gap = (code: string, text?: string, reason = 'to-follow'): Extension => ({
  url: `${base}/StructureDefinition/packet-gap`,
  extension: [
    { url: 'item', valueCodeableConcept: { coding: [{ system: items, code }], text: code } },
    {
      url: 'reason',
      valueCodeableConcept: {
        coding: [{ system: `${base}/CodeSystem/packet-gap-reason`, code: reason }],
        ...(text ? { text } : {}),
      },
    },
  ],
});

/** `item status` of each need of the first service. */
function statuses(answer: { json: unknown }): string[] {
  const [service] = (answer.json as Parameters).parameter ?? [];
  return (service?.part ?? [])
    .filter(({ name }) => name === 'need')
    .map(({ part = [] }) => {
      const value = (name: string): ParametersParameter | undefined => part.find(one => one.name === name);
      return `${value('item')?.valueCodeableConcept?.text} ${value('status')?.valueCode}`;
    })
    .sort();
}

const flag = (answer: { json: unknown }, name: string): boolean | undefined =>
  (answer.json as Parameters).parameter?.[0]?.part?.find(one => one.name === name)?.valueBoolean;

eachDatabase('the packet', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let stranger: Party;
  let service: HealthcareService & { id: string };
  let patient: Resource & { id: string };
  let opioid: Condition & { id: string };
  let summary: DocumentReference & { id: string };
  let request: ServiceRequest & { id: string };
  let task: Task & { id: string };

  const print = async (by: Party, id: string, accept: string) => {
    const response = await fetch(`${hub.url}/fhir/ServiceRequest/${id}/$packet`, {
      headers: { Authorization: `Bearer ${by.token}`, Accept: accept },
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      headers: response.headers,
      body: Buffer.from(await response.arrayBuffer()),
    };
  };
  const everyForm = async (by: Party) => {
    const [bundle, xml, page, pdf] = await Promise.all(
      ['application/fhir+json', 'application/fhir+xml', 'text/html', 'application/pdf'].map(one =>
        print(by, request.id, one),
      ),
    );
    if (!bundle || !xml || !page || !pdf) throw new Error('four were asked for');
    expect([bundle, xml, page, pdf].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    return {
      bundle: bundle.body.toString(),
      xml: xml.body.toString(),
      page: page.body.toString(),
      pdf: `${pdfText(pdf.body)} ${pdf.body.toString('latin1')}`,
    };
  };
  const send = (extension: Extension[] = []) =>
    hospital.request('POST', '/Task', {
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: fulfill,
      focus: reference(request),
      for: reference(patient),
      requester: { reference: hospital.organization },
      owner: reference(service),
      ...(extension.length ? { extension } : {}),
    });

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_LOG: 'silent' });
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
    service = await center.create<HealthcareService>({
      resourceType: 'HealthcareService',
      active: true,
      name: 'Intake',
      providedBy: { reference: center.organization },
      extension: [
        need('reason'),
        need('problems'),
        need('discharge-summary'),
        need('risk'),
        need('allergies', 'welcome'),
      ],
    });
    patient = await hospital.create({
      resourceType: 'Patient',
      name: [{ family: 'Alder', given: ['Robin'] }],
      birthDate: '1988-08-08',
    });
    const about = { subject: reference(patient) };
    const plain = await hospital.create<Condition>({
      resourceType: 'Condition',
      ...about,
      code: { coding: [{ system: icd, code: 'F33.1', display: 'Depression, recurrent' }], text: hazard },
    });
    opioid = await hospital.create<Condition>({
      resourceType: 'Condition',
      ...about,
      code: { coding: [{ system: icd, code: 'F11.20', display: 'Opioid dependence' }] },
    });
    summary = await hospital.create<DocumentReference>({
      resourceType: 'DocumentReference',
      status: 'current',
      ...about,
      type: { coding: [{ system: 'http://loinc.org', code: '18842-5', display: 'Discharge summary' }] },
      content: [
        {
          attachment: {
            contentType: 'text/plain',
            data: Buffer.from('Sleeps well again').toString('base64'),
          },
        },
      ],
    });
    request = await hospital.create<ServiceRequest>({
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject: reference(patient),
      requester: { reference: hospital.organization },
      code: { text: 'Case management' },
      reasonReference: [reference(plain), { ...reference(opioid), display: 'Opioid dependence' }],
    });
  });

  afterAll(() => hub.stop());

  it('tells the sender what is missing before anything is sent, also of a request that is not there yet', async () => {
    const { id: _, meta: __, ...wouldBe } = request;
    const parameter = [
      { name: 'request', resource: wouldBe },
      { name: 'service', valueReference: reference(service) },
    ];
    const asked = await hospital.request('POST', '/ServiceRequest/$packet-check', {
      resourceType: 'Parameters',
      parameter,
    });
    expect(asked.status, asked.text).toBe(200);
    expect(statuses(asked)).toEqual([
      'allergies missing',
      'discharge-summary held',
      'problems attached',
      'reason attached',
      'risk missing',
    ]);
    expect([flag(asked, 'complete'), flag(asked, 'sendable')]).toEqual([false, true]);
    const known = await hospital.get(`/ServiceRequest/${request.id}/$packet-check?service=${service.id}`);
    expect(statuses(known)).toEqual(statuses(asked));
  });

  it('is told of nobody whom the asker does not know', async () => {
    const asked = await stranger.get(`/ServiceRequest/${request.id}/$packet-check?service=${service.id}`);
    expect(asked.status).toBe(404);
    const forAnother = await stranger.request('POST', '/ServiceRequest/$packet-check', {
      resourceType: 'Parameters',
      parameter: [{ name: 'request', resource: { ...request, id: undefined } }],
    });
    expect(forAnother.status).toBe(404);
  });

  it('refuses needs that nothing could be, and says which there are', async () => {
    const refused = async (...extension: Extension[]) => {
      const answer = await center.request('PUT', `/HealthcareService/${service.id}`, {
        ...service,
        extension: [...(service.extension ?? []), ...extension],
      });
      return [answer.status, answer.json.issue?.[0].expression, answer.json.issue?.[0].details.text];
    };
    const place = ['HealthcareService.extension[5]'];
    expect(await refused(need('risks'))).toEqual([422, place, expect.stringContaining('it has reason,')]);
    const nothing = { ...need('risk'), extension: [{ url: 'strength', valueCode: 'required' }] };
    expect(await refused(nothing)).toEqual([422, place, expect.stringContaining('an item, or')]);
  });

  it('refuses to send without, says what would be right, and takes one supplied and a reason for the other', async () => {
    const refused = await send();
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('\\"discharge-summary\\" is missing');
    expect(refused.text).toContain('\\"risk\\" is missing');
    expect((await send([gap('risk', 'Asked for')])).status).toBe(422);
    await hospital.update({ ...request, supportingInfo: [reference(summary)] });
    expect((await send([gap('risk')])).status, 'a code without words').toBe(422);
    const invented = await send([gap('risk', 'It is late', 'because')]);
    expect([invented.status, invented.text]).toEqual([
      422,
      expect.stringContaining('(not-available, to-follow,'),
    ]);
    const sent = await send([
      gap('risk', 'The screening is done tomorrow.'),
      gap('coverage', 'Nobody asked'),
    ]);
    expect(sent.status, sent.text).toBe(201);
    task = sent.json as Task & { id: string };
  });

  it('shows the receiver both: what came and what did not, and why', async () => {
    const seen = (await center.get(`/Task/${task.id}`)).json as Task;
    const gaps = (seen.extension ?? []).filter(({ url }) => url.endsWith('/packet-gap'));
    expect(gaps).toEqual([gap('risk', 'The screening is done tomorrow.')]);
    expect((await center.get(`/DocumentReference/${summary.id}`)).status).toBe(200);
    const { page } = await everyForm(center);
    expect(page).toContain('risk: The screening is done tomorrow.');
    expect(page).toContain('Sleeps well again');
  });

  it('keeps what was missing whoever writes the Task, and marks what is added', async () => {
    const seen = (await center.get(`/Task/${task.id}`)).json as Task;
    const accepted = await center.update({
      ...seen,
      status: 'accepted',
      extension: [gap('risk', 'Changed')],
    });
    expect(accepted.status, accepted.text).toBe(200);
    expect(JSON.stringify((accepted.json as Task).extension)).toContain('The screening is done tomorrow.');
    expect(accepted.text).not.toContain('Changed');
    const screening = await hospital.create<Resource>({
      resourceType: 'Observation',
      status: 'final',
      subject: reference(patient),
      code: { coding: [{ system: 'http://loinc.org', code: '93374-7' }] },
      valueString: 'Low',
    } as Resource);
    const mine = (await hospital.get(`/Task/${task.id}`)).json as Task;
    const input = [{ type: { text: 'Screening' }, valueReference: reference(screening) }];
    const added = await hospital.update({ ...mine, input });
    expect(added.status, added.text).toBe(200);
    expect(JSON.stringify((added.json as Task).extension)).toContain('"supplied"');
  });

  it('goes with the sender’s reasons to whom the hub asks in its name, and is never held up', async () => {
    const asked = await hub.party('asked', { organization: treatingOrganization });
    const type = [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '279' }] },
    ];
    await asked.create<HealthcareService>({
      resourceType: 'HealthcareService',
      active: true,
      name: 'Case management',
      type,
      providedBy: { reference: asked.organization },
      extension: [need('risk'), need('coverage', 'required')],
    });
    const { id: _, meta: __, ...same } = request;
    const another = await hospital.create<ServiceRequest>({ ...same, code: type[0] ?? {} });
    const sent = await hospital.create<Task>({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: fulfill,
      focus: reference(another),
      for: reference(patient),
      requester: { reference: hospital.organization },
      owner: { reference: 'Organization/hub' },
      extension: [gap('risk', 'Nobody was there to ask.')],
    });
    expect(JSON.stringify(sent.extension)).toContain('Nobody was there to ask.');
    await hub.settle();
    const offers = (await asked.get('/Task?owner=Organization/asked')).json as Bundle;
    const told = JSON.stringify((offers.entry?.[0]?.resource as Task | undefined)?.extension);
    expect(told).toContain('Nobody was there to ask.');
    expect(told).toContain('"code":"coverage"');
  });

  it('is a document: a Composition, then everything that it refers to', async () => {
    const { bundle, xml } = await everyForm(hospital);
    const document = JSON.parse(bundle) as Bundle;
    expect(document.type).toBe('document');
    expect(document.timestamp).toBe(hub.clock.now().toISOString());
    expect(document.identifier?.value).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/);
    const [first, ...others] = (document.entry ?? []).map(({ resource }) => resource);
    const composition = first as Composition;
    expect(composition.resourceType).toBe('Composition');
    const present = new Set(others.map(one => `${one?.resourceType}/${one?.id}`));
    const named = [composition.subject, ...composition.author];
    for (const section of composition.section ?? []) named.push(...(section.entry ?? []));
    for (const one of named) expect(present).toContain(one?.reference);
    expect(composition.section?.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Reason for referral', 'Coverage', 'Problems', 'Risk', 'Discharge summary']),
    );
    const valid = await hospital.request('POST', '/Bundle/$validate', document);
    expect(valid.text).not.toContain('"severity":"error"');
    expect(xml).toContain('<Composition');
  });

  it('is read with nothing in it that runs', async () => {
    const page = await print(hospital, request.id, 'text/html');
    expect(page.type).toBe('text/html; charset=utf-8');
    expect(page.body.toString()).toContain('&lt;script&gt;');
    expect(page.body.toString()).not.toContain('<script');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const pdf = await print(hospital, request.id, 'application/pdf');
    expect(pdf.body.subarray(0, 8).toString()).toBe('%PDF-1.7');
    expect(pdfText(pdf.body)).toContain('Robin Alder');
    const raw = pdf.body.toString('latin1');
    expect(raw).toContain('/Lang (en-US)');
    expect(raw).toContain('/Marked true');
    expect((await print(hospital, request.id, 'application/pdf')).body.equals(pdf.body), 'the same').toBe(
      true,
    );
    const asked = await hospital.get(`/ServiceRequest/${request.id}/$packet?_format=text/html`);
    expect(asked.text).toContain('<!doctype html>');
    expect((await hospital.get(`/ServiceRequest/${request.id}?_format=text/html`)).status).toBe(406);
    const picture = await print(hospital, request.id, 'image/png');
    expect([picture.status, picture.body.toString()]).toEqual([
      406,
      expect.stringContaining('or text/html or application/pdf, not in'),
    ]);
  });

  describe('without consent, substance use', () => {
    const traces = ['pioid', 'F11.20'];

    it('is in no form of the packet, and is counted', async () => {
      const own = await everyForm(hospital);
      for (const text of Object.values(own)) expect(text).toContain('pioid');
      const theirs = await everyForm(center);
      for (const [form, text] of Object.entries(theirs)) {
        for (const trace of [...traces, opioid.id]) expect(text, form).not.toContain(trace);
        expect(text, form).toContain('One attachment is not part of this packet');
      }
    });

    it('is there once the person has agreed, with the notice and the consent it rests on', async () => {
      const { id: _, ...agreed } = written();
      const consent = await hospital.create<Consent>({ ...agreed, patient: reference(patient) });
      const theirs = await everyForm(center);
      for (const [form, text] of Object.entries(theirs)) {
        expect(text, form).toContain('pioid');
        expect(text.replaceAll('\n', ' '), form).toContain('42 CFR part 2');
        expect(text, form).toContain(`Consent/${consent.id}`);
        expect(text, form).not.toContain('not part of this packet: it');
      }
      expect((JSON.parse(theirs.bundle) as Bundle).meta?.security?.map(({ code }) => code)).toEqual(
        expect.arrayContaining(['R', 'SUD', 'NORDSCLCD']),
      );
      const page = await print(center, request.id, 'text/html');
      expect(page.headers.get('disclosure-notice')).toContain('42 CFR part 2');
    });
  });
});
