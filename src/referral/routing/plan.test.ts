import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import weights from '../../../terminology/routing-weights.json' with { type: 'json' };
import { system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { nextStepExtension } from '../lifecycle/next-step.ts';
import { answersOf } from './answer-time.ts';
import { plain } from './candidate.harness.ts';
import type { Candidate, Need } from './candidate.ts';
import { planChase, reminderExtension } from './chase.ts';
import { concept, routingSystem } from './codes.ts';
import { planRouting, type RoutingState } from './plan.ts';
import { routingRules } from './rules.ts';

const now = new Date('2026-03-02T15:00:00Z');
const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' };

const request: ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'req',
  meta: { versionId: '1', lastUpdated: now.toISOString(), security: [label] },
  identifier: [{ value: 'hospital-7' }],
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  priority: 'urgent',
  requester: { reference: 'Organization/hospital' },
  code: { text: 'case management' },
  category: [{ text: 'social' }],
  reasonReference: [{ reference: 'Condition/c' }],
  supportingInfo: [{ reference: 'DocumentReference/d' }],
  performer: [{ reference: 'Organization/hub' }],
};
const sent: Task = {
  resourceType: 'Task',
  id: 'task',
  meta: { versionId: '3', security: [label] },
  status: 'requested',
  intent: 'order',
  for: { reference: 'Patient/p' },
  code: concept(system.taskCode, 'fulfill', ''),
  focus: { reference: 'ServiceRequest/req' },
  requester: { reference: 'Organization/hospital' },
  owner: { reference: 'Organization/hub' },
  input: [
    { type: { text: 'summary' }, valueReference: { reference: 'DocumentReference/d' } },
    { type: concept(routingSystem.input, 'avoid', ''), valueReference: { reference: 'Organization/x' } },
  ],
  note: [{ text: 'From the hospital' }],
};
const filler: ServiceRequest = { ...request, id: 'filler', intent: 'filler-order', meta: { versionId: '1' } };
const need: Need = {
  services: ['s|136'],
  homes: [],
  payers: [],
  languages: [],
  priority: 'urgent',
  programs: [],
  populations: [],
  requires: { access: [], levels: [], licences: [] },
  wishes: { preferred: [], avoided: [], characteristics: [] },
  asked: [],
  refusals: [],
};
const candidate = (id: string, organization: string, load = 0): Candidate =>
  plain({ id, organization, name: organization.toUpperCase(), load });
const state = (more: Partial<RoutingState> = {}): RoutingState => ({
  hub: 'hub',
  task: sent,
  request,
  offers: [],
  need,
  rules: routingRules(weights),
  offerEnds: () => new Date('2026-03-02T19:00:00Z'),
  parallelOffers: 3,
  candidates: [candidate('n2', 'north', 4), candidate('n1', 'north', 3), candidate('s1', 'south', 9)],
  ...more,
});
const offer = (organization: string, status: Task['status'], more: Partial<Task> = {}) => ({
  organization,
  task: {
    ...sent,
    id: `to-${organization}`,
    status,
    lastModified: '2026-03-01T10:00:00Z',
    partOf: [{ reference: 'Task/task' }],
    owner: { reference: `Organization/${organization}` },
    ...more,
  },
});
const accepted: Task = { ...sent, status: 'accepted' };

const resourceIn = (operation: WriteOperation | undefined) =>
  operation && 'resource' in operation ? operation.resource : undefined;

describe('a referral that was sent to the hub', () => {
  it('is accepted, carried on by the hub’s own request, and offered to the best organization', () => {
    const [update, create, ask, ...rest] = planRouting(state(), now);
    expect(rest).toEqual([]);
    expect(update).toMatchObject({
      kind: 'update',
      type: 'Task',
      id: 'task',
      ifMatch: 'W/"3"',
      resource: {
        status: 'accepted',
        note: [
          { text: 'From the hospital' },
          { authorReference: { reference: 'Organization/hub' }, time: now.toISOString() },
        ],
      },
    });
    const note = (resourceIn(update) as Task).note?.[1]?.text ?? '';
    expect(note).toMatch(
      /^Asked \*\*NORTH \([\d.]+ of 100\)\*\*: Offers the service asked for\. .*Has 3 other referrals open\./,
    );
    expect(note).toContain('Next in line:\n- NORTH (');
    expect(create).toMatchObject({ kind: 'create', fullUrl: 'urn:uuid:req' });
    expect(resourceIn(create)).toEqual({
      resourceType: 'ServiceRequest',
      meta: { security: [label] },
      status: 'active',
      intent: 'filler-order',
      basedOn: [{ reference: 'ServiceRequest/req' }],
      authoredOn: now.toISOString(),
      requester: { reference: 'Organization/hub' },
      subject: { reference: 'Patient/p' },
      priority: 'urgent',
      code: { text: 'case management' },
      category: [{ text: 'social' }],
      reasonReference: request.reasonReference,
      supportingInfo: request.supportingInfo,
    });
    const task = resourceIn(ask) as Task;
    expect(task).toMatchObject({
      meta: { security: [label] },
      partOf: [{ reference: 'Task/task' }],
      basedOn: [{ reference: 'ServiceRequest/req' }],
      focus: { reference: 'urn:uuid:req' },
      status: 'requested',
      for: { reference: 'Patient/p' },
      requester: { reference: 'Organization/hub' },
      owner: { reference: 'Organization/north' },
      priority: 'urgent',
      restriction: { period: { end: '2026-03-02T19:00:00.000Z' } },
    });
    expect(task.input).toEqual([
      sent.input?.[0],
      expect.objectContaining({ valueReference: { reference: 'HealthcareService/n1', display: 'NORTH' } }),
    ]);
    expect(task.description).toMatch(/^The hub asks NORTH because: Offers/);
    expect(task.description).not.toContain('SOUTH');
    expect(task.note).toBeUndefined();
  });

  it('goes to the next organization on the same request when one has refused', () => {
    const asked = [{ organization: 'north', words: 'Declined' }];
    const plan = planRouting(
      state({ task: accepted, filler, offers: [offer('north', 'rejected')], need: { ...need, asked } }),
      now,
    );
    expect(plan.map(({ kind }) => kind)).toEqual(['update', 'create']);
    expect(resourceIn(plan[0])).toMatchObject({ status: 'accepted' });
    expect((resourceIn(plan[0]) as Task).note?.[1]?.text).toContain(
      'Not asked:\n- NORTH: Declined.\n- NORTH: Declined.',
    );
    expect(resourceIn(plan[1])).toMatchObject({
      owner: { reference: 'Organization/south' },
      focus: { reference: 'ServiceRequest/filler' },
    });
  });

  it.each<[string, Partial<RoutingState>]>([
    ['somebody has been asked', { task: accepted, offers: [offer('north', 'requested')] }],
    ['somebody has accepted', { task: accepted, offers: [offer('north', 'accepted')] }],
    [
      'somebody is at work',
      { task: { ...accepted, status: 'in-progress' }, offers: [offer('north', 'on-hold')] },
    ],
    ['it is completed', { task: { ...accepted, status: 'completed' } }],
    ['it is a draft', { task: { ...sent, status: 'draft' } }],
    ['it is another’s', { task: { ...sent, owner: { reference: 'Organization/north' } } }],
    ['the request is over', { request: { ...request, status: 'revoked' } }],
    [
      'its sender asks to cancel it',
      { task: { ...accepted, status: 'in-progress', businessStatus: concept(system.bserStatus, '5.2', '') } },
    ],
  ])('rests while %s', (_name, more) => {
    expect(planRouting(state(more), now)).toEqual([]);
  });

  it('asks several at once where the rules say so, each organization once', () => {
    const rules = { ...routingRules(weights), offersAtOnce: 3 };
    const first = planRouting(state({ rules }), now)
      .slice(2)
      .map(one => (resourceIn(one) as Task).owner?.reference);
    expect(first).toEqual(['Organization/north', 'Organization/south']);
    const one = state({
      rules,
      task: accepted,
      filler,
      offers: [offer('north', 'requested')],
      need: { ...need, asked: [{ organization: 'north', words: 'Was asked' }] },
    });
    expect(
      planRouting(one, now)
        .slice(1)
        .map(entry => (resourceIn(entry) as Task).owner?.reference),
    ).toEqual(['Organization/south']);
    const both = {
      ...one,
      offers: [offer('north', 'requested'), offer('south', 'requested')],
      need: {
        ...need,
        asked: [
          { organization: 'north', words: '' },
          { organization: 'south', words: '' },
        ],
      },
    };
    expect(planRouting(both, now)).toEqual([]);
  });

  it.each([
    [undefined, 3, ['north', 'south', 'west']],
    [undefined, 2, ['north', 'south']],
    [1, 3, ['north']],
    [2, 3, ['north', 'south']],
    [3, 2, ['north', 'south']],
  ])(
    'in parallel asks as many as the sender says (%j), at most what the network allows (%i)',
    (wanted, parallelOffers, asked) => {
      const kind = (code: string) => concept(routingSystem.input, code, '');
      const input = [
        { type: kind('strategy'), valueCodeableConcept: concept(routingSystem.strategy, 'parallel', '') },
        ...(wanted ? [{ type: kind('offers-at-once'), valuePositiveInt: wanted }] : []),
      ];
      const candidates = [...state().candidates, candidate('w1', 'west', 20), candidate('z1', 'zenith', 30)];
      const operations = planRouting(state({ task: { ...sent, input }, candidates, parallelOffers }), now);
      const owners = operations.slice(2).map(one => (resourceIn(one) as Task).owner?.reference);
      expect(owners).toEqual(asked.map(id => `Organization/${id}`));
    },
  );

  it('goes back to its sender, with all that was tried, when nobody is left', () => {
    const offers = [
      offer('north', 'rejected', {
        statusReason: { text: 'no room' },
        owner: { reference: 'PractitionerRole/intake', display: 'Northside' },
      }),
      offer('south', 'cancelled', {
        statusReason: { coding: [{ code: 'offer-expired', display: 'Offer expired' }] },
      }),
      offer('east', 'entered-in-error'),
    ];
    const asked = ['north', 'south'].map(organization => ({ organization, words: 'Declined' }));
    const closed = { ...candidate('w1', 'west'), inactive: 'This service is closed' };
    const gone = state({
      task: { ...accepted, status: 'in-progress' },
      filler,
      offers,
      need: { ...need, asked },
      candidates: [...state().candidates, closed],
    });
    const [update, revoke, ...rest] = planRouting(gone, now);
    expect(rest).toEqual([]);
    expect(update).toMatchObject({
      resource: { status: 'failed', statusReason: { coding: [{ code: 'candidates-exhausted' }] } },
    });
    expect((resourceIn(update) as Task).note?.[1]?.text).toBe(
      [
        'Every organization that could help has been asked, and none could take this referral.',
        'Tried:\n- Northside: Declined on March 1, 2026 (no room).\n- SOUTH: The offer ended on March 1, 2026 (Offer expired).',
        'Not asked:\n- WEST: This service is closed.',
        'Please choose how to go on: change the request and send it again, ask an organization directly, or close it.',
      ].join('\n\n'),
    );
    expect(revoke).toMatchObject({ kind: 'update', id: 'filler', resource: { status: 'revoked' } });
  });

  it('is declined at once where nobody could be asked at all', () => {
    const [update, ...rest] = planRouting(state({ candidates: [] }), now);
    expect(rest).toEqual([]);
    expect(update).toMatchObject({ resource: { status: 'rejected' } });
    expect((resourceIn(update) as Task).note?.[1]?.text).toMatch(
      /^No organization in the directory could be asked/,
    );
  });
});

describe('an offer that waits', () => {
  const waiting: Task = {
    ...sent,
    owner: { reference: 'Organization/north' },
    authoredOn: '2026-03-02T12:00:00Z',
    restriction: { period: { end: '2026-03-02T16:00:00Z' } },
  };
  const reminded = {
    ...waiting,
    note: [{ text: '', extension: [{ url: reminderExtension, valueBoolean: true }] }],
  };
  const due = (action: 'answer' | 'provide-information'): Task => ({
    ...waiting,
    restriction: undefined,
    extension: [nextStepExtension({ turn: 'north', action, due: '2026-03-02T16:00:00Z' })],
  });
  it.each<[string, Task, string, string]>([
    ['before half of its time', waiting, '2026-03-02T13:59:59Z', 'nothing'],
    ['at half of its time', waiting, '2026-03-02T14:00:00Z', 'reminder'],
    ['reminded already', reminded, '2026-03-02T15:00:00Z', 'nothing'],
    ['at its end', reminded, '2026-03-02T16:00:00Z', 'end'],
    ['at its end without a reminder', waiting, '2026-03-02T20:00:00Z', 'end'],
    ['answered', { ...waiting, status: 'accepted' }, '2026-03-02T20:00:00Z', 'nothing'],
    ['offered to nobody', { ...waiting, owner: undefined }, '2026-03-02T20:00:00Z', 'nothing'],
    ['without an end', { ...waiting, restriction: undefined }, '2026-03-09T20:00:00Z', 'nothing'],
    ['due without an end of its own', due('answer'), '2026-03-02T16:00:00Z', 'end'],
    ['half due without an end of its own', due('answer'), '2026-03-02T14:00:00Z', 'reminder'],
    ['waiting for the sender', due('provide-information'), '2026-03-09T20:00:00Z', 'nothing'],
    [
      'waiting for the sender past its own end',
      { ...due('provide-information'), restriction: waiting.restriction },
      '2026-03-02T20:00:00Z',
      'nothing',
    ],
    [
      'with the time that a question took',
      { ...due('answer'), restriction: { period: { end: '2026-03-02T13:00:00Z' } } },
      '2026-03-02T13:30:00Z',
      'nothing',
    ],
    ['without a beginning', { ...waiting, authoredOn: undefined }, '2026-03-02T12:00:00Z', 'reminder'],
  ])('%s', (_name, task, at, what) => {
    const [operation, ...rest] = planChase(task, 'hub', new Date(at));
    expect(rest).toEqual([]);
    const written = resourceIn(operation) as Task | undefined;
    const seen = !written ? 'nothing' : written.status === 'cancelled' ? 'end' : 'reminder';
    expect(seen).toBe(what);
    if (seen === 'end') {
      expect(written?.statusReason?.coding?.[0]?.code).toBe('offer-expired');
    }
    if (seen === 'reminder') {
      expect(planChase(written as Task, 'hub', new Date(at))).toEqual([]);
      expect(written?.note?.at(-1)?.text).toContain('2026-03-02T16:00:00Z');
    }
  });
});

describe('the time to an answer', () => {
  const version = (status: Task['status'], lastUpdated: string): Task => ({
    ...sent,
    status,
    meta: { lastUpdated },
  });
  const answered = (hour: string) => [
    version('completed', '2026-03-09T10:00:00Z'),
    version('accepted', `2026-03-01T${hour}:00:00Z`),
    version('requested', '2026-03-01T11:00:00Z'),
    version('requested', '2026-03-01T10:00:00Z'),
    version('draft', '2026-02-01T10:00:00Z'),
  ];
  it('is the median from asking to the answer', () => {
    expect(answersOf([answered('12')]).answerHours).toBe(2);
    expect(answersOf([answered('12'), answered('13'), answered('20')]).answerHours).toBe(3);
    expect(answersOf([answered('12'), answered('20')]).answerHours).toBe(2);
  });
  it('is unknown where nothing has been answered', () => {
    expect(answersOf([])).toEqual({});
    expect(
      answersOf([[version('requested', '2026-03-01T10:00:00Z')], [version('draft', '2026-03-01T10:00:00Z')]]),
    ).toEqual({});
  });
});
