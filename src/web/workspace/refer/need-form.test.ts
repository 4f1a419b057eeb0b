import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { HubError } from '../../../errors.ts';
import { concept, routingSystem, tokens } from '../../../referral/routing/codes.ts';
import { formOf, freshForm, type NeedForm, type Offered, sentForm, wantedOf } from './need-form.ts';
import { type Option, ownNeed } from './options.ts';
import { atFirst, type Pair, withWanted } from './wanted.ts';

const option = (system: string, code: string, label: string, text?: string): Option => {
  const own = { ...concept(system, code, label), ...(text ? { text } : {}) };
  return { token: tokens(own)[0] ?? '', label: text ?? label, concept: own };
};
const peers = option('https://example.org/needs', 'peer-support', 'Peer support');
const food = option(routingSystem.gravity, 'food-insecurity', 'Food Insecurity', 'Food');
const video = option(routingSystem.characteristic, 'telehealth', 'Telehealth');
const outpatient = option(routingSystem.levelOfCare, 'outpatient', 'Outpatient care');
const veterans = option(routingSystem.program, 'veterans', 'Veterans program');
const offered: Offered = {
  needs: [peers, food],
  traits: [video],
  levels: [outpatient],
  programs: [veterans],
  conditions: ['Condition/1', 'Condition/2'],
};

const pair: Pair = {
  request: {
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'order',
    subject: { reference: 'Patient/p' },
  } satisfies ServiceRequest,
  task: { resourceType: 'Task', status: 'draft', intent: 'order' } satisfies Task,
};
const full: NeedForm = {
  ...freshForm(['Condition/2']),
  need: food.token,
  priority: 'urgent',
  words: 'Meals that are soft',
  reasonText: 'Cannot shop.',
  note: 'Ring twice.',
  wishes: [video.token],
  musts: [video.token],
  levels: [outpatient.token],
  programs: [veterans.token],
};

describe('the form of a need', () => {
  it('comes back from the draft as it was sent', () => {
    expect(formOf(withWanted(pair, wantedOf(full, offered)), offered.needs)).toEqual(full);
    const plain = { ...freshForm([]), need: food.token };
    expect(formOf(withWanted(pair, wantedOf(plain, offered)), offered.needs)).toEqual(plain);
  });

  it('leaves nothing behind of what is taken back', () => {
    const plain = { ...freshForm([]), need: peers.token };
    const was = withWanted(pair, wantedOf(full, offered));
    expect(withWanted(was, wantedOf(plain, offered))).toEqual(withWanted(pair, wantedOf(plain, offered)));
  });

  it('keeps what it does not show', () => {
    const others = {
      category: [{ text: 'Ward 4' }],
      reasonReference: [{ reference: 'Observation/9' }],
      note: [{ text: 'first' }, { text: 'of the system' }],
    };
    const { request } = withWanted(
      { ...pair, request: { ...pair.request, ...others } },
      wantedOf({ ...full, note: 'mine' }, offered),
    );
    expect(request.category?.[0]).toEqual({ text: 'Ward 4' });
    expect(request.reasonReference).toEqual([{ reference: 'Observation/9' }, { reference: 'Condition/2' }]);
    expect(request.note).toEqual([{ text: 'mine' }, { text: 'of the system' }]);
  });

  it('makes a social need its own category', () => {
    const { request } = withWanted(pair, wantedOf(full, offered));
    expect(tokens(...(request.category ?? []))).toEqual([food.token, veterans.token]);
    expect(request.code).toMatchObject({
      text: 'Meals that are soft',
      coding: [{ code: 'food-insecurity' }],
    });
  });

  it('leaves out the illness and the stay at first where it is about everyday life', () => {
    const stay = { supportingInfo: [{ reference: 'Encounter/e' }], insurance: [{ reference: 'Coverage/c' }] };
    const begun = { ...pair, request: { ...pair.request, ...stay } };
    const of = (need: string) => withWanted(begun, wantedOf({ ...full, need }, offered));
    expect(atFirst(of(peers.token))).toEqual(of(peers.token));
    const { request } = atFirst(of(food.token));
    expect(request.reasonReference).toBeUndefined();
    expect(request.supportingInfo).toBeUndefined();
    expect(request.insurance).toEqual(stay.insurance);
    expect(request.reasonCode).toEqual([{ text: 'Cannot shop.' }]);
  });

  it.each([
    ['no need', { ...full, need: '' }, ['need']],
    ['a need that is not offered', { ...full, need: 'x|y' }, ['need']],
    ['no urgency', { ...full, priority: 'soon' }, ['priority']],
    ['neither', freshForm([]), ['need']],
  ])('is refused with %s', (_, form, expressions) => {
    try {
      wantedOf(form, offered);
      expect.unreachable();
    } catch (error) {
      expect((error as HubError).problems.map(({ expression }) => expression)).toEqual(expressions);
    }
  });

  it('takes nothing that the page did not offer', () => {
    const fields: Record<string, string[]> = {
      need: [peers.token],
      priority: ['routine'],
      reason: ['Condition/1', 'Condition/of-another'],
      wish: ['x|y'],
    };
    const wanted = wantedOf(
      sentForm(name => fields[name] ?? [], []),
      offered,
    );
    expect(wanted.reasons).toEqual(['Condition/1']);
    expect(wanted.wishes).toEqual([]);
  });
});

describe('a need in another code', () => {
  const request = (code: ServiceRequest['code']): ServiceRequest => ({
    ...pair.request,
    ...(code ? { code } : {}),
  });
  const groups = [{ title: 'Care', options: [peers] }];

  it.each([
    [
      'is offered as it is',
      { ...concept('http://snomed.info/sct', '710911006', 'Referral to housing service'), text: 'A bed' },
      'Referral to housing service',
    ],
    ['in words alone too', { text: 'Somebody who reads to her' }, 'Somebody who reads to her'],
  ])('%s', (_, code, label) => {
    expect(ownNeed(request(code), groups)?.label).toBe(label);
  });

  it('is none where there is none, or where it is offered anyway', () => {
    expect(ownNeed(request(undefined), groups)).toBeUndefined();
    expect(ownNeed(request(peers.concept), groups)).toBeUndefined();
  });

  it('keeps the words of the sender', () => {
    const own = ownNeed(request({ ...concept('s', 'c', 'd'), text: 'A bed' }), groups);
    const needs = own ? [own] : [];
    const draft = { ...pair, request: request({ ...concept('s', 'c', 'd'), text: 'A bed' }) };
    const form = formOf(draft, needs);
    expect(form.words).toBe('A bed');
    expect(withWanted(draft, wantedOf(form, { ...offered, needs })).request.code).toEqual(draft.request.code);
  });
});
