import type {
  Parameters,
  ParametersParameter,
  Patient,
  Practitioner,
  PractitionerRole,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { treatingOrganization } from '../harness/referral.ts';

const services = 'https://warmhandoff.example/fhir/CodeSystem/referral-service';
const duplicateMark = 'https://warmhandoff.example/fhir/StructureDefinition/possible-duplicate';

const person = (more: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  name: [{ family: 'Okafor', given: ['Ada'] }],
  gender: 'female',
  birthDate: '1988-02-03',
  ...more,
});

/** A submission under an identifier; parameters of the same name take the place of those here. */
function submission(value: string, ...more: ParametersParameter[]): Parameters {
  const given = new Set(more.map(one => one.name));
  const usual: ParametersParameter[] = [
    { name: 'identifier', valueIdentifier: { system: 'urn:sender', value } },
    { name: 'patient', resource: person() },
    {
      name: 'need',
      part: [{ name: 'service', valueCodeableConcept: { coding: [{ system: services, code: 'housing' }] } }],
    },
  ];
  return { resourceType: 'Parameters', parameter: [...usual.filter(one => !given.has(one.name)), ...more] };
}

const submit = (by: Party, body: unknown): Promise<Answer> => by.request('POST', '/$submit-referral', body);

const values = (answer: Answer, name: string): ParametersParameter[] =>
  ((answer.json as Parameters).parameter ?? []).filter(one => one.name === name);
const reference = (answer: Answer, name: string): string =>
  values(answer, name)[0]?.valueReference?.reference ?? '';
const partOf = (one: ParametersParameter | undefined, name: string) =>
  one?.part?.find(part => part.name === name);

onSqlite('$submit-referral', database => {
  let hub: TestHub;
  let clinic: Party;
  let school: Party;
  let center: Party;
  let stranger: Party;
  beforeAll(async () => {
    hub = await startTestHub(database);
    clinic = await hub.party('clinic', { organization: treatingOrganization });
    school = await hub.party('school');
    center = await hub.party('center', { organization: treatingOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
  });
  afterAll(() => hub.stop());

  const counted = async (party: Party, type: string): Promise<number> =>
    (await party.get(`/${type}?_summary=count`)).json.total;
  const read = async <R>(party: Party, path: string): Promise<R> => {
    const answer = await party.get(`/${path}`);
    expect(answer.status, path).toBe(200);
    return answer.json as R;
  };
  const toCenter = { name: 'recipient', valueReference: { reference: 'Organization/center' } };

  it('makes everything in one commit, and the same again makes nothing', async () => {
    const body = submission(
      'first',
      toCenter,
      {
        name: 'reason',
        resource: { resourceType: 'Condition', subject: {}, code: { text: 'no home' } } as never,
      },
      { name: 'reason', valueString: 'evicted' },
      { name: 'document', valueAttachment: { contentType: 'text/plain', title: 'Letter', data: 'aGVsbG8=' } },
      { name: 'insurance', resource: coverage },
    );
    const made = await submit(clinic, body);
    expect(made.status, made.text).toBe(201);
    const task = await read<Task>(clinic, reference(made, 'task'));
    const request = await read<ServiceRequest>(clinic, reference(made, 'request'));
    expect(values(made, 'outcome')[0]?.valueCode).toBe('created');
    expect(task).toMatchObject({ status: 'requested', owner: toCenter.valueReference });
    expect(request).toMatchObject({ status: 'active', reasonCode: [{ text: 'evicted' }] });
    expect(reference(made, 'turn')).toBe('Organization/center');
    expect(values(made, 'action')[0]?.valueCode).toBe('answer');
    expect(Date.parse(values(made, 'due')[0]?.valueInstant ?? '')).toBeGreaterThan(hub.clock.now().getTime());
    // Whoever is asked sees what was attached.
    const attached = [request.reasonReference, request.supportingInfo, request.insurance].flat();
    expect(attached).toHaveLength(3);
    for (const one of attached) await read(center, one?.reference ?? '');

    const before = await Promise.all(
      ['Patient', 'ServiceRequest', 'Task', 'Condition'].map(one => counted(clinic, one)),
    );
    // The order of what JSON does not order says nothing, nor does that of the parameters.
    const turned = JSON.parse(JSON.stringify(body), (_key, value) =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toReversed())
        : value,
    );
    turned.parameter.reverse();
    const again = await submit(clinic, turned);
    expect(again.status).toBe(200);
    expect(values(again, 'outcome')[0]?.valueCode).toBe('found');
    for (const name of ['task', 'request', 'patient'])
      expect(reference(again, name)).toBe(reference(made, name));
    expect(
      await Promise.all(['Patient', 'ServiceRequest', 'Task', 'Condition'].map(one => counted(clinic, one))),
    ).toEqual(before);
  });

  const coverage = {
    resourceType: 'Coverage',
    status: 'active',
    beneficiary: {},
    payor: [{ display: 'State plan' }],
  } as never;

  it('takes another content under the same identifier for a conflict, also after the referral has moved', async () => {
    const made = await submit(clinic, submission('moved', toCenter));
    const task = await read<Task>(center, reference(made, 'task'));
    expect((await center.update({ ...task, status: 'accepted' })).status).toBe(200);
    const same = await submit(clinic, submission('moved', toCenter));
    expect([same.status, values(same, 'status')[0]?.valueCode]).toEqual([200, 'accepted']);
    const other = await submit(
      clinic,
      submission('moved', toCenter, { name: 'reason', valueString: 'more' }),
    );
    expect(other.status).toBe(409);
    expect(other.json.issue[0].details.text).toContain(reference(made, 'task'));
    // Another sender's identifiers are its own.
    expect((await submit(school, submission('moved', toCenter))).status).toBe(201);
  });

  it('needs to read what it makes, and looks for duplicates only where it may search', async () => {
    const narrow = await hub.party('narrow', {
      scope: 'system/Task.crs system/Patient.cr system/ServiceRequest.cr',
    });
    const made = await submit(narrow, submission('narrow', toCenter));
    expect(made.status, made.text).toBe(201);
    const writes = await hub.party('writes', { scope: 'system/*.c' });
    const refused = await submit(writes, submission('writes', toCenter));
    expect(refused.status).toBe(403);
    expect(refused.json.issue[0].details.text).toContain('system/Task.s');
  });

  it('makes one referral of ten that are sent at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => submit(school, submission('at-once', toCenter))),
    );
    expect(answers.map(one => one.status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect(new Set(answers.map(one => reference(one, 'task'))).size).toBe(1);
    expect((await school.get('/ServiceRequest?identifier=urn:sender|at-once')).json.entry).toHaveLength(1);
    expect((await school.get('/Patient?family=Okafor&_summary=count')).json.total).toBe(
      new Set(
        (await school.get('/Task?requester=Organization/school')).json.entry.map(
          (one: { resource: Task }) => one.resource.for?.reference,
        ),
      ).size,
    );
  });

  describe('every source asks in its own way', () => {
    const sources: [
      who: string,
      sender: ParametersParameter | undefined,
      requester: (made: Answer) => unknown,
    ][] = [
      ['primary care', undefined, () => ({ reference: 'Organization/school' })],
      [
        'the person',
        { name: 'sender', valueCode: 'self' },
        made => ({ reference: reference(made, 'patient') }),
      ],
      [
        'police',
        { name: 'sender', valueString: 'Officer Lee, badge 12' },
        () => ({ display: 'Officer Lee, badge 12' }),
      ],
      [
        'the family',
        {
          name: 'sender',
          resource: { resourceType: 'RelatedPerson', patient: {}, name: [{ text: 'Mother' }] } as never,
        },
        () => ({ reference: expect.stringMatching(/^RelatedPerson\//) }),
      ],
    ];
    it.each(sources)('%s', async (who, sender, requester) => {
      const made = await submit(school, submission(who, toCenter, ...(sender ? [sender] : [])));
      expect(made.status, made.text).toBe(201);
      const request = await read<ServiceRequest>(center, reference(made, 'request'));
      expect(request.requester).toEqual(requester(made));
      expect((await read<Task>(center, reference(made, 'task'))).requester?.reference).toBe(
        'Organization/school',
      );
      const asker = request.requester?.reference;
      if (asker && !asker.startsWith('Organization/')) await read(center, asker);
    });
  });

  it('asks the hub where nobody is named, with the wishes that routing reads', async () => {
    const avoid = { reference: 'Organization/stranger' };
    const made = await submit(
      school,
      submission('to-the-hub', {
        name: 'need',
        part: [
          { name: 'text', valueString: 'somebody to talk to' },
          { name: 'text', valueString: 'in the evening' },
          { name: 'urgency', valueCode: 'urgent' },
          { name: 'avoid', valueReference: avoid },
        ],
      }),
    );
    expect(made.status, made.text).toBe(201);
    const task = await read<Task>(school, reference(made, 'task'));
    expect(task).toMatchObject({ owner: { reference: 'Organization/hub' }, priority: 'urgent' });
    expect(task.input?.[0]).toMatchObject({ type: { coding: [{ code: 'avoid' }] }, valueReference: avoid });
    const request = await read<ServiceRequest>(school, reference(made, 'request'));
    expect(request).toMatchObject({
      code: { text: 'somebody to talk to' },
      note: [{ text: 'in the evening' }],
    });
    expect(values(made, 'action')[0]?.valueCode).toBe('route');
  });

  describe('the person', () => {
    const mrn = [{ system: 'urn:mrn', value: 'ada,1' }];
    it('is the one that the sender keeps under the identifier, and nobody else’s', async () => {
      const first = await submit(
        stranger,
        submission('p1', { name: 'patient', resource: person({ identifier: mrn }) }),
      );
      const second = await submit(
        stranger,
        submission('p2', { name: 'patient', resource: person({ identifier: mrn }) }),
      );
      expect(reference(second, 'patient')).toBe(reference(first, 'patient'));
      const other = await submit(
        school,
        submission('p3', { name: 'patient', resource: person({ identifier: mrn }) }),
      );
      expect(reference(other, 'patient')).not.toBe(reference(first, 'patient'));
      // Of whom the school may not see it is told nothing.
      expect(other.text).not.toContain(reference(first, 'patient'));
      expect(other.text).not.toContain(reference(first, 'task'));
    });

    it('is told as possible by name and birth date, and made all the same', async () => {
      const made = await submit(stranger, submission('p4', { name: 'patient', resource: person() }));
      const [candidate] = values(made, 'possible-patient');
      expect(partOf(candidate, 'grade')?.valueCode).toBe('probable');
      expect(partOf(candidate, 'because')?.valueString).toBe('same name, birth date');
      expect(partOf(candidate, 'patient')?.valueReference?.reference).not.toBe(reference(made, 'patient'));
    });

    it('may be named by reference', async () => {
      const patient = await stranger.create<Patient>(person({ name: [{ family: 'Named' }] }));
      const valueReference = { reference: `Patient/${patient.id}` };
      const made = await submit(stranger, submission('p5', { name: 'patient', valueReference }));
      expect(reference(made, 'patient')).toBe(valueReference.reference);
      const hidden = await submit(school, submission('p6', { name: 'patient', valueReference }));
      expect(hidden.status).toBe(422);
    });
  });

  describe('duplicates', () => {
    it('are told to whoever may see both, marked on the Task, and never stop a referral', async () => {
      const patient = await clinic.create<Patient>(person({ name: [{ family: 'Twice' }] }));
      const who = { name: 'patient', valueReference: { reference: `Patient/${patient.id}` } };
      const first = await submit(clinic, submission('d1', who, toCenter));
      expect(values(first, 'duplicate')).toEqual([]);
      const second = await submit(clinic, submission('d2', who, toCenter));
      expect(second.status).toBe(201);
      const [told] = values(second, 'duplicate');
      expect(partOf(told, 'task')?.valueReference?.reference).toBe(reference(first, 'task'));
      const marked = await read<Task>(center, reference(second, 'task'));
      expect(marked.extension?.filter(one => one.url === duplicateMark)).toEqual([
        { url: duplicateMark, valueReference: { reference: reference(first, 'task') } },
      ]);
      // Who was not asked by both is not told on the Task, also where the sender sees both.
      const third = await submit(
        clinic,
        submission('d3', who, { name: 'recipient', valueReference: { reference: 'Organization/stranger' } }),
      );
      expect(values(third, 'duplicate')).toHaveLength(2);
      const seen = await read<Task>(stranger, reference(third, 'task'));
      expect(seen.extension?.some(one => one.url === duplicateMark)).toBe(false);
      const asked = async (party: Party) => party.get(`/${reference(third, 'request')}/$duplicates`);
      expect(values(await asked(clinic), 'duplicate')).toHaveLength(2);
      expect((await asked(stranger)).json).toEqual({ resourceType: 'Parameters' });
      expect((await asked(center)).status).toBe(404);
      // The hub sees what it passes on, and tells only whom it was asked by.
      const fourth = await submit(clinic, submission('d5', who));
      const asksHub = await read<Task>(clinic, reference(fourth, 'task'));
      expect(asksHub.extension?.filter(one => one.url === duplicateMark)).toHaveLength(3);
      // Nobody else writes the mark, or takes it away.
      const { extension: _, ...without } = asksHub;
      const forged = { url: duplicateMark, valueReference: { reference: `Task/${marked.id}` } };
      const kept = await clinic.update({ ...without, extension: [forged] } as Task);
      expect(kept.status, kept.text).toBe(200);
      expect(kept.json.extension).toEqual(expect.arrayContaining(asksHub.extension ?? []));
      expect(kept.json.extension).toHaveLength(asksHub.extension?.length ?? 0);
      // Another need is no duplicate.
      const need = { name: 'need', part: [{ name: 'text', valueString: 'a lawyer' }] };
      expect(values(await submit(clinic, submission('d4', who, toCenter, need)), 'duplicate')).toEqual([]);
    });

    it('are not marked for a sender who sees one of them alone, whoever signs for it', async () => {
      const patient = await clinic.create<Patient>(person({ name: [{ family: 'Signed' }] }));
      const who = { name: 'patient', valueReference: { reference: `Patient/${patient.id}` } };
      const first = await submit(clinic, submission('s1', who, toCenter));
      const toStranger = { name: 'recipient', valueReference: { reference: stranger.organization } };
      await submit(clinic, submission('s2', who, toStranger));
      // The center, which has accepted, asks on for the same: the request is its own, and signed by a Practitioner.
      const task = await read<Task>(center, reference(first, 'task'));
      expect((await center.update({ ...task, status: 'accepted' })).status).toBe(200);
      const practitioner = await center.create<Practitioner>({ resourceType: 'Practitioner' });
      const practitionerReference = { reference: `Practitioner/${practitioner.id}` };
      await center.create<PractitionerRole>({
        resourceType: 'PractitionerRole',
        practitioner: practitionerReference,
        organization: { reference: center.organization },
      });
      const { id: _, ...request } = await read<ServiceRequest>(center, reference(first, 'request'));
      const own = await center.create<ServiceRequest>({ ...request, requester: practitionerReference });
      const { id: __, identifier: ___, extension: ____, ...copy } = task;
      const asked = await center.create<Task>({
        ...copy,
        requester: practitionerReference,
        owner: { reference: stranger.organization },
        focus: { reference: `ServiceRequest/${own.id}` },
        authoredOn: hub.clock.now().toISOString(),
      });
      expect(asked.extension?.some(one => one.url === duplicateMark)).toBe(false);
      const found = await stranger.get(`/ServiceRequest/${own.id}/$duplicates`);
      expect(values(found, 'duplicate')).toHaveLength(1);
    });

    it('of two senders are seen by the one whom both ask', async () => {
      const mrn = [{ system: 'urn:state', value: 'shared-1' }];
      const name = [{ family: 'Shared', given: ['Sam'] }];
      const who = { name: 'patient', resource: person({ identifier: mrn, name, birthDate: '1970-01-01' }) };
      const one = await submit(clinic, submission('x1', who, toCenter));
      const two = await submit(school, submission('x2', who, toCenter));
      expect(values(two, 'duplicate')).toEqual([]);
      const found = await center.get(`/${reference(two, 'request')}/$duplicates`);
      expect(
        values(found, 'duplicate').map(told => partOf(told, 'task')?.valueReference?.reference),
      ).toContain(reference(one, 'task'));
    });
  });

  it('keeps a person of its own beside one that another organization keeps', async () => {
    const who = {
      name: 'patient',
      resource: person({
        identifier: [{ system: 'urn:state', value: 'kept-1' }],
        name: [{ family: 'Kept', given: ['Kim'] }],
        birthDate: '1975-05-05',
      }),
    };
    const theirs = await submit(clinic, submission('k1', who, toCenter));
    const toStranger = { name: 'recipient', valueReference: { reference: 'Organization/stranger' } };
    const own = await submit(center, submission('k2', who, toStranger));
    expect(reference(own, 'patient')).not.toBe(reference(theirs, 'patient'));
    const [candidate, ...others] = values(own, 'possible-patient');
    expect(others).toEqual([]);
    expect(partOf(candidate, 'patient')?.valueReference?.reference).toBe(reference(theirs, 'patient'));
    expect(partOf(candidate, 'grade')?.valueCode).toBe('certain');
    expect(values(own, 'duplicate')).toHaveLength(1);
  });

  it.each([
    ['no Parameters', { resourceType: 'Patient' }, 'must be a Parameters'],
    ['nothing', { resourceType: 'Parameters' }, 'identifier is required'],
    [
      'a bare identifier',
      submission('x', { name: 'identifier', valueIdentifier: { value: '1' } }),
      'with system and value',
    ],
    [
      'no need',
      submission('x', { name: 'need', part: [{ name: 'urgency', valueCode: 'stat' }] }),
      'need is required',
    ],
    [
      'an unknown parameter',
      submission('x', { name: 'patinet', valueString: 'x' }),
      'There is no parameter "patinet"',
    ],
    [
      'an unknown urgency',
      submission('x', { name: 'need', part: [{ name: 'urgency', valueCode: 'now' }] }),
      'one of routine',
    ],
    [
      'a reference that is a number',
      submission('x', { name: 'consent', valueReference: { reference: 5 } as never }),
      'must be',
    ],
    [
      'a resource that is a text',
      submission('x', { name: 'consent', resource: 'x' as never }),
      'consent must be a Consent',
    ],
    ['a part that is a text', submission('x', { name: 'need', part: 'x' as never }), 'must be'],
    ['what is null', { resourceType: 'Parameters', parameter: [null] }, 'must'],
    [
      'two persons',
      submission('x', { name: 'patient', resource: person() }, { name: 'patient', resource: person() }),
      'may be given once',
    ],
    [
      'another resource',
      submission('x', { name: 'consent', resource: person() }),
      'consent must be a Consent',
    ],
  ])('refuses %s and says what would be right', async (_what, body, text) => {
    const answer = await submit(school, body);
    expect(answer.status, answer.text).toBe(400);
    expect(
      answer.json.issue.map((one: { details: { text: string } }) => one.details.text).join(' '),
    ).toContain(text);
    expect(answer.json.issue[0].expression[0]).toMatch(/^Parameters/);
  });
});
