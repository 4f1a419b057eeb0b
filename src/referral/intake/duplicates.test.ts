import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { duplicatesOf, type Sent, topmost } from './duplicates.ts';
import { sameNeed } from './same-need.ts';

const snomed = 'http://snomed.info/sct';
const serviceType = 'http://terminology.hl7.org/CodeSystem/service-type';
const hub = 'https://warmhandoff.example/fhir/CodeSystem/referral-service';
const gravity = 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes';

const request = (id: string, more: Partial<ServiceRequest> = {}): ServiceRequest => ({
  resourceType: 'ServiceRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  ...more,
});
const coded = (system: string, code: string): Partial<ServiceRequest> => ({
  code: { coding: [{ system, code }] },
});
const sent = (of: ServiceRequest, more: Partial<Task> = {}): Sent => ({
  request: of,
  task: {
    resourceType: 'Task',
    id: `task-of-${of.id}`,
    status: 'requested',
    intent: 'order',
    focus: { reference: `ServiceRequest/${of.id}` },
    ...more,
  },
});

describe('the same need', () => {
  it.each<[string, Partial<ServiceRequest>, Partial<ServiceRequest>, boolean]>([
    ['the same code', coded(hub, 'housing'), coded(hub, 'housing'), true],
    ['another code', coded(hub, 'housing'), coded(hub, 'psychiatry'), false],
    ['the same code of another system', coded('urn:a', 'x'), coded('urn:b', 'x'), false],
    ['two codes for one service type', coded(serviceType, '136'), coded(snomed, '464001000124109'), true],
    [
      'a category, where the code says nothing',
      { category: [{ coding: [{ system: gravity, code: 'food-insecurity' }] }] },
      { category: [{ coding: [{ system: gravity, code: 'food-insecurity' }] }] },
      true,
    ],
    [
      'the same words',
      { code: { text: 'Somebody  to talk to' } },
      { code: { text: 'somebody to talk to ' } },
      true,
    ],
    ['other words', { code: { text: 'a lawyer' } }, { code: { text: 'somebody to talk to' } }, false],
    ['nothing said by either', {}, {}, false],
    ['a code, and words alone', coded(hub, 'housing'), { code: { text: 'housing' } }, false],
  ])('%s: %o', (_what, a, b, same) => {
    expect(sameNeed(request('a', a), request('b', b))).toBe(same);
    expect(sameNeed(request('b', b), request('a', a))).toBe(same);
  });
});

describe('duplicates', () => {
  const housing = coded(hub, 'housing');
  const own = request('own', housing);
  it.each<[string, Sent, boolean]>([
    ['open, for the same', sent(request('other', housing)), true],
    ['accepted', sent(request('other', housing), { status: 'accepted' }), true],
    ['on hold', sent(request('other', housing), { status: 'on-hold' }), true],
    ['over', sent(request('other', housing), { status: 'completed' }), false],
    ['declined', sent(request('other', housing), { status: 'rejected' }), false],
    ['a draft', sent(request('other', housing), { status: 'draft' }), false],
    ['for something else', sent(request('other', coded(hub, 'psychiatry'))), false],
    ['another Task of the same request', sent(own, { id: 'second' }), false],
    [
      'what the hub made of it',
      sent(request('filler', { ...housing, basedOn: [{ reference: 'ServiceRequest/own' }] })),
      false,
    ],
    [
      'what replaces it',
      sent(request('newer', { ...housing, replaces: [{ reference: 'ServiceRequest/own' }] })),
      false,
    ],
  ])('%s', (_what, other, is) => {
    expect(duplicatesOf(own, [other])).toHaveLength(is ? 1 : 0);
  });

  it('are each told once, by the Task above those that the hub made of it', () => {
    const [first, filler] = [
      request('first', housing),
      request('filler', { ...housing, basedOn: [{ reference: 'ServiceRequest/first' }] }),
    ];
    const above = sent(first);
    const below = sent(filler, { partOf: [{ reference: 'Task/task-of-first' }] });
    const beside = sent(first, { id: 'asked-too' });
    expect(topmost([below, above, beside])).toEqual([above]);
    // Who sees the Task below alone is told of that.
    expect(topmost([below])).toEqual([below]);
  });
});
