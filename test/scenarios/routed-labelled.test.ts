import type { Bundle, Parameters, Procedure, Resource, ServiceRequest } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routingSystem } from '../../src/referral/routing/codes.ts';
import { actor, designated } from '../harness/consents.ts';
import { eachDatabase } from '../harness/databases.ts';
import type { Answer } from '../harness/hub.ts';
import { type LabelledWorld, labelledWorld, substanceUse } from '../harness/labelled-world.ts';
import { type Referral, reference } from '../harness/referral.ts';
import { type RoutedWorld, startRoutedWorld } from '../harness/routed-world.ts';

const full = { reason: { valueCode: 'no-capacity' }, comment: { valueString: 'No room before May' } };
const notShown = 'May not be shown this request.';

eachDatabase('a labelled request that the hub routes', database => {
  let world: RoutedWorld;
  let labelled: LabelledWorld;
  beforeAll(async () => {
    world = await startRoutedWorld(database);
    labelled = labelledWorld(world);
  });
  afterAll(() => world.hub.stop());

  it('is declined by the first and served by the second, with a consent that names all of them', async () => {
    const agreed = await labelled.person(['near', 'far', 'hub']);
    const referral = await labelled.send(agreed);
    const filler = await labelled.fillerOf(referral);
    const toNear = await labelled.offerTo(world.near, referral);
    expect(await labelled.asked(referral)).toEqual(['near']);
    expect(filler?.meta?.security).toContainEqual(expect.objectContaining(substanceUse.security[0]));
    expect(await seen(referral, filler, toNear)).toEqual([
      ['hospital', 'near'],
      ['hospital', 'near'],
    ]);

    await done(labelled.act(world.near, toNear, 'decline', full));
    const toFar = await labelled.offerTo(world.far, referral);
    expect(await labelled.asked(referral)).toEqual(['near', 'far']);
    // Who declined keeps its own Task, and nothing of what it was asked.
    expect(await seen(referral, filler, toNear, toFar)).toEqual([
      ['hospital', 'far'],
      ['hospital', 'near'],
      ['hospital', 'far'],
    ]);

    await done(labelled.act(world.far, toFar, 'accept'));
    expect(await labelled.whoSees(referral.request, referral)).toEqual(['hospital', 'far']);
    await done(labelled.act(world.far, toFar, 'schedule', soon()));
    const visit = await world.far.get(`/Appointment?based-on=ServiceRequest/${filler?.id}`);
    expect((visit.json as Bundle).entry).toHaveLength(1);
    await world.later({ days: 2 });
    await done(labelled.act(world.far, toFar, 'keep'));
    const output = await world.far.create<Procedure>({
      resourceType: 'Procedure',
      status: 'completed',
      subject: reference(referral.patient),
      basedOn: [{ reference: `ServiceRequest/${filler?.id}` }],
    });
    const closing = {
      closure: { valueCode: 'engaged' },
      received: { valueCode: 'yes' },
      output: { valueReference: reference(output) },
    };
    await done(labelled.act(world.far, toFar, 'complete', closing));
    expect(await seen(referral, filler, toFar)).toEqual([
      ['hospital', 'far'],
      ['hospital', 'far'],
    ]);
    const closed = await world.current(referral);
    expect(closed).toMatchObject({ status: 'completed' });
    expect(JSON.stringify(closed.output)).toContain(`Procedure/${output.id}`);
    expect((await world.hospital.get(`/Procedure/${output.id}`)).status).toBe(200);
    expect((await world.near.get(`/Procedure/${output.id}`)).status).toBe(404);
  });

  it('is disclosed by its sender: with the notice, under its consent, and told to it alone', async () => {
    const { consent, patient } = await labelled.person(['near', 'far', 'hub']);
    const referral = await labelled.send({ patient });
    const filler = await labelled.fillerOf(referral);
    const shown = await world.near.get(`/ServiceRequest/${filler?.id}`);
    expect(shown.headers.get('disclosure-notice')).toContain('42 CFR part 2');
    const own = await world.hospital.get(`/ServiceRequest/${filler?.id}`);
    expect([own.status, own.headers.get('disclosure-notice')]).toEqual([200, null]);
    const packet = await world.near.get(`/ServiceRequest/${filler?.id}/$packet`);
    expect(packet.text).toContain(`Disclosed under Consent/${consent?.id}`);

    const told = disclosed(await world.hospital.get(`/Patient/${patient.id}/$disclosures?_count=1000`));
    const ofFiller = told.filter(({ what }) => what === `ServiceRequest/${filler?.id}`);
    expect(new Set(ofFiller.map(one => JSON.stringify(one)))).toEqual(
      new Set([
        JSON.stringify({
          what: `ServiceRequest/${filler?.id}`,
          recipient: world.near.organization,
          discloser: world.hospital.organization,
          label: 'SUD',
          under: `Consent/${consent?.id}`,
        }),
      ]),
    );
    const toNear = disclosed(await world.near.get(`/Patient/${patient.id}/$disclosures?_count=1000`));
    expect(toNear).toEqual([]);
  });

  it('carries at once the label that its sender adds later', async () => {
    const referral = await labelled.send(await labelled.person(['far', 'hub']), {}, {});
    const filler = await labelled.fillerOf(referral);
    const offer = await labelled.offerTo(world.near, referral);
    expect((await world.near.get(`/ServiceRequest/${filler?.id}`)).status).toBe(200);
    for (const sent of [referral.request, await world.current(referral)])
      expect((await world.hospital.update({ ...sent, meta: substanceUse })).status).toBe(200);
    expect(await seen(referral, filler, offer)).toEqual([['hospital'], ['hospital']]);
  });

  it('stays the hub’s to write: neither its sender nor who is asked changes it', async () => {
    const referral = await labelled.send(await labelled.person(['near', 'far', 'hub']));
    const filler = await labelled.fillerOf(referral);
    if (!filler) throw new Error('there is no request of the hub');
    for (const party of [world.hospital, world.near])
      expect((await party.update({ ...filler, status: 'revoked' })).status).toBe(403);
    expect((await world.far.update({ ...filler, status: 'revoked' })).status).toBe(404);
  });

  it.each([
    ['without a consent', []],
    ['with a consent that does not name the hub', ['near', 'far']],
    ['with a consent that names only others', ['elsewhere']],
  ])('comes back %s, and nothing of it is anywhere', async (_name, names) => {
    const agreed = await labelled.person(names);
    const referral = await labelled.send(agreed, {});
    expect(await world.current(referral)).toMatchObject({
      status: 'rejected',
      statusReason: { coding: [{ code: 'incomplete-information' }] },
    });
    expect(await world.told(referral)).toContain('its labels need a consent that names the hub');
    expect(await labelled.asked(referral)).toEqual([]);
    expect(await labelled.fillerOf(referral)).toBeUndefined();
    expect(await labelled.whoSees(referral.request, referral)).toEqual(['hospital']);
  });

  it('comes back with the reason where no consent lets it be shown to anybody who could serve', async () => {
    const referral = await labelled.send(await labelled.person(['hub', 'elsewhere']));
    expect(await labelled.asked(referral)).toEqual([]);
    expect((await world.current(referral)).status).toBe('rejected');
    const text = await world.told(referral);
    expect(text).toContain(`- near, Case management near: ${notShown}`);
    expect(text).toMatch(/If a consent let it be shown there: (near, .* and far, |far, .* and near, )/);
    expect(text).not.toMatch(/SUD|substance|Consent\//);
  });

  it('is not asked of the nearest where the consent names only the second', async () => {
    const agreed = await labelled.person(['far', 'hub']);
    const matched = await world.hospital.request('POST', '/ServiceRequest/$match', {
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: { ...unsent(agreed.patient.id), meta: substanceUse } }],
    });
    expect(organizationsIn(matched, 'candidate')).toEqual([world.far.organization]);
    expect(matched.text).toContain(notShown);

    const referral = await labelled.send(agreed);
    const filler = await labelled.fillerOf(referral);
    expect(await labelled.asked(referral)).toEqual(['far']);
    expect(await labelled.whoSees(filler, referral)).toEqual(['hospital', 'far']);
    expect(await world.told(referral)).toContain(`- near, Case management near: ${notShown}`);
    // What the second reads tells nothing of the first.
    const offer = await world.far.get(`/Task/${(await labelled.offerTo(world.far, referral)).id}`);
    expect(offer.text).not.toMatch(/near|shown/);

    await done(labelled.act(world.far, await labelled.offerTo(world.far, referral), 'decline', full));
    expect(await labelled.asked(referral)).toEqual(['far']);
    expect((await world.current(referral)).status).toBe('failed');
  });

  it('is asked, under a consent for all who treat the person, of who has the record already', async () => {
    const actors = [designated('treating-providers'), actor('hub')];
    const agreed = await labelled.person(['hub'], { actor: actors });
    const earlier = await world.send({}, world.far.organization, { of: agreed.patient });
    const accepted = { ...earlier.task, status: 'accepted' as const };
    expect((await world.far.update(accepted)).status).toBe(200);
    const referral = await labelled.send(agreed);
    const filler = await labelled.fillerOf(referral);
    const offer = await labelled.offerTo(world.far, referral);
    expect(await labelled.asked(referral)).toEqual(['far']);
    expect(await seen(referral, filler, offer, referral.request)).toEqual(
      [filler, offer, referral.request].map(() => ['hospital', 'far']),
    );
  });

  it('is not asked of who may not see it by hand, nor by a list', async () => {
    const byHand = await labelled.send(await labelled.person(['far', 'hub']), {
      meta: substanceUse,
      input: [
        { type: kind('choice'), valueReference: { reference: world.near.organization } },
        { type: kind('choice-reason'), valueString: 'They know each other' },
      ],
    });
    expect(await labelled.asked(byHand)).toEqual(['far']);
    const listed = await labelled.send(await labelled.person(['far', 'hub']), {
      meta: substanceUse,
      input: [{ type: kind('strategy'), valueCodeableConcept: { coding: [claim] } }],
    });
    const [list] = await world.offersOf(listed);
    expect(list?.restriction?.recipient).toEqual([{ reference: world.far.organization }]);
    expect(await labelled.whoSees(list, listed)).toEqual(['hospital', 'far']);
  });

  it('is closed by a revocation between acceptance and visit, and opened again by a new consent', async () => {
    const { consent, patient } = await labelled.person(['near', 'far', 'hub']);
    const referral = await labelled.send({ patient });
    const filler = await labelled.fillerOf(referral);
    const offer = await labelled.offerTo(world.near, referral);
    await done(labelled.act(world.near, offer, 'accept'));
    const setTo = (status: 'inactive' | 'active') => world.hospital.update({ ...consent, status } as never);
    expect((await setTo('inactive')).status).toBe(200);
    expect(await seen(referral, filler, offer)).toEqual([['hospital'], ['hospital']]);
    const refused = await labelled.act(world.near, offer, 'schedule', soon());
    expect(refused.status).toBe(404);
    expect(refused.text).not.toMatch(/SUD|consent/i);
    expect(await labelled.asked(referral)).toEqual(['near']);
    expect((await setTo('active')).status).toBe(200);
    expect(await seen(referral, filler, offer)).toEqual([
      ['hospital', 'near'],
      ['hospital', 'near'],
    ]);
    await done(labelled.act(world.near, offer, 'schedule', soon()));
  });

  it('is out of reach after a revocation where its Task says nothing sensitive: then who accepted says so', async () => {
    const { consent, patient } = await labelled.person(['near', 'far', 'hub']);
    const referral = await labelled.send({ patient }, {});
    const filler = await labelled.fillerOf(referral);
    const offer = await labelled.offerTo(world.near, referral);
    await done(labelled.act(world.near, offer, 'accept'));
    expect((await world.hospital.update({ ...consent, status: 'inactive' } as never)).status).toBe(200);
    expect(await labelled.whoSees(filler, referral)).toEqual(['hospital']);
    expect((await world.near.get(`/Task/${offer.id}`)).status).toBe(200);
    const refused = await labelled.act(world.near, offer, 'schedule', soon());
    expect(refused.status, refused.text).toBe(422);
    await done(labelled.act(world.near, offer, 'fail', full));
    // The hub may not see the request any more either: it asks nobody else, and its sender is told.
    expect(await labelled.asked(referral)).toEqual(['near']);
    expect(await world.current(referral)).toMatchObject({ status: 'failed' });
    expect((await world.hospital.get(`/ServiceRequest/${filler?.id}`)).json.status).toBe('revoked');
    expect(await world.told(referral)).toContain('its labels need a consent that names the hub');
  });

  /** Tomorrow. */
  const soon = () => {
    const start = new Date(world.hub.clock.now().getTime() + 86_400_000);
    return { start: { valueDateTime: start.toISOString() } };
  };

  const seen = async (referral: Referral, ...resources: (Resource | undefined)[]) => {
    const found: string[][] = [];
    for (const one of resources) found.push(await labelled.whoSees(one, referral));
    return found;
  };
});

async function done(answer: Promise<Answer>): Promise<void> {
  const { status, text } = await answer;
  expect(status, text).toBe(200);
}

const kind = (code: string) => ({ coding: [{ system: routingSystem.input, code }] });
const claim = { system: 'https://warmhandoff.example/fhir/CodeSystem/routing-strategy', code: 'claim' };

const unsent = (patient: string): ServiceRequest => ({
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${patient}` },
  code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '136' }] },
});

const partsOf = ({ json }: Answer, name: string) =>
  ((json as Parameters).parameter ?? []).filter(one => one.name === name).map(({ part = [] }) => part);

const organizationsIn = (answer: Answer, name: string) =>
  partsOf(answer, name).map(part => part.find(one => one.name === 'organization')?.valueReference?.reference);

/** What `$disclosures` tells. */
const disclosed = (answer: Answer) =>
  partsOf(answer, 'disclosure').map(part => {
    const value = (name: string) => part.find(one => one.name === name);
    return {
      what: value('what')?.valueReference?.reference?.replace(/\/_history.*/, ''),
      recipient: value('recipient')?.valueReference?.reference,
      discloser: value('discloser')?.valueReference?.reference,
      label: value('label')?.valueCode,
      under: value('under')?.valueReference?.reference,
    };
  });
