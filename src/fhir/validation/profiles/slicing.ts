import type { ProfileElement, Slice } from '../../definitions/schema-profile.ts';
import { count } from './cardinality.ts';
import { isInSlice } from './discriminators.ts';
import type { Walk } from './profile-check.ts';
import type { Found } from './values.ts';

/** https://hl7.org/fhir/R4/profiling.html#slicing : which slice each value is in, and what the slice asks of it. */
export function checkSlices(element: ProfileElement, all: readonly Found[], walk: Walk): void {
  const { slicing, slices = [] } = element;
  if (!slicing) return;
  const named = slices.filter(slice => slice.sliceName !== '@default');
  const fallback = slices.find(slice => slice.sliceName === '@default');
  const placed = all.map(found => named.find(slice => isInSlice(found, slice, slicing, walk)));
  for (const slice of named) {
    const members = all.filter((_, at) => placed[at] === slice);
    count(slice, members.length, walk.report);
    for (const found of members) walk.checks.at(found, walk, () => walk.checks.value(slice, found, walk));
    if (slice.slicing) checkSlices(slice, members, walk);
  }
  for (const [at, found] of all.entries()) {
    if (placed[at] !== undefined) continue;
    walk.checks.at(found, walk, () => {
      if (fallback) walk.checks.value(fallback, found, walk);
      else if (slicing.rules === 'closed')
        walk.report.add(
          `must be one of the slices ${named.map(one => one.sliceName).join(', ')}`,
          'structure',
        );
      else if (slicing.rules === 'openAtEnd' && placed.slice(at + 1).some(one => one !== undefined))
        walk.report.add(
          `must come after the slices ${named.map(one => one.sliceName).join(', ')}`,
          'structure',
        );
    });
  }
  if (slicing.ordered) checkOrder(named, all, placed, walk);
}

function checkOrder(
  slices: readonly Slice[],
  all: readonly Found[],
  placed: readonly (Slice | undefined)[],
  walk: Walk,
): void {
  let last = -1;
  for (const [at, found] of all.entries()) {
    const slice = placed[at];
    if (!slice) continue;
    const place = slices.indexOf(slice);
    const before = slices[last];
    if (place < last && before)
      walk.checks.at(found, walk, () =>
        walk.report.add(`must come before ${before.sliceName}: the slices are in order`, 'structure'),
      );
    last = Math.max(last, place);
  }
}
