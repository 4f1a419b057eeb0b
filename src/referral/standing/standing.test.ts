import type { CarePlan, CareTeam, EpisodeOfCare, ServiceRequest, Task } from '@medplum/fhirtypes';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Ask, asks } from '../../../test/cases/lifecycle-asks.ts';
import {
  createReferralWorld,
  placeNetwork,
  placeRequest,
  type ReferralWorld,
  referralTask,
} from '../../../test/harness/referral-world.ts';
import { canonical } from '../../fhir/canonical.ts';
import { isTreatingProvider } from '../treating-provider.ts';
import { episodeAfter } from './follow.ts';

let world: ReferralWorld;
let request: ServiceRequest & { id: string };
let task: Task & { id: string };

const all = <R>(type: string) =>
  [...world.resources.values()].filter(one => one.resourceType === type) as R[];
const one = <R>(type: string): R => {
  const [found, second] = all<R>(type);
  if (!found || second) throw new Error(`not one ${type}`);
  return found;
};
const episode = () => one<EpisodeOfCare & { id: string }>('EpisodeOfCare');

async function step(party: string, ask: Ask | Partial<Task>): Promise<void> {
  const change: Partial<Task> = typeof ask === 'string' ? asks[ask] : ask;
  task = (await world.write(party, { ...world.read<Task>(`Task/${task.id}`), ...change }))
    .stored as typeof task;
}

async function refer(more: Partial<Task> = {}): Promise<void> {
  task = (await world.write('source', referralTask(request.id, more))).stored;
}

beforeEach(async () => {
  world = createReferralWorld();
  placeNetwork(world, ['target', 'shelter', 'third']);
  const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }];
  request = placeRequest(world, {
    meta: { security },
    reasonReference: [{ reference: 'Condition/depression' }, { reference: 'Observation/phq9' }],
  });
  world.place({ resourceType: 'Condition', id: 'depression', subject: { reference: 'Patient/milan' } });
  world.place({
    resourceType: 'PractitionerRole',
    id: 'intake',
    organization: { reference: 'Organization/target' },
  });
});

describe('an acceptance by a provider that treats', () => {
  it('brings together an episode, a team and a plan, in its name and with the labels of the request', async () => {
    await refer({ owner: { reference: 'PractitionerRole/intake' } });
    const { also } = await world.write('target', { ...task, ...asks.accept });
    expect(also.map(({ after, inNameOf, before }) => [after.resourceType, inNameOf, before])).toEqual([
      ['CareTeam', 'target', undefined],
      ['EpisodeOfCare', 'target', undefined],
      ['CarePlan', 'target', undefined],
    ]);
    for (const { after } of also) expect(after.meta?.security?.[0]?.code).toBe('SUD');
    const team = one<CareTeam>('CareTeam');
    expect(team.participant?.map(member => member.member?.reference)).toEqual([
      'Organization/source',
      'PractitionerRole/intake',
    ]);
    expect(episode()).toMatchObject({
      status: 'planned',
      patient: { reference: 'Patient/milan' },
      managingOrganization: { reference: 'Organization/target' },
      referralRequest: [{ reference: `ServiceRequest/${request.id}` }],
      team: [{ reference: `CareTeam/${team.id}` }],
      period: { start: '2026-05-04T14:00:00.000Z' },
    });
    expect(one<CarePlan>('CarePlan')).toMatchObject({
      status: 'draft',
      addresses: [{ reference: 'Condition/depression' }],
      activity: [{ reference: { reference: `ServiceRequest/${request.id}` } }],
    });
  });

  it('does the same for a claim', async () => {
    const { owner: _nobody, ...open } = referralTask(request.id);
    task = (await world.write('source', open)).stored;
    await step('third', 'accept');
    expect(episode().managingOrganization).toEqual({ reference: 'Organization/third' });
  });

  it('begins once, though the same center accepts the same request again', async () => {
    await refer();
    await step('target', 'accept');
    await step('target', 'recordVisit');
    await step('source', 'cancel');
    expect(episode().status).toBe('active');
    await refer();
    await step('target', 'accept');
    expect(episode().status).toBe('active');
  });
});

it('a shelter that accepts gains nothing but the packet', async () => {
  await refer({ owner: { reference: 'Organization/shelter' } });
  await step('shelter', 'accept');
  expect(['EpisodeOfCare', 'CareTeam', 'CarePlan'].flatMap(all)).toEqual([]);
});

describe('the episode follows the referral', () => {
  const closure = (code: string) => ({
    ...asks.complete,
    statusReason: { coding: [{ system: `${canonical}/CodeSystem/closure-reason`, code }] },
  });
  it.each<[string, (Ask | [string, Ask] | ReturnType<typeof closure>)[], string]>([
    ['accepted', [], 'planned active draft'],
    ['a visit is scheduled', ['schedule'], 'planned active draft'],
    ['the first visit was kept', ['recordVisit'], 'active active draft'],
    ['on hold', ['hold'], 'waitlist active draft'],
    ['resumed', ['hold', 'start'], 'planned active draft'],
    ['on hold in the middle of care', ['recordVisit', 'hold'], 'onhold active draft'],
    ['resumed in the middle of care', ['recordVisit', 'hold', 'start'], 'active active draft'],
    ['given up before care', ['fail'], 'cancelled inactive revoked'],
    ['withdrawn before care', ['cancel'], 'cancelled inactive revoked'],
    ['given up in the middle of care', ['recordVisit', 'fail'], 'finished inactive revoked'],
    ['cancelled by the sender before care', [['source', 'cancel']], 'cancelled inactive revoked'],
    [
      'cancelled by the sender in the middle of care',
      ['recordVisit', ['source', 'cancel']],
      'active active draft',
    ],
    ['asked to cancel, and confirmed', [['source', 'askToCancel'], 'cancel'], 'cancelled inactive revoked'],
    ['marked as an error', [['source', 'markError']], 'entered-in-error entered-in-error entered-in-error'],
    ['completed without a word', ['complete'], 'planned active draft'],
    ['completed: engaged', [closure('engaged')], 'active active draft'],
    ['completed: never attended', [closure('never-attended')], 'cancelled inactive revoked'],
    ['completed after care: moved', ['recordVisit', closure('moved')], 'finished inactive revoked'],
  ])('%s', async (_what, steps, expected) => {
    await refer();
    await step('target', 'accept');
    for (const each of steps) {
      if (Array.isArray(each)) await step(...each);
      else await step('target', each);
    }
    const shown = [episode(), one<CareTeam>('CareTeam'), one<CarePlan>('CarePlan')].map(
      ({ status }) => status,
    );
    expect(shown.join(' ')).toBe(expected);
  });

  it('keeps its history', async () => {
    await refer();
    await step('target', 'accept');
    world.now = new Date('2026-05-06T16:00:00Z');
    await step('target', 'recordVisit');
    world.now = new Date('2026-06-01T16:00:00Z');
    await step('target', 'fail');
    expect(episode().statusHistory).toEqual([
      { status: 'planned', period: { start: '2026-05-04T14:00:00.000Z', end: '2026-05-06T16:00:00.000Z' } },
      { status: 'active', period: { start: '2026-05-06T16:00:00.000Z', end: '2026-06-01T16:00:00.000Z' } },
    ]);
    expect(episode().period).toEqual({ start: '2026-05-04T14:00:00.000Z', end: '2026-06-01T16:00:00.000Z' });
  });

  it('is not touched by an older Task of the same two', async () => {
    await refer();
    await step('target', 'decline');
    const declined = task;
    await refer();
    await step('target', 'accept');
    await world.write('source', { ...world.read<Task>(`Task/${declined.id}`), ...asks.markError });
    expect(episode().status).toBe('planned');
  });

  it('leaves alone what is over', () => {
    for (const over of ['finished', 'cancelled', 'entered-in-error'] as const) {
      for (const event of ['record-visit', 'fail', 'hold', 'resume', 'mark-error'] as const) {
        expect(episodeAfter(over, event, undefined)).toBeUndefined();
      }
      expect(episodeAfter(over, 'complete', 'engaged')).toBeUndefined();
    }
  });
});

describe('the case manager', () => {
  const members = () =>
    one<CareTeam>('CareTeam').participant?.map(
      ({ role, member, period }) =>
        `${role?.[0]?.coding?.[0]?.code} ${member?.reference}${period?.end ? ' until then' : ''}`,
    );

  it('joins the team when assigned, and leaves it when another takes over', async () => {
    await refer();
    await step('target', 'accept');
    const assign = (careManager: EpisodeOfCare['careManager']) =>
      world.write('target', { ...episode(), careManager });
    await assign({ reference: 'Practitioner/ana' });
    expect(members()).toEqual([
      'referrer Organization/source',
      'intake-contact Organization/target',
      'case-manager Practitioner/ana',
    ]);
    await assign({ reference: 'Practitioner/ben' });
    expect(members()?.slice(2)).toEqual([
      'case-manager Practitioner/ana until then',
      'case-manager Practitioner/ben',
    ]);
    expect((await assign({ reference: 'Practitioner/ben' })).also).toEqual([]);
    const { careManager: _nobody, ...without } = episode();
    await world.write('target', without);
    expect(members()?.slice(2)).toEqual([
      'case-manager Practitioner/ana until then',
      'case-manager Practitioner/ben until then',
    ]);
  });

  it('does not join a team of somebody else', async () => {
    await refer();
    await step('target', 'accept');
    const other = world.place<CareTeam>({
      resourceType: 'CareTeam',
      status: 'active',
      managingOrganization: [{ reference: 'Organization/third' }],
    });
    const foreign = {
      ...episode(),
      team: [{ reference: `CareTeam/${other.id}` }],
      careManager: { reference: 'Practitioner/ana' },
    };
    expect((await world.write('target', foreign)).also).toEqual([]);
  });
});

describe('who treats people', () => {
  const typed = (system: string, code: string) => ({ type: [{ coding: [{ system, code }] }] });
  it.each([
    ['http://terminology.hl7.org/CodeSystem/organization-type', 'prov', true],
    ['http://nucc.org/provider-taxonomy', '261QM0801X', true],
    ['http://nucc.org/provider-taxonomy', '251S00000X', true],
    ['http://terminology.hl7.org/CodeSystem/organization-type', 'cg', false],
    ['http://example.org/other', 'prov', false],
  ])('%s|%s: %s', (system, code, treats) => {
    expect(isTreatingProvider(typed(system, code))).toBe(treats);
  });
  it('nobody who does not say what they are', () => expect(isTreatingProvider({})).toBe(false));
});
