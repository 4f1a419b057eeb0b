import type { CarePlan, CareTeam, EpisodeOfCare, ServiceRequest, Task } from '@medplum/fhirtypes';
import { beforeEach, describe, expect, it } from 'vitest';
import { asks } from '../../../test/cases/lifecycle-asks.ts';
import {
  createReferralWorld,
  hubId,
  placeNetwork,
  placeRequest,
  type ReferralWorld,
  referralTask,
} from '../../../test/harness/referral-world.ts';
import { nextStepOf } from './next-step.ts';
import { hubReason } from './reasons.ts';

let world: ReferralWorld;
let root: string;
let filler: string;

const hub = { reference: `Organization/${hubId}` };

beforeEach(async () => {
  world = createReferralWorld();
  const { request } = placeNetwork(world, ['target', 'shelter', 'third']);
  root = (await world.write('source', referralTask(request.id, { owner: hub }))).stored.id;
  filler = placeRequest(world, {
    intent: 'filler-order',
    basedOn: [{ reference: `ServiceRequest/${request.id}` }],
    requester: hub,
  }).id;
});

const at = (id: string): Task => world.read(`Task/${id}`);
const write = async (party: string, id: string, change: Partial<Task>) =>
  (await world.write(party, { ...at(id), ...change })).stored;
const offer = async (to: string): Promise<string> => {
  const task = referralTask(filler, {
    partOf: [{ reference: `Task/${root}` }],
    requester: hub,
    owner: { reference: `Organization/${to}` },
  });
  return (await world.write(hubId, task)).stored.id;
};
const shown = (id: string) => `${at(id).status} ${at(id).businessStatus?.coding?.[0]?.code ?? ''}`.trim();
const turn = (id: string) => `${nextStepOf(at(id))?.turn}: ${nextStepOf(at(id))?.action}`;
const notes = (id: string) => at(id).note?.map(one => one.text);

describe('a referral through the hub', () => {
  it('shows the sender every step below', async () => {
    expect(turn(root)).toBe(`${hubId}: route`);
    await write(hubId, root, { status: 'accepted' });
    expect([shown(root), turn(root)]).toEqual(['accepted 3.0', `${hubId}: offer-next`]);
    const first = await offer('shelter');
    expect([shown(root), turn(root)]).toEqual(['accepted 3.0', 'shelter: answer']);
    await write('shelter', first, { status: 'rejected', statusReason: { text: 'No bed until June' } });
    expect([shown(root), turn(root)]).toEqual(['accepted 3.0', `${hubId}: offer-next`]);
    const second = await offer('target');
    await write('target', second, asks.accept);
    expect([shown(root), turn(root)]).toEqual(['in-progress 3.0', 'target: schedule']);
    await write('target', second, asks.schedule);
    expect([shown(root), turn(root)]).toEqual(['in-progress 5.1.1', 'target: record-visit']);
    expect(nextStepOf(at(root))).toEqual(nextStepOf(at(second)));
    await write('target', second, asks.missVisit);
    expect(shown(root)).toBe('in-progress 5.1.2');
    await write('target', second, asks.hold);
    expect(shown(root)).toBe('in-progress waitlisted');
    await write('target', second, asks.start);
    await write('target', second, asks.schedule);
    await write('target', second, asks.recordVisit);
    expect(shown(root)).toBe('in-progress 5.1.4');
    await write('target', second, asks.complete);
    expect([shown(root), turn(root)]).toEqual(['completed 7.0', 'source: close-request']);
    expect(at(root).output).toEqual(asks.complete.output);
    expect(world.read<ServiceRequest>(`ServiceRequest/${filler}`).status).toBe('completed');
    expect(notes(root)).toEqual([
      'Center shelter was asked.',
      'Center shelter declined: No bed until June.',
      'Center target was asked.',
      'Center target accepted.',
      'Center target scheduled a visit for 2026-05-06T15:00:00Z.',
      'Center target reports that the visit was missed.',
      'Center target put the referral on hold: waitlist-too-long.',
      'Center target resumed the referral.',
      'Center target scheduled a visit for 2026-05-06T15:00:00Z.',
      'Center target reports that the visit was kept.',
      'Center target completed the referral.',
    ]);
  });

  it('stays in progress through a later failure, and asks the next', async () => {
    await write(hubId, root, { status: 'accepted' });
    const first = await offer('target');
    await write('target', first, asks.accept);
    await write('target', first, asks.schedule);
    await write('target', first, asks.fail);
    expect([shown(root), turn(root)]).toEqual(['in-progress in-progress', `${hubId}: offer-next`]);
    const second = await offer('third');
    expect(turn(root)).toBe('third: answer');
    await write('third', second, asks.accept);
    expect([shown(root), turn(root)]).toEqual(['in-progress 3.0', 'third: schedule']);
  });

  it('is given back when nobody is left', async () => {
    await write(hubId, root, { status: 'accepted' });
    const first = await offer('target');
    await write('target', first, asks.decline);
    await write(hubId, root, { status: 'failed', statusReason: hubReason('candidates-exhausted') });
    expect([shown(root), turn(root)]).toEqual(['failed 4.0', 'source: choose-again']);
    expect(world.read<ServiceRequest>(`ServiceRequest/${filler}`).status).toBe('revoked');
  });

  it('cannot be ended by the hub while somebody works on it', async () => {
    await write(hubId, root, { status: 'accepted' });
    const first = await offer('target');
    await write('target', first, asks.accept);
    await expect(write(hubId, root, { status: 'failed' })).rejects.toThrow(`Task/${first} below is at work`);
    await expect(write(hubId, root, asks.complete)).rejects.toThrow(
      'Possible from here for the hub and the receiver',
    );
  });

  it('lets notes and inputs pass, in both directions, once', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    const paper = { type: { text: 'Consent' }, valueString: 'signed' };
    await write('source', root, {
      note: [...(at(root).note ?? []), { text: 'She prefers mornings.' }],
      input: [paper],
    });
    expect(notes(child)).toEqual(['She prefers mornings.']);
    expect(at(child).note?.[0]?.authorReference?.reference).toBe('Organization/source');
    expect(at(child).input).toEqual([paper]);
    await write('target', child, { note: [...(at(child).note ?? []), { text: 'Mornings it is.' }] });
    expect(notes(root)).toEqual(['Center target was asked.', 'She prefers mornings.', 'Mornings it is.']);
    await write('target', child, asks.accept);
    expect(notes(root)?.filter(text => text === 'Mornings it is.')).toHaveLength(1);
    expect(notes(child)).toEqual(['She prefers mornings.', 'Mornings it is.']);
  });

  it('lets a question pass, and the answer', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    const code = {
      system: 'https://warmhandoff.example/fhir/CodeSystem/referral-status',
      code: 'info-requested',
    };
    await write('target', child, { businessStatus: { coding: [code] } });
    expect([turn(child), turn(root)]).toEqual(['source: provide-information', 'source: provide-information']);
    expect(notes(root)?.at(-1)).toBe('Center target says: Information requested.');
    await write('source', root, { note: [{ text: 'The medication list is attached.' }] });
    expect([turn(child), turn(root)]).toEqual(['target: answer', 'target: answer']);
  });
});

describe('several asked at once', () => {
  it('the first acceptance wins, in one commit', async () => {
    await write(hubId, root, { status: 'accepted' });
    const [first, second, third] = [await offer('target'), await offer('shelter'), await offer('third')];
    expect(turn(root)).toBe(`${hubId}: collect-answers`);
    await expect(offer('outsider')).rejects.toThrow('3 organizations are asked already');
    const { also } = await world.write('shelter', { ...at(second), ...asks.accept });
    expect([first, second, third].map(shown)).toEqual(['cancelled 6.0', 'accepted 3.0', 'cancelled 6.0']);
    expect(at(first).statusReason?.coding?.[0]?.code).toBe('another-accepted');
    expect(also.map(one => one.after.id).sort()).toEqual([first, third, root].sort());
    expect([shown(root), turn(root)]).toEqual(['in-progress 3.0', 'shelter: schedule']);
    await expect(write('target', first, asks.accept)).rejects.toThrow('The referral is cancelled, 6.0');
    await expect(offer('third')).rejects.toThrow('Another organization is at work');
  });
});

describe('the sender of a referral through the hub', () => {
  it('asks to cancel: nobody has accepted, so the hub confirms', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    await write('source', root, asks.askToCancel);
    expect([shown(root), shown(child), turn(root)]).toEqual([
      'cancelled 6.0',
      'cancelled 6.0',
      'source: close-request',
    ]);
    expect(world.read<ServiceRequest>(`ServiceRequest/${filler}`).status).toBe('revoked');
  });

  it('asks to cancel: who has accepted is asked, and confirms for all', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    await write('target', child, asks.accept);
    await write('source', root, asks.askToCancel);
    expect([shown(root), shown(child), turn(root)]).toEqual([
      'in-progress 5.2',
      'in-progress 5.2',
      'target: confirm-cancellation',
    ]);
    await write('target', child, { status: 'cancelled' });
    expect([shown(root), shown(child)]).toEqual(['cancelled 6.0', 'cancelled 6.0']);
  });

  it('asks to cancel, and gets the outcome in spite of it', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    await write('target', child, asks.accept);
    await write('source', root, asks.askToCancel);
    await write('target', child, asks.complete);
    expect([shown(root), shown(child)]).toEqual(['completed 7.0', 'completed 7.0']);
    expect(at(root).output).toEqual(asks.complete.output);
  });

  it('cancels outright: the receiver is told to stop, a late outcome is kept', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    await write('target', child, asks.accept);
    await write('source', root, { status: 'cancelled' });
    expect([shown(root), shown(child)]).toEqual(['cancelled 6.0', 'cancelled 6.0']);
    expect(notes(child)?.at(-1)).toMatch(/^The sender has cancelled this referral: please stop/);
    await write('target', child, asks.complete);
    expect([shown(root), shown(child)]).toEqual(['cancelled 6.0', 'cancelled 6.0']);
    expect(at(root).output).toEqual(asks.complete.output);
    expect(notes(root)?.slice(-2)).toEqual([
      'Center target was told to stop.',
      'Center target sent an outcome after the cancellation.',
    ]);
  });

  it('marks an error: so is everything below', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    await write('source', root, { status: 'entered-in-error' });
    expect([shown(root), shown(child)]).toEqual(['entered-in-error', 'entered-in-error']);
    const { focus } = at(root);
    for (const one of [focus?.reference ?? '', `ServiceRequest/${filler}`]) {
      expect(world.read<ServiceRequest>(one).status).toBe('entered-in-error');
    }
  });

  it('does not touch what the hub has below, nor does anybody make Tasks there', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    await expect(write('source', child, { note: [{ text: 'Hello' }] })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    const own = placeRequest(world, { requester: { reference: 'Organization/target' } });
    const stray = referralTask(own.id, {
      partOf: [{ reference: `Task/${root}` }],
      requester: { reference: 'Organization/target' },
    });
    await expect(world.write('target', stray)).rejects.toThrow('Only the hub makes Tasks');
  });
});

describe('an acceptance below', () => {
  const all = <R>(type: string) =>
    [...world.resources.values()].filter(one => one.resourceType === type) as R[];

  it('brings the three resources together at who treats, with the sender as planner', async () => {
    await write(hubId, root, { status: 'accepted' });
    const child = await offer('target');
    const { also } = await world.write('target', { ...at(child), ...asks.accept });
    expect(
      also
        .filter(one => one.inNameOf === 'target')
        .map(one => one.after.resourceType)
        .sort(),
    ).toEqual(['CarePlan', 'CareTeam', 'EpisodeOfCare']);
    const [[episode], [team], [plan]] = [
      all<EpisodeOfCare>('EpisodeOfCare'),
      all<CareTeam>('CareTeam'),
      all<CarePlan>('CarePlan'),
    ];
    expect(episode).toMatchObject({
      status: 'planned',
      referralRequest: [{ reference: `ServiceRequest/${filler}` }],
      team: [{ reference: `CareTeam/${team?.id}` }],
    });
    expect(team?.participant?.map(one => [one.role?.[0]?.coding?.[0]?.code, one.member?.reference])).toEqual([
      ['referrer', 'Organization/source'],
      ['intake-contact', 'Organization/target'],
    ]);
    expect(plan).toMatchObject({
      status: 'draft',
      careTeam: [{ reference: `CareTeam/${team?.id}` }],
      activity: [{ reference: { reference: `ServiceRequest/${filler}` } }],
    });
  });

  it('brings nothing together at a shelter', async () => {
    await write(hubId, root, { status: 'accepted' });
    await write('shelter', await offer('shelter'), asks.accept);
    expect(['EpisodeOfCare', 'CareTeam', 'CarePlan'].flatMap(all)).toEqual([]);
  });

  it('is undone when the sender cancels before care has begun', async () => {
    await write(hubId, root, { status: 'accepted' });
    await write('target', await offer('target'), asks.accept);
    await write('source', root, { status: 'cancelled' });
    expect([
      all<EpisodeOfCare>('EpisodeOfCare')[0]?.status,
      all<CareTeam>('CareTeam')[0]?.status,
      all<CarePlan>('CarePlan')[0]?.status,
    ]).toEqual(['cancelled', 'inactive', 'revoked']);
  });
});
