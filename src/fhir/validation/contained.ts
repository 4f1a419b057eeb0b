import { isObject } from '../definitions/fhirpath/collection.ts';
import type { Report } from './report.ts';

/** The rules of contained resources, dom-2 to dom-5 (https://hl7.org/fhir/R4/references.html#contained). */
export function checkContained(resource: Readonly<Record<string, unknown>>, report: Report): void {
  if (!Array.isArray(resource.contained)) return;
  const fragments = fragmentsIn(resource);
  for (const [at, inner] of resource.contained.entries()) {
    if (!isObject(inner)) continue;
    report.within('contained', () => report.within(at, () => checkOne(inner, fragments, report)));
  }
}

function checkOne(
  inner: Readonly<Record<string, unknown>>,
  fragments: ReadonlySet<string>,
  report: Report,
): void {
  if (inner.contained !== undefined) report.add('must not contain resources itself', 'invariant');
  const meta = isObject(inner.meta) ? inner.meta : {};
  for (const name of ['versionId', 'lastUpdated', 'security']) {
    if (meta[name] !== undefined)
      report.addAt('meta', `must have no ${name}, as it is contained`, 'invariant');
  }
  const referred = typeof inner.id === 'string' && fragments.has(`#${inner.id}`);
  if (!referred && !fragmentsIn(inner).has('#')) {
    report.add('must have an id that the resource refers to ("#" and the id)', 'invariant');
  }
}

/** Every string that starts with `#`, wherever it is: references, canonicals, URLs. */
function fragmentsIn(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' && next.startsWith('#')) found.add(next);
    else if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) open.push(inner);
  }
  return found;
}
