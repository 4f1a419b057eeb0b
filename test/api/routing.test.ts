import type {
  CodeableConcept,
  HealthcareService,
  Location,
  Parameters,
  Patient,
  Resource,
  Schedule,
  ServiceRequest,
  Slot,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concept, routingSystem, serviceType } from '../../src/referral/routing/codes.ts';
import {
  acceptedPayer,
  ageRange,
  catchmentArea,
  serviceCapacity,
} from '../../src/referral/routing/directory-entries.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { communityOrganization, refer, reference, treatingOrganization } from '../harness/referral.ts';

/** One kind of service for each story, so that none is in another's way. */
const kinds = {
  hidden: serviceType('126', 'Emergency housing'),
  room: serviceType('136', 'Case management'),
  strict: serviceType('141', 'Psychiatry'),
  asked: serviceType('224', 'Support groups'),
};
const input = (kind: string) => concept(routingSystem.input, kind, kind);
const strategy = (code: string) => ({
  type: input('strategy'),
  valueCodeableConcept: concept(routingSystem.strategy, code, code),
});
const home = { latitude: 30.27, longitude: -97.74 };

eachDatabase('routing over HTTP', database => {
  let hub: TestHub;
  let hospital: Party;
  let shelter: Party;
  let stranger: Party;
  const centers: Party[] = [];
  let patient: Patient & { id: string };

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
    shelter = await hub.party('shelter', { organization: communityOrganization });
    for (const name of ['alpha', 'beta', 'gamma', 'delta'])
      centers.push(await hub.party(name, { organization: { ...treatingOrganization, name } }));
    patient = await hospital.create<Patient>({
      resourceType: 'Patient',
      birthDate: '1990-05-05',
      address: [{ use: 'home', state: 'TX', district: 'Travis', postalCode: '78701', extension: [at(home)] }],
    });
  });
  afterAll(() => hub.stop());

  const center = (name: string): Party => {
    const found = centers.find(one => one.organization === `Organization/${name}`);
    if (!found) throw new Error(name);
    return found;
  };

  const offer = (party: Party, kind: CodeableConcept, more: Partial<HealthcareService> = {}) =>
    party.create<HealthcareService>({
      resourceType: 'HealthcareService',
      active: true,
      name: `Service of ${party.organization.split('/')[1]}`,
      providedBy: { reference: party.organization },
      type: [kind],
      ...more,
    });

  const wanted = (kind: CodeableConcept, more: Partial<ServiceRequest> = {}): ServiceRequest => ({
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'order',
    code: kind,
    subject: reference(patient),
    ...more,
  });

  const matching = (by: Party, resource: Resource, task?: Partial<Task>): Promise<Answer> =>
    by.request('POST', '/ServiceRequest/$match', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource },
        ...(task ? [{ name: 'task', resource: { resourceType: 'Task', ...task } }] : []),
      ],
    });

  const stating = (by: Party, id: string, stated: Record<string, string | number>) =>
    by.request('POST', `/HealthcareService/${id}/$capacity`, {
      resourceType: 'Parameters',
      parameter: Object.entries(stated).map(([name, value]) =>
        typeof value === 'number' ? { name, valueUnsignedInt: value } : { name, valueCode: value },
      ),
    });

  describe('the address of a shelter', () => {
    let place: Location & { id: string };
    let entry: HealthcareService & { id: string };

    beforeAll(async () => {
      place = await shelter.create<Location>({
        resourceType: 'Location',
        meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SDV' }] },
        status: 'active',
        name: 'Lantern House',
        address: { line: ['12 Secret Lane'], postalCode: '78701', district: 'Travis', state: 'TX' },
        position: home,
      });
      entry = await offer(shelter, kinds.hidden, { location: [reference(place)] });
    });

    it.each([
      ['a read', () => `/Location/${place.id}`],
      ['a history', () => `/Location/${place.id}/_history`],
      ['a search', () => '/Location?name=Lantern'],
      ['a search by address', () => '/Location?address=12'],
      ['a search nearby', () => '/Location?near=30.27|-97.74|5|km'],
      ['an include', () => `/HealthcareService?_id=${entry.id}&_include=HealthcareService:location`],
      ['everything', () => '/?_type=Location'],
    ])('is not in %s', async (_name, path) => {
      expect((await shelter.get(path())).text).toContain('12 Secret Lane');
      const { json } = await hospital.get(path());
      expect(JSON.stringify(json.entry ?? json.issue ?? [])).not.toMatch(/Secret|Lantern/);
    });

    it('is not to be found out by asking for services near a place', async () => {
      const near = `/HealthcareService?location.near=30.27|-97.74|5|km&_id=${entry.id}`;
      expect(
        (await shelter.get(near)).json.total ?? (await shelter.get(near)).json.entry?.length,
      ).toBeTruthy();
      expect((await hospital.get(near)).json.entry ?? []).toEqual([]);
    });

    it('is in no reason of a match, not even as a distance', async () => {
      const { json, text } = await matching(hospital, wanted(kinds.hidden));
      const [first] = candidatesIn(json);
      expect(first?.service).toBe(`HealthcareService/${entry.id}`);
      expect(first?.reasons).toContain('How far away it is, is not known.');
      expect(text).not.toMatch(/Secret|Lantern|mile/);
    });
  });

  describe('room', () => {
    let first: HealthcareService & { id: string };
    let second: HealthcareService & { id: string };
    const order = async () =>
      candidatesIn((await matching(hospital, wanted(kinds.room))).json).map(
        ({ organization }) => organization,
      );

    beforeAll(async () => {
      first = await offer(center('alpha'), kinds.room);
      second = await offer(center('beta'), kinds.room);
    });

    it('that is stated is felt by the next match', async () => {
      expect((await stating(center('beta'), second.id, { slots: 2, 'wait-days': 3 })).status).toBe(200);
      expect(await order()).toEqual(['Organization/beta', 'Organization/alpha']);
      expect((await stating(center('alpha'), first.id, { slots: 4, 'wait-days': 0 })).status).toBe(200);
      expect(await order()).toEqual(['Organization/alpha', 'Organization/beta']);
      expect((await stating(center('alpha'), first.id, { slots: 0 })).status).toBe(200);
      const { json } = await matching(hospital, wanted(kinds.room));
      expect(candidatesIn(json).map(({ organization }) => organization)).toEqual(['Organization/beta']);
      expect(excludedIn(json)).toEqual([
        { organization: 'Organization/alpha', facts: ['Has no room for new people (as of March 2, 2026).'] },
      ]);
    });

    it('is stated by who owns the entry alone, and in a way that makes sense', async () => {
      expect((await stating(center('beta'), first.id, { slots: 1 })).status).toBe(403);
      for (const [stated, words] of [
        [{}, 'Say status'],
        [{ status: 'plenty' }, 'status is one of'],
        [{ slots: 'many' }, 'slots is a whole number'],
        [{ status: 'capacity', slots: 0 }, 'without free places'],
      ] as const) {
        const refused = await stating(center('alpha'), first.id, stated);
        expect(refused.status, words).toBe(422);
        expect(refused.text).toContain(words);
      }
    });

    it('is the first free Slot where a site books online', async () => {
      const beta = center('beta');
      const schedule = await beta.create<Schedule>({
        resourceType: 'Schedule',
        actor: [reference(second)],
      });
      const slot = (start: string, status: Slot['status']) =>
        beta.create<Slot>({
          resourceType: 'Slot',
          schedule: reference(schedule),
          status,
          start,
          end: start.replace('T10', 'T11'),
        });
      await slot('2026-03-03T10:00:00Z', 'busy');
      await slot('2026-03-04T10:00:00Z', 'free');
      await slot('2026-03-05T10:00:00Z', 'free');
      const [told] = candidatesIn((await matching(hospital, wanted(kinds.room))).json);
      expect(told?.reasons).toContain('The first visit could be on March 4, 2026.');
    });
  });

  describe('a match', () => {
    it('says which facts exclude, and what would have to change when nobody is left', async () => {
      const area = await center('gamma').create<Location>(
        catchmentArea({ name: 'Hays County', state: 'TX', county: 'Hays' }),
      );
      await offer(center('gamma'), kinds.strict, { coverageArea: [reference(area)] });
      await offer(center('delta'), kinds.strict, {
        eligibility: [ageRange(65)],
        extension: [acceptedPayer({ text: 'Medicare' })],
      });
      await offer(center('beta'), kinds.strict, {
        coverageArea: [reference(area)],
        extension: [serviceCapacity({ status: 'no-capacity', confirmed: '2026-03-01' })],
      });
      const { json } = await matching(hospital, wanted(kinds.strict));
      expect(candidatesIn(json)).toEqual([]);
      expect(
        Object.fromEntries(excludedIn(json).map(({ organization, facts }) => [organization, facts])),
      ).toEqual({
        'Organization/gamma': ['Serves Hays County only, and the home is elsewhere.'],
        'Organization/delta': ['Takes people aged 65 and older only; this person is 35.'],
        'Organization/beta': [
          'Serves Hays County only, and the home is elsewhere.',
          'Has no room for new people (as of March 1, 2026).',
        ],
      });
      const changes = (json as Parameters).parameter?.filter(({ name }) => name === 'change') ?? [];
      expect(changes.map(({ part }) => part?.[0]?.valueString)).toEqual([
        'If it took somebody from outside of Hays County: gamma, Service of gamma.',
      ]);
    });

    it('is for who sees the person, and of a stored request for its sender alone', async () => {
      expect((await matching(stranger, wanted(kinds.room))).status).toBe(404);
      const request = await hospital.create(wanted(kinds.room));
      const asked = (by: Party) => by.request('POST', `/ServiceRequest/${request.id}/$match`);
      expect(candidatesIn((await asked(hospital)).json).length).toBeGreaterThan(0);
      expect((await asked(stranger)).status).toBe(404);
    });

    it('tells a sender of refusals to itself, and not of those to others', async () => {
      const kind = serviceType('279', 'Case management');
      await offer(center('alpha'), kind);
      const of = patient as never;
      const { task } = await refer(hospital, 'Organization/hub', { of, request: { code: kind } });
      await hub.settle();
      const found = await hospital.get(`/Task?part-of=Task/${task.id}`);
      const asked: Task = found.json.entry[0].resource;
      await center('alpha').update({ ...asked, status: 'rejected', statusReason: { text: 'secret' } });
      await hub.settle();
      expect((await matching(hospital, wanted(kind))).text).toContain('Refused this person today (secret).');
      // The beta center treats the person, too, and refers on by itself.
      const team = { resourceType: 'CareTeam', status: 'active', subject: reference(patient) } as const;
      await hospital.create({ ...team, participant: [{ member: { reference: 'Organization/beta' } }] });
      await offer(center('gamma'), kind);
      const second = await refer(center('beta'), 'Organization/hub', { of, request: { code: kind } });
      await hub.settle();
      const told: Task = (await center('beta').get(`/Task/${second.task.id}`)).json;
      expect(told.note?.length).toBeGreaterThan(0);
      expect(JSON.stringify(told)).not.toMatch(/Refused|secret/);
    });

    it('is refused where it says nothing that could be matched', async () => {
      expect(
        (await hospital.request('POST', '/ServiceRequest/$match', { resourceType: 'Parameters' })).status,
      ).toBe(400);
      expect((await matching(hospital, patient)).status).toBe(400);
    });
  });

  describe('asking', () => {
    beforeAll(async () => {
      for (const party of centers.slice(0, 3)) await offer(party, kinds.asked);
      const area = catchmentArea({ name: 'Bexar County', state: 'TX', county: 'Bexar' });
      const bexar = await center('delta').create<Location>(area);
      await offer(center('delta'), kinds.asked, { coverageArea: [reference(bexar)] });
    });

    const send = async (task: Partial<Task>, request: Partial<ServiceRequest> = {}) => {
      const referral = await refer(hospital, 'Organization/hub', {
        of: patient as never,
        request: { code: kinds.asked, ...request },
        task,
      });
      await hub.settle();
      return referral.task.id;
    };
    const offers = async (id: string): Promise<Task[]> =>
      (await hospital.get(`/Task?part-of=Task/${id}`)).json.entry?.map(
        (one: { resource: Task }) => one.resource,
      ) ?? [];
    const owners = async (id: string) => (await offers(id)).map(({ owner }) => owner?.reference).sort();
    const own = async (id: string): Promise<Task> => (await hospital.get(`/Task/${id}`)).json;
    const notes = async (id: string) => (await own(id)).note?.map(({ text }) => text).join('\n') ?? '';

    it('one after another is what happens unless something else is said', async () => {
      expect(await owners(await send({}))).toHaveLength(1);
    });

    it('three at once', async () => {
      const id = await send({ input: [strategy('parallel')] });
      expect(await owners(id)).toEqual(['Organization/alpha', 'Organization/beta', 'Organization/gamma']);
    });

    it('as many at once as the sender says', async () => {
      const atOnce = (valuePositiveInt: number) => ({ type: input('offers-at-once'), valuePositiveInt });
      const id = await send({ input: [strategy('parallel'), atOnce(2)] });
      expect(await owners(id)).toHaveLength(2);
    });

    it('only who is named: with a refusal it is the sender’s turn', async () => {
      const id = await send(
        { input: [strategy('direct')] },
        { performer: [{ reference: 'Organization/gamma' }] },
      );
      expect(await owners(id)).toEqual(['Organization/gamma']);
      const [asked] = await offers(id);
      const refused = await center('gamma').update({
        ...(asked as Task),
        status: 'rejected',
        statusReason: { text: 'no' },
      });
      expect(refused.status, refused.text).toBe(200);
      await hub.settle();
      expect(await owners(id)).toEqual(['Organization/gamma']);
      expect((await own(id)).statusReason?.coding?.[0]?.code).toBe('candidates-exhausted');
    });

    it('by a shared list: seen by those who fit, claimed by the first', async () => {
      const id = await send({ input: [strategy('claim')] });
      const [open, ...more] = await offers(id);
      expect(more).toEqual([]);
      expect(open?.owner).toBeUndefined();
      const path = `/Task/${open?.id}`;
      expect((await center('alpha').get(path)).status).toBe(200);
      expect((await center('delta').get(path)).status).toBe(404);
      expect((await stranger.get(path)).status).toBe(404);
      const seen: Task = (await center('beta').get(path)).json;
      const claimed = await center('beta').update({
        ...seen,
        status: 'accepted',
        owner: { reference: 'Organization/beta' },
      });
      expect(claimed.status, claimed.text).toBe(200);
      await hub.settle();
      expect((await own(id)).status).toBe('in-progress');
      expect((await center('alpha').get(path)).status).toBe(404);
      expect(await owners(id)).toEqual(['Organization/beta']);
    });

    it('by a shared list that nobody takes from ends in asking one after another', async () => {
      const id = await send({ input: [strategy('claim')], priority: 'stat' });
      const [open] = await offers(id);
      hub.clock.set(open?.restriction?.period?.end ?? '');
      await again();
      await hub.settle();
      await hub.settle();
      const after = await offers(id);
      expect(after.map(({ status }) => status).sort()).toEqual(['cancelled', 'requested']);
    });

    it('by hand, against the ranking, with a reason that is kept', async () => {
      const chosen = (reason?: string) => [
        { type: input('choice'), valueReference: { reference: 'Organization/delta' } },
        ...(reason ? [{ type: input('choice-reason'), valueString: reason }] : []),
      ];
      const refused = await refer(hospital, 'Organization/hub', {
        of: patient as never,
        request: { code: kinds.asked },
        task: { input: chosen() },
      }).catch(error => String(error));
      expect(refused).toContain('choice-reason');
      const id = await send({ input: chosen('Her sister works there.') });
      expect(await owners(id)).toEqual(['Organization/delta']);
      const note = await notes(id);
      expect(note).toContain('chosen by hand: Her sister works there.');
      expect(note).toContain('The ranking would not have asked it: Serves Bexar County only');
    });

    it('by hand while somebody else is asked: both are, and the first to accept has it', async () => {
      const id = await send({});
      const [before] = await owners(id);
      const task = await own(id);
      const changed = await hospital.update({
        ...task,
        input: [
          ...(task.input ?? []),
          { type: input('choice'), valueReference: { reference: 'Organization/gamma' } },
          { type: input('choice-reason'), valueString: 'They know her.' },
        ],
      });
      expect(changed.status, changed.text).toBe(200);
      await hub.settle();
      expect(await owners(id)).toEqual([before, 'Organization/gamma'].sort());
    });
  });

  it('an entry that nobody has confirmed for 90 days sinks and says so, until it is confirmed', async () => {
    const kind = serviceType('548', 'Food relief');
    const old = await offer(center('alpha'), kind);
    const fresh = await offer(center('beta'), kind);
    hub.clock.advance({ days: 91 });
    await again();
    const confirm = (by: Party, id: string) => by.request('POST', `/HealthcareService/${id}/$confirm`);
    expect((await confirm(center('beta'), old.id)).status).toBe(403);
    expect((await confirm(center('beta'), fresh.id)).status).toBe(200);
    const told = async () => candidatesIn((await matching(hospital, wanted(kind))).json);
    const [best, last] = await told();
    expect(best?.organization).toBe('Organization/beta');
    expect(last?.reasons.join(' ')).toMatch(
      /Its entry has not been confirmed since .*: call before relying on it\./,
    );
    expect((await confirm(center('alpha'), old.id)).status).toBe(200);
    const after = (await told()).find(({ organization }) => organization === 'Organization/alpha');
    expect(after?.score).toBeGreaterThan(last?.score ?? 100);
    expect(after?.reasons).toContain('Its entry was confirmed on June 1, 2026.');
  });

  /** Tokens do not outlive the days that pass: everybody signs in again. */
  let times = 0;
  async function again(): Promise<void> {
    times++;
    const renewed = (party: Party) =>
      hub.party(`${party.name}-${times}`, { of: party.organization.split('/')[1] ?? '' });
    hospital = await renewed(hospital);
    for (const [index, party] of centers.entries()) centers[index] = await renewed(party);
  }
});

function at({ latitude, longitude }: { latitude: number; longitude: number }) {
  return {
    url: 'http://hl7.org/fhir/StructureDefinition/geolocation',
    extension: [
      { url: 'latitude', valueDecimal: latitude },
      { url: 'longitude', valueDecimal: longitude },
    ],
  };
}

function partsOf(json: Parameters, name: string) {
  return (json.parameter ?? []).filter(one => one.name === name).map(({ part = [] }) => part);
}

function candidatesIn(json: Parameters) {
  return partsOf(json, 'candidate').map(part => ({
    service: part.find(({ name }) => name === 'service')?.valueReference?.reference,
    organization: part.find(({ name }) => name === 'organization')?.valueReference?.reference,
    score: part.find(({ name }) => name === 'score')?.valueDecimal,
    reasons: part.filter(({ name }) => name === 'reason').map(({ valueString = '' }) => valueString),
  }));
}

function excludedIn(json: Parameters) {
  return partsOf(json, 'excluded').map(part => ({
    organization: part.find(({ name }) => name === 'organization')?.valueReference?.reference,
    facts: part.filter(({ name }) => name === 'fact').map(({ valueString = '' }) => valueString),
  }));
}
