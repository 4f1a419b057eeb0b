import { HubError } from '../../../errors.ts';
import type { PlacedConcept } from '../../../store/terminology/store.ts';
import type { Concept } from '../../../store/terminology/types.ts';
import { searchedWords } from '../memory-codes.ts';
import { indexedProperties } from '../select.ts';

type Range = readonly [lo: number, hi: number];

/**
 * Gives each concept its place: that in which a walk down the hierarchy meets it, so that what a concept subsumes is
 * one range of places, and a few more where concepts below it have several parents.
 * (Agrawal, Borgida, Jagadish: Efficient management of transitive relationships in large data and knowledge bases, 1989.)
 *
 * @throws HubError where a code is there twice, or codes are above each other in a circle
 */
export function arrange(concepts: readonly Concept[]): Iterable<PlacedConcept> {
  const numbers = numbered(concepts);
  const parents = concepts.map(one =>
    one.parents.flatMap(code => numbers.get(code) ?? []).filter((at, i, all) => all.indexOf(at) === i),
  );
  const children = inverted(parents);
  const upwards = fromBelow(concepts, parents, children);
  const { order, place, last } = walk(parents);
  const ranges: (readonly Range[])[] = new Array(concepts.length);
  for (const at of upwards) {
    const own: Range = [place[at] as number, last[at] as number];
    const below = (children[at] ?? []).flatMap(child => ranges[child] ?? []);
    ranges[at] = united([own, ...below]);
  }
  return placed(concepts, order, ranges, numbers);
}

function numbered(concepts: readonly Concept[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  concepts.forEach(({ code }, at) => {
    if (numbers.has(code)) throw new HubError('invalid', `The code ${code} is there twice.`);
    numbers.set(code, at);
  });
  return numbers;
}

function inverted(parents: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const children: number[][] = parents.map(() => []);
  parents.forEach((all, at) => {
    for (const parent of all) children[parent]?.push(at);
  });
  return children;
}

/** Each after all that it subsumes. */
function fromBelow(
  concepts: readonly Concept[],
  parents: readonly (readonly number[])[],
  children: readonly (readonly number[])[],
): number[] {
  const waiting = children.map(all => all.length);
  const ready = [...waiting.keys()].filter(at => waiting[at] === 0);
  for (const at of ready) {
    for (const parent of parents[at] ?? []) {
      const left = (waiting[parent] ?? 0) - 1;
      waiting[parent] = left;
      if (left === 0) ready.push(parent);
    }
  }
  const stuck = waiting.findIndex(left => left > 0);
  if (stuck >= 0)
    throw new HubError('invalid', `The codes above ${concepts[stuck]?.code} go round in a circle.`);
  return ready;
}

/** Down the tree of first parents, in the order of the release. */
function walk(parents: readonly (readonly number[])[]): {
  order: number[];
  place: Int32Array;
  last: Int32Array;
} {
  const below: number[][] = parents.map(() => []);
  const stack: number[] = [];
  parents.forEach(([first], at) => {
    if (first === undefined) stack.push(at);
    else below[first]?.push(at);
  });
  stack.reverse();
  const order: number[] = [];
  const place = new Int32Array(parents.length);
  const last = new Int32Array(parents.length);
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    place[at] = order.length;
    last[at] = order.length;
    order.push(at);
    for (const child of (below[at] ?? []).toReversed()) stack.push(child);
  }
  for (const at of order.toReversed()) {
    const [parent] = parents[at] ?? [];
    if (parent !== undefined) last[parent] = Math.max(last[parent] ?? 0, last[at] ?? 0);
  }
  return { order, place, last };
}

/** Ranges that touch or overlap are one. */
function united(ranges: readonly Range[]): readonly Range[] {
  if (ranges.length === 1) return ranges;
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  const all: [number, number][] = [];
  for (const [lo, hi] of sorted) {
    const before = all.at(-1);
    if (before && lo <= before[1] + 1) before[1] = Math.max(before[1], hi);
    else all.push([lo, hi]);
  }
  return all;
}

function* placed(
  concepts: readonly Concept[],
  order: readonly number[],
  ranges: readonly (readonly Range[])[],
  numbers: ReadonlyMap<string, number>,
): Iterable<PlacedConcept> {
  for (const [pos, at] of order.entries()) {
    const one = concepts[at] as Concept;
    const concept = { ...one, parents: one.parents.filter(code => numbers.has(code)) };
    yield {
      pos,
      concept,
      ranges: ranges[at] ?? [],
      words: searchedWords(concept).split(' ').filter(Boolean),
      properties: indexedProperties(concept),
    };
  }
}
