import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { concept, routingSystem } from '../../../referral/routing/codes.ts';
import { inputsOf } from '../../../referral/routing/need.ts';
import { strategyOf } from '../../../referral/routing/strategy.ts';
import { sendingOf, type Way, wayOf, withWay } from './way.ts';

const draft: Task = {
  resourceType: 'Task',
  id: 't',
  meta: { versionId: '3' },
  status: 'draft',
  intent: 'order',
  owner: { reference: 'Organization/hub' },
  input: [
    {
      type: concept(routingSystem.input, 'wish', 'Wish'),
      valueCodeableConcept: concept(routingSystem.characteristic, 'telehealth', 'Telehealth'),
    },
    { type: { text: 'Consent form' }, valueReference: { reference: 'DocumentReference/1' } },
  ],
};
const north = { reference: 'HealthcareService/north', display: 'North' };
const south = { reference: 'HealthcareService/south', display: 'South' };
const ways: [string, Way, string][] = [
  ['in order', { kind: 'cascade' }, 'cascade'],
  ['one', { kind: 'these', services: [north] }, 'direct'],
  ['two at once', { kind: 'these', services: [north, south] }, 'parallel'],
  ['by hand', { kind: 'hand', service: south, reason: 'Knows the family.' }, 'cascade'],
];
const organizations = new Map([
  ['north', 'north-center'],
  ['south', 'south-center'],
]);

describe('a way of asking', () => {
  it.each(ways)('is kept in the draft: %s', (_, way, strategy) => {
    const task = withWay(draft, way);
    expect(wayOf(task)).toEqual(way);
    expect(strategyOf(task)).toBe(strategy);
    expect(inputsOf(task.input ?? [], 'wish')).toHaveLength(1);
  });

  it('takes the place of another one, whole', () => {
    for (const [, before] of ways)
      for (const [, after] of ways)
        expect(withWay(withWay(draft, before), after)).toEqual(withWay(draft, after));
  });

  it('is none in a draft that was given none', () => {
    expect(wayOf(draft)).toBeUndefined();
  });
});

describe('sending', () => {
  it.each(ways)('asks as was chosen: %s', (_, way, strategy) => {
    const writes = sendingOf(withWay(draft, way), way, organizations);
    const tasks = writes.map(one => ('resource' in one ? (one.resource as Task) : undefined));
    expect(tasks.every(task => task?.status === 'requested')).toBe(true);
    const owners = tasks.map(task => task?.owner?.reference);
    const expected = {
      cascade: ['Organization/hub'],
      direct: ['Organization/north-center'],
      parallel: ['Organization/north-center', 'Organization/south-center'],
    };
    expect(owners).toEqual(expected[strategy as keyof typeof expected]);
  });

  it('shows who is asked directly nothing of the choice, and keeps what is attached', () => {
    const way: Way = { kind: 'these', services: [north, south] };
    const writes = sendingOf(withWay(draft, way), way, organizations);
    expect(writes.map(({ kind }) => kind)).toEqual(['update', 'create']);
    const [first, second] = writes.map(one => ('resource' in one ? (one.resource as Task).input : []));
    expect(first?.map(one => one.valueReference?.reference)).toEqual([
      'DocumentReference/1',
      north.reference,
    ]);
    expect(second?.map(one => one.valueReference?.reference)).toEqual([
      'DocumentReference/1',
      south.reference,
    ]);
  });

  it('stands only on the version that was read', () => {
    const [write] = sendingOf(draft, { kind: 'cascade' }, organizations);
    expect(write).toMatchObject({ kind: 'update', id: 't', ifMatch: 'W/"3"' });
  });

  it('never asks nobody', () => {
    expect(() => sendingOf(draft, { kind: 'these', services: [north] }, new Map())).toThrow(
      /nobody provides/,
    );
  });
});
