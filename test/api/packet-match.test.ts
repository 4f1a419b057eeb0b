import type {
  Bundle,
  Extension,
  HealthcareService,
  Parameters,
  ParametersParameter,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packetExtension, packetSystem } from '../../src/referral/packet/rules.ts';
import { concept, routingSystem, serviceType } from '../../src/referral/routing/codes.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { fulfill, reference, treatingOrganization } from '../harness/referral.ts';

const kind = serviceType('136', 'Case management');

const asks = (code: string, text: string, strength = 'expected'): Extension => ({
  url: packetExtension.need,
  extension: [
    { url: 'item', valueCodeableConcept: { coding: [{ system: packetSystem.item, code }], text } },
    { url: 'strength', valueCode: strength },
  ],
});

onSqlite('what candidates ask for', database => {
  let hub: TestHub;
  let hospital: Party;
  let patient: Resource & { id: string };
  let request: ServiceRequest;
  const services: Record<string, HealthcareService & { id: string }> = {};

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    const offer = async (name: string, ...extension: Extension[]) => {
      const party = await hub.party(name, { organization: { name, ...treatingOrganization } });
      services[name] = await party.create<HealthcareService>({
        resourceType: 'HealthcareService',
        active: true,
        name,
        type: [kind],
        providedBy: { reference: party.organization },
        ...(extension.length ? { extension } : {}),
      });
    };
    await offer('demanding', asks('risk', 'C-SSRS'), asks('problems', 'Problems', 'required'));
    await offer('easy');
    patient = await hospital.create({ resourceType: 'Patient', name: [{ family: 'Alder' }] });
    const condition = await hospital.create({
      resourceType: 'Condition',
      subject: reference(patient),
      code: { text: 'Depression' },
    });
    request = {
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'order',
      subject: reference(patient),
      requester: { reference: hospital.organization },
      code: kind,
      reasonReference: [reference(condition)],
    };
  });
  afterAll(() => hub?.stop());

  /** What a match says of each candidate's packet. */
  function told(answer: { json: unknown }): Record<string, string | undefined> {
    const part = (of: ParametersParameter, name: string) => of.part?.filter(one => one.name === name) ?? [];
    return Object.fromEntries(
      ((answer.json as Parameters).parameter ?? [])
        .filter(({ name }) => name === 'candidate')
        .map(one => [
          part(one, 'service')[0]?.valueReference?.display ?? '',
          part(one, 'reason')
            .map(({ valueString }) => valueString ?? '')
            .find(words => /asks for/i.test(words)),
        ]),
    );
  }

  it('is said of each by a match, for a request that is not stored and for a draft; nobody is excluded', async () => {
    const wouldBe = await hospital.request('POST', '/ServiceRequest/$match', {
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: request }],
    });
    expect(wouldBe.status, wouldBe.text).toBe(200);
    const expected = {
      demanding: 'Asks for C-SSRS (missing).',
      easy: 'Asks for nothing more with a referral.',
    };
    expect(told(wouldBe)).toEqual(expected);
    const draft = await hospital.create<ServiceRequest>(request);
    const stored = await hospital.request('POST', `/ServiceRequest/${draft.id}/$match`);
    expect(told(stored)).toEqual(expected);
  });

  it('is checked for candidates before a draft is sent, with what is held besides', async () => {
    const held = await hospital.create<Resource>({
      resourceType: 'RiskAssessment',
      status: 'final',
      subject: reference(patient),
    } as Resource);
    const draft = await hospital.create<ServiceRequest>(request);
    const ids = [services.demanding?.id, services.easy?.id];
    const asked = await hospital.get(
      `/ServiceRequest/${draft.id}/$packet-check?${ids.map(id => `service=${id}`).join('&')}`,
    );
    expect(asked.status, asked.text).toBe(200);
    const [first, second] = (asked.json as Parameters).parameter ?? [];
    const value = (of: ParametersParameter | undefined, name: string) =>
      of?.part?.find(one => one.name === name)?.valueBoolean;
    expect([value(first, 'complete'), value(first, 'sendable')]).toEqual([false, true]);
    expect([value(second, 'complete'), value(second, 'sendable')]).toEqual([true, true]);
    expect(asked.text).toContain(`RiskAssessment/${held.id}`);
  });

  it('is needed by $submit-referral as by a Task: attached, or with a reason where one is enough', async () => {
    const code = (system: string, value: string) => ({ coding: [{ system, code: value }] });
    const gap = (item: string, text?: string): ParametersParameter => ({
      name: 'gap',
      part: [
        { name: 'item', valueCodeableConcept: code(packetSystem.item, item) },
        {
          name: 'reason',
          valueCodeableConcept: { ...code(packetSystem.gapReason, 'to-follow'), ...(text ? { text } : {}) },
        },
      ],
    });
    const submit = (value: string, ...more: ParametersParameter[]) =>
      hospital.request('POST', '/$submit-referral', {
        resourceType: 'Parameters',
        parameter: [
          { name: 'identifier', valueIdentifier: { system: 'urn:sender', value } },
          { name: 'patient', valueReference: reference(patient) },
          { name: 'recipient', valueReference: { reference: `HealthcareService/${services.demanding?.id}` } },
          { name: 'need', part: [{ name: 'service', valueCodeableConcept: kind }] },
          ...more,
        ],
      });
    const problems = {
      name: 'reason',
      resource: { resourceType: 'Condition', code: { text: 'Depression' } } as Resource,
    };
    const asks = async (value: string, ...more: ParametersParameter[]) => {
      const answer = await submit(value, ...more);
      const texts = ((answer.json.issue ?? []) as { details: { text: string } }[]).map(
        one => one.details.text,
      );
      return [answer.status, texts.map(text => /"(.*?)"/.exec(text)?.[1])];
    };
    expect(await asks('none')).toEqual([422, ['Problems', 'C-SSRS']]);
    expect(await asks('both', gap('risk', 'Tomorrow.'), gap('problems', 'Later.'))).toEqual([
      422,
      ['Problems'],
    ]);
    expect(await asks('one', problems)).toEqual([422, ['C-SSRS']]);
    expect(await asks('silent', problems, gap('risk'))).toEqual([422, ['C-SSRS']]);
    const sent = await submit('sent', problems, gap('risk', 'The screening is done tomorrow.'));
    expect(sent.status, sent.text).toBe(201);
    const task = (sent.json as Parameters).parameter?.find(({ name }) => name === 'task')?.valueReference;
    const kept = await hospital.get(`/${task?.reference}`);
    expect(JSON.stringify((kept.json as Task).extension)).toContain('The screening is done tomorrow.');
    const wrong = await submit('wrong', problems, {
      name: 'gap',
      part: [{ name: 'item', valueString: 'risk' }],
    });
    expect([wrong.status, wrong.text.includes("where(name = 'gap')")]).toEqual([400, true]);
  });

  it('is told the sender when the hub asks somebody, and the one asked reads it on the Task', async () => {
    const active = await hospital.create<ServiceRequest>({ ...request, status: 'active' });
    const task = await hospital.create<Task>({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: fulfill,
      focus: reference(active),
      for: reference(patient),
      requester: { reference: hospital.organization },
      owner: { reference: 'Organization/hub' },
      input: [
        {
          type: concept(routingSystem.input, 'choice', 'Choice'),
          valueReference: { reference: `HealthcareService/${services.demanding?.id}` },
        },
        { type: concept(routingSystem.input, 'choice-reason', 'Why'), valueString: 'They know each other.' },
      ],
    });
    await hub.settle();
    const sent = (await hospital.get(`/Task/${task.id}`)).json as Task;
    expect(sent.note?.map(({ text }) => text).join('\n')).toContain('Asks for C-SSRS (missing).');
    const offers = (await hospital.get(`/Task?part-of=Task/${task.id}`)).json as Bundle;
    const [offer] = (offers.entry ?? []).map(({ resource }) => resource as Task);
    expect(offer?.description).not.toMatch(/Asks for/);
    expect(JSON.stringify(offer?.extension)).toContain('C-SSRS');
  });
});
