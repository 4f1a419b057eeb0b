import { describe, expect, it } from 'vitest';
import type { IncludeRequest } from '../../store/search/types.ts';
import type { StoredVersion } from '../../store/types.ts';
import { followIncludes } from './follow.ts';
import type { IncludeStep } from './parsed.ts';

const partOf = 1;
const focus = 2;

function stored(rid: number): StoredVersion {
  const type = rid < 1000 ? 'Task' : 'ServiceRequest';
  return {
    rid,
    type,
    id: `${rid}`,
    ver: 1,
    seq: rid,
    at: 0,
    op: 'create',
    body: '{}',
    source: 'o',
    origin: 'o',
    patient: null,
    label: 0,
  };
}

/** Answers includes from a list of references, as a store does. */
function graph(edges: readonly (readonly [from: number, param: number, to: number])[]) {
  return async ({ direction, rids, params, types, limit }: IncludeRequest): Promise<StoredVersion[]> => {
    const found = edges
      .filter(
        ([from, param, to]) => params.includes(param) && rids.includes(direction === 'forward' ? from : to),
      )
      .map(([from, , to]) => stored(direction === 'forward' ? to : from))
      .filter(version => types?.includes(version.type) ?? true);
    return [...new Map(found.map(version => [version.rid, version])).values()].slice(0, limit);
  };
}

const step = (more: Partial<IncludeStep>): IncludeStep => ({
  direction: 'forward',
  iterate: false,
  params: [partOf],
  ...more,
});

describe('followIncludes', () => {
  const chain = graph([1, 2, 3, 4, 5, 6, 7, 8, 9].map(from => [from, partOf, from + 1] as const));

  it.each([
    ['one step', [step({})], [2]],
    ['and further when told to iterate', [step({ iterate: true })], [2, 3, 4, 5, 6, 7]],
    ['backwards', [step({ direction: 'reverse' })], []],
  ])('goes %s', async (_, steps, expected) => {
    const { versions, truncated } = await followIncludes(steps, [stored(1)], chain);
    expect(versions.map(it => it.rid)).toEqual(expected);
    expect(truncated).toBe(false);
  });

  it('gives each resource once, and no match again', async () => {
    const circle = graph([
      [1, partOf, 2],
      [2, partOf, 1],
      [1, focus, 2],
      [1, focus, 1000],
    ]);
    const steps = [step({ iterate: true }), step({ params: [focus] })];
    const { versions } = await followIncludes(steps, [stored(1)], circle);
    expect(versions.map(it => it.rid)).toEqual([2, 1000]);
  });

  it('narrows to a type what is included, or what is referred to', async () => {
    const both = graph([
      [1, focus, 2],
      [1, focus, 1000],
      [3, focus, 1000],
      [4, focus, 1],
    ]);
    const forward = step({ params: [focus], targets: ['ServiceRequest'] });
    expect((await followIncludes([forward], [stored(1)], both)).versions.map(it => it.rid)).toEqual([1000]);
    const reverse = step({ direction: 'reverse', params: [focus], targets: ['ServiceRequest'] });
    const { versions } = await followIncludes([reverse], [stored(1), stored(1000)], both);
    expect(versions.map(it => it.rid)).toEqual([3]);
  });

  it('says when there is more than a page may carry', async () => {
    const many = graph(Array.from({ length: 1500 }, (_, at) => [1, focus, 1000 + at] as const));
    const steps = [step({ params: [focus] })];
    const { versions, truncated } = await followIncludes(steps, [stored(1)], many);
    expect([versions.length, truncated]).toEqual([1000, true]);
  });
});
