import type {
  Bundle,
  CareTeam,
  Communication,
  Condition,
  Consent,
  Observation,
  Parameters,
  Patient,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { actor, designated, written } from '../harness/consents.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { startReceiver } from '../harness/receiver.ts';
import { communityOrganization, refer, reference, treatingOrganization } from '../harness/referral.ts';
import { loopback, onTopic, subscribe } from '../harness/subscriptions.ts';

const icd = 'http://hl7.org/fhir/sid/icd-10-cm';
const notice = '42 CFR part 2 prohibits unauthorized use or disclosure of these records.';

const matches = (answer: Answer): string[] =>
  ((answer.json as Bundle).entry ?? [])
    .filter(entry => entry.resource?.resourceType !== 'OperationOutcome')
    .map(entry => `${entry.resource?.resourceType}/${entry.resource?.id}`)
    .sort();

/** One part of each disclosure of the list. */
const parts = (answer: Answer) =>
  ((answer.json as Parameters).parameter ?? [])
    .filter(({ name }) => name === 'disclosure')
    .map(({ part = [] }) => {
      const value = (name: string) => part.find(one => one.name === name);
      return {
        recipient: value('recipient')?.valueReference?.reference,
        what: value('what')?.valueReference?.reference?.replace(/\/_history.*/, ''),
        label: value('label')?.valueCode,
        under: value('under')?.valueReference?.reference,
      };
    });

eachDatabase('a person with substance-use records', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let shelter: Party;
  let clinic: Party;
  let patient: Patient & { id: string };
  let plain: Condition & { id: string };
  let opioid: Condition & { id: string };
  let score: Observation & { id: string };
  let consent: Consent & { id: string };

  beforeAll(async () => {
    hub = await startTestHub(database, { ...loopback, HUB_LOG: 'silent' });
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    shelter = await hub.party('shelter', { organization: communityOrganization });
    clinic = await hub.party('clinic', { organization: treatingOrganization });
    patient = await hospital.create<Patient>({
      resourceType: 'Patient',
      identifier: [{ system: 'urn:mrn', value: 'm-1' }],
      name: [{ family: 'Alder', given: ['Robin'] }],
      birthDate: '1988-08-08',
    });
    const about = { subject: reference(patient) };
    const condition = (system: string, code: string): Condition => ({
      resourceType: 'Condition',
      code: { coding: [{ system, code }] },
      ...about,
    });
    plain = await hospital.create(condition(icd, 'F33.1'));
    opioid = await hospital.create(condition(icd, 'F11.20'));
    score = await hospital.create<Observation>({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '82667-7' }] },
      valueInteger: 7,
      ...about,
    });
  });
  beforeEach(() => void hub.clock.advance({ minutes: 1 }));
  afterAll(() => hub.stop());

  /** What the party finds of the labelled records, by each path. */
  async function found(party: Party) {
    const read = async (path: string) => (await party.get(path)).status === 200;
    const batch = await party.request('POST', '/', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { request: { method: 'GET', url: `Condition/${opioid.id}` } },
        { request: { method: 'GET', url: `Observation?patient=${patient.id}` } },
      ],
    });
    const [one, two] = (batch.json as Bundle).entry ?? [];
    const has = async (path: string) => matches(await party.get(path)).includes(`Condition/${opioid.id}`);
    return {
      read: await read(`/Condition/${opioid.id}`),
      version: await read(`/Condition/${opioid.id}/_history/1`),
      history: await read(`/Condition/${opioid.id}/_history`),
      search: await has(`/Condition?patient=${patient.id}`),
      code: await has(`/Condition?code=${icd}|F11.20`),
      label: await has('/Condition?_security=SUD'),
      include: await has(`/Patient?_id=${patient.id}&_revinclude=Condition:subject`),
      everything: await has(`/Patient/${patient.id}/$everything`),
      typeHistory: await has('/Condition/_history'),
      count: (await party.get(`/Condition?patient=${patient.id}&_summary=count`)).json.total === 2,
      bundle: one?.response?.status === '200 OK',
      bundleSearch: (two?.resource as Bundle | undefined)?.entry !== undefined,
    };
  }

  const everyPath = (seen: boolean) =>
    Object.fromEntries(
      [
        'read',
        'version',
        'history',
        'search',
        'code',
        'label',
        'include',
        'everything',
        'typeHistory',
        'count',
        'bundle',
        'bundleSearch',
      ].map(path => [path, seen]),
    );

  async function accept(party: Party): Promise<void> {
    const { task } = await refer(hospital, party.organization, { of: patient });
    const current = (await party.get(`/Task/${task.id}`)).json as Task;
    const answer = await party.update({ ...current, status: 'accepted' });
    expect(answer.status, answer.text).toBe(200);
  }

  const agreed = (more: Partial<Consent> = {}, provision: Consent['provision'] = {}): Consent => {
    const { id: _id, ...rest } = written(provision, more);
    return { ...rest, patient: reference(patient) };
  };

  it('is labelled by its codes, by whoever writes it', async () => {
    const codes = (resource: { meta?: { security?: { code?: string }[] } }) =>
      resource.meta?.security?.map(({ code }) => code);
    expect(codes(opioid)).toEqual(['SUD', 'NORDSCLCD']);
    expect(codes(score)).toEqual(['SUD', 'NORDSCLCD']);
    expect(codes(plain)).toBeUndefined();
    const { meta: _meta, ...bare } = opioid;
    const again = await hospital.update({ ...bare, note: [{ text: 'seen' }] } as Condition);
    expect(codes(again.json)).toEqual(['SUD', 'NORDSCLCD']);
  });

  it('without a consent, the center that treats them sees the rest, and says nothing of it', async () => {
    await accept(center);
    expect((await center.get(`/Condition/${plain.id}`)).status).toBe(200);
    expect(await found(center)).toEqual(everyPath(false));
    expect(await found(hospital)).toEqual(everyPath(true));
    const answer = await center.get(`/Condition?patient=${patient.id}`);
    expect(answer.headers.get('disclosure-notice')).toBeNull();
    expect(answer.json.meta).toBeUndefined();
  });

  it('a consent that lacks an element is kept and clears nothing', async () => {
    const lacking = await hospital.create(agreed({}, { period: { start: '2026-03-01' } }));
    expect(await found(center)).toEqual(everyPath(false));
    expect((await hospital.request('DELETE', `/Consent/${lacking.id}`)).status).toBe(204);
  });

  it('a consent of who does not keep the record clears nothing', async () => {
    const own = await center.create(agreed({ organization: [{ reference: center.organization }] }));
    expect(await found(center)).toEqual(everyPath(false));
    const forged = await center.create(
      agreed({}, { actor: [actor('center'), actor('hub'), designated('treating-providers', 'CST')] }),
    );
    expect(await found(center)).toEqual(everyPath(false));
    for (const { id } of [own, forged]) await center.request('DELETE', `/Consent/${id}`);
  });

  it('with a consent it is seen at once, with the notice', async () => {
    consent = await hospital.create(agreed());
    expect(await found(center)).toEqual(everyPath(true));
    const one = await center.get(`/Condition/${opioid.id}`);
    expect(one.headers.get('disclosure-notice')).toBe(notice);
    expect(one.json.meta.security.map((coding: { code: string }) => coding.code)).toContain('NORDSCLCD');
    const page = await center.get(`/Condition?patient=${patient.id}`);
    expect(page.headers.get('disclosure-notice')).toBe(notice);
    expect(page.json.meta.security.map((coding: { code: string }) => coding.code)).toEqual([
      'R',
      'SUD',
      'NORDSCLCD',
    ]);
    const outcome = (page.json as Bundle).entry?.find(({ search }) => search?.mode === 'outcome')?.resource;
    expect(JSON.stringify(outcome)).toContain('protected by Federal confidentiality rules (42 CFR part 2)');
    const own = await hospital.get(`/Condition/${opioid.id}`);
    expect(own.headers.get('disclosure-notice')).toBeNull();
    // A copy of the consent goes with what it opens.
    expect((await center.get(`/Consent/${consent.id}`)).status).toBe(200);
  });

  it('the shelter that accepted a bed sees the packet and nothing else, whatever the general designation', async () => {
    const general = await hospital.create(
      agreed(
        {},
        { actor: [actor('hub'), designated('care-participants'), designated('treating-providers')] },
      ),
    );
    await accept(shelter);
    expect((await shelter.get(`/Patient/${patient.id}`)).status).toBe(200);
    expect(matches(await shelter.get(`/Condition?patient=${patient.id}`))).toEqual([]);
    expect(matches(await shelter.get(`/Observation?patient=${patient.id}`))).toEqual([]);
    expect((await shelter.get(`/Consent/${general.id}`)).status).toBe(404);
    await hospital.request('DELETE', `/Consent/${general.id}`);
  });

  it('a request that who is asked may not see is refused to its sender, until a consent names them', async () => {
    const send = () =>
      refer(hospital, shelter.organization, {
        of: patient,
        request: { reasonCode: [{ coding: [{ system: icd, code: 'F11.20' }] }] },
      });
    await expect(send()).rejects.toThrow(/422.*carries SUD.*Record a Consent that names it/s);
    const named = await hospital.create(agreed({}, { actor: [actor('shelter'), actor('hub')] }));
    const { request } = await send();
    expect((await shelter.get(`/ServiceRequest/${request.id}`)).status).toBe(200);
    expect((await shelter.get(`/Condition/${opioid.id}`)).status).toBe(404);
    const again = { ...named, status: 'inactive' as const };
    expect((await hospital.update(again)).status).toBe(200);
    expect((await shelter.get(`/ServiceRequest/${request.id}`)).status).toBe(404);
  });

  it('a denial beside it wins, and gives way when it is withdrawn', async () => {
    const denial = await hospital.create(agreed({}, { type: 'deny', actor: [actor('center')] }));
    expect(await found(center)).toEqual(everyPath(false));
    expect((await hospital.request('DELETE', `/Consent/${denial.id}`)).status).toBe(204);
    expect(await found(center)).toEqual(everyPath(true));
  });

  it('revoked, nothing of it arrives by a delivery that was already queued', async () => {
    const receiver = await startReceiver();
    const endpoint = receiver.url;
    const subscribed = await subscribe(
      center,
      onTopic('ServiceRequest', endpoint, { content: 'full-resource' }),
    );
    const { delivery } = hub.hub;
    await delivery.drain();
    const asking = async (words: string) =>
      (
        await refer(hospital, center.organization, {
          of: patient,
          request: { reasonCode: [{ coding: [{ system: icd, code: 'F11.20' }], text: words }] },
        })
      ).request;
    const before = await asking('while the consent stands');
    await delivery.drain();
    const [, first] = receiver.received;
    expect(first?.body).toContain('while the consent stands');
    expect(first?.headers['disclosure-notice']).toBe(notice);
    expect(first?.json.meta.security).toContainEqual(expect.objectContaining({ code: 'SUD' }));
    receiver.answer(503);
    const queued = await asking('queued and then revoked');
    await delivery.drain();
    expect(receiver.received.at(-1)?.body).toContain('queued and then revoked');
    const unsent = await asking('never sent');
    hub.clock.advance({ minutes: 1 });
    expect((await hospital.update({ ...consent, status: 'inactive' })).status).toBe(200);
    receiver.received.length = 0;
    receiver.answer(200);
    hub.clock.advance({ hours: 1 });
    await delivery.drain();
    expect(receiver.received).toEqual([]);
    const events = await center.get(`/Subscription/${subscribed.id}/$events`);
    for (const { id } of [before, queued, unsent]) expect(events.text).not.toContain(id);
    const open = await refer(hospital, center.organization, { of: patient });
    await delivery.drain();
    expect(receiver.received.at(0)?.body).toContain(open.request.id);
    const numbers = receiver.received.flatMap(
      ({ body }) => /"event-number","valueString":"(\d+)"/.exec(body)?.[1],
    );
    expect(numbers.at(0)).toBe('2');
    const told = parts(await hospital.get(`/Patient/${patient.id}/$disclosures?_count=1000`));
    expect(told).toContainEqual({
      recipient: center.organization,
      what: `ServiceRequest/${before.id}`,
      label: 'SUD',
      under: `Consent/${consent.id}`,
    });
    expect(told.some(({ what }) => what === `ServiceRequest/${unsent.id}`)).toBe(false);
    const off = { ...(await center.get(`/Subscription/${subscribed.id}`)).json, status: 'off' };
    expect((await center.update(off)).status).toBe(200);
    const again = { ...consent, status: 'active' as const };
    expect((await hospital.update(again)).status).toBe(200);
    await receiver.close();
  });

  it('revoked, it is gone at once', async () => {
    const revoked = await hospital.update({ ...consent, status: 'inactive' });
    expect(revoked.status, revoked.text).toBe(200);
    expect(await found(center)).toEqual(everyPath(false));
    expect((await center.get(`/Consent/${consent.id}`)).status).toBe(404);
  });

  const emergency = (party: Party, parameter: Record<string, string>, path = '/Patient/$break-glass') =>
    party.request('POST', path, {
      resourceType: 'Parameters',
      parameter: Object.entries({
        purpose: 'ETREAT',
        reason: 'Unconscious after an overdose',
        ...parameter,
      }).map(([name, valueString]) => ({ name, valueString })),
    });

  it('in an emergency, only who treats people and says why opens the one record that is meant', async () => {
    const known = { identifier: 'urn:mrn|m-1' };
    expect((await emergency(shelter, known)).status).toBe(403);
    expect((await emergency(clinic, { ...known, reason: 'short' })).status).toBe(400);
    expect((await emergency(clinic, { ...known, purpose: 'TREAT' })).status).toBe(400);
    expect((await emergency(clinic, {})).status).toBe(400);
    const twin = await hospital.create<Patient>({
      resourceType: 'Patient',
      name: [{ family: 'Birch', given: ['Sam'] }],
      birthDate: '1990-01-01',
    });
    const { id: _id, ...same } = twin;
    await hospital.create<Patient>(same);
    const several = await emergency(clinic, { name: 'Sam Birch', birthdate: '1990-01-01' });
    const nobody = await emergency(clinic, { name: 'No Body', birthdate: '1990-01-01' });
    expect([several.status, several.text]).toEqual([404, nobody.text]);
    expect(await found(clinic)).toEqual(everyPath(false));
  });

  it('in an emergency it is seen, and reported to who keeps the record, for a few hours', async () => {
    const answer = await emergency(clinic, { name: 'Robin Alder', birthdate: '1988-08-08' });
    expect(answer.status, answer.text).toBe(200);
    expect(await found(clinic)).toEqual(everyPath(true));
    expect((await clinic.get(`/Condition/${opioid.id}`)).headers.get('disclosure-notice')).toBe(notice);
    const told = await hospital.get(`/Communication?subject=Patient/${patient.id}&_sort=-sent`);
    const [message] = ((told.json as Bundle).entry ?? []).map(({ resource }) => resource as Communication);
    expect(message).toMatchObject({
      sender: { reference: clinic.organization },
      recipient: [{ reference: hospital.organization }],
      reasonCode: [{ coding: [{ code: 'ETREAT' }] }],
      payload: [{ contentString: 'Unconscious after an overdose' }],
    });
    expect((await clinic.request('DELETE', `/Communication/${message?.id}`)).status).toBe(403);
    // Who looks in an emergency brings nobody else in.
    const next = await hub.party(`next-${database.name}`, { organization: treatingOrganization });
    const onward = await refer(clinic, next.organization, { of: patient });
    const task = (await next.get(`/Task/${onward.task.id}`)).json as Task;
    expect((await next.update({ ...task, status: 'accepted' })).status).toBe(200);
    expect((await next.get(`/Patient/${patient.id}`)).status).toBe(200);
    expect((await next.get(`/Condition/${plain.id}`)).status).toBe(404);
    hub.clock.advance({ hours: 4 });
    expect(await found(clinic)).toEqual(everyPath(false));
    expect((await clinic.get(`/Patient/${patient.id}`)).status).toBe(404);
  });

  it('a message that looks like emergency access opens nothing', async () => {
    const offer = await refer(hospital, clinic.organization, { of: patient });
    const told = (await hospital.get(`/Communication?subject=Patient/${patient.id}`))
      .json as Bundle<Communication>;
    const { id: _id, ...message } = told.entry?.[0]?.resource ?? ({} as Communication);
    const end = '2099-01-01T00:00:00Z';
    const extension = (message.extension ?? []).map(one => ({
      ...one,
      valuePeriod: { ...one.valuePeriod, end },
    }));
    await clinic.create<Communication>({ ...message, extension });
    expect(offer.task.id).toBeDefined();
    expect(await found(clinic)).toEqual(everyPath(false));
  });

  it('the list of disclosures tells all of it', async () => {
    const answer = await hospital.get(`/Patient/${patient.id}/$disclosures?_count=1000`);
    expect(answer.status, answer.text).toBe(200);
    const list = parts(answer);
    const labelled = list.filter(({ what }) => what === `Condition/${opioid.id}`);
    expect(new Set(labelled.map(one => `${one.recipient} ${one.label} ${one.under?.split('/')[0]}`))).toEqual(
      new Set(['Organization/center SUD Consent', 'Organization/clinic SUD Communication']),
    );
    const underConsent = labelled.filter(({ recipient }) => recipient === center.organization);
    expect(new Set(underConsent.map(({ under }) => under))).toEqual(new Set([`Consent/${consent.id}`]));
    expect(
      list.some(one => one.recipient === shelter.organization && one.what === `Patient/${patient.id}`),
    ).toBe(true);
    expect(list.some(one => one.recipient === hospital.organization)).toBe(false);
    expect((await shelter.get(`/Condition/${opioid.id}`)).status).toBe(404);
    // To others it tells only of what is their own.
    const others = parts(await center.get(`/Patient/${patient.id}/$disclosures`));
    expect(
      others.filter(
        ({ what, recipient }) => what?.startsWith('Condition') || recipient === center.organization,
      ),
    ).toEqual([]);
    const stranger = await hub.party(`stranger-${database.name}`, { organization: treatingOrganization });
    expect((await stranger.get(`/Patient/${patient.id}/$disclosures`)).status).toBe(404);
  });

  it('a label is lowered by its owner alone, with a reason that stays', async () => {
    const path = `/Condition/${opioid.id}/$meta-delete`;
    const lower = (party: Party, reason: string) =>
      party.request('POST', path, {
        resourceType: 'Parameters',
        parameter: [
          {
            name: 'meta',
            valueMeta: {
              security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }],
            },
          },
          { name: 'reason', valueString: reason },
        ],
      });
    expect((await lower(hospital, 'no')).status).toBe(400);
    expect((await lower(center, 'We would like to see it')).status).toBe(404);
    const lowered = await lower(hospital, 'Coded in error: it is chronic pain');
    expect(lowered.status, lowered.text).toBe(200);
    expect((await center.get(`/Condition/${opioid.id}`)).status).toBe(200);
    const stored = await hospital.get(`/Condition/${opioid.id}`);
    expect(JSON.stringify(stored.json.meta.extension)).toContain('Coded in error');
    expect((await center.get(`/Observation/${score.id}`)).status).toBe(404);
  });

  const seesScore = async () => (await center.get(`/Observation/${score.id}`)).status === 200;

  it('a care team as recipient is its members, as they are now', async () => {
    const member = { member: { reference: center.organization } };
    const team = await hospital.create<CareTeam>({
      resourceType: 'CareTeam',
      status: 'active',
      subject: reference(patient),
      participant: [member],
    });
    const named = { role: actor('x').role, reference: reference(team) };
    const forTeam = await hospital.create(agreed({}, { actor: [actor('hub'), named] }));
    expect(await seesScore()).toBe(true);
    expect((await hospital.update({ ...team, participant: undefined })).status).toBe(200);
    expect(await seesScore()).toBe(false);
    expect((await hospital.update({ ...team, participant: [member] })).status).toBe(200);
    expect(await seesScore()).toBe(true);
    expect((await hospital.request('DELETE', `/Consent/${forTeam.id}`)).status).toBe(204);
    expect(await seesScore()).toBe(false);
  });

  it('a permit and a denial that arrive at once: the denial holds', async () => {
    for (let round = 0; round < 5; round++) {
      const both = await Promise.all([
        hospital.create(agreed()),
        hospital.create(agreed({}, { type: 'deny', actor: [actor('center')] })),
      ]);
      expect(await seesScore()).toBe(false);
      for (const { id } of both) await hospital.request('DELETE', `/Consent/${id}`);
    }
  });

  it('ends by itself', async () => {
    const end = new Date(hub.clock.now().getTime() + 3_600_000).toISOString();
    await hospital.create(agreed({}, { period: { start: '2026-03-01', end } }));
    expect(await seesScore()).toBe(true);
    hub.clock.advance({ hours: 1 });
    expect(await seesScore()).toBe(true);
    hub.clock.advance({ minutes: 1 });
    expect(await seesScore()).toBe(false);
  });
});
