import type { ContactPoint, Identifier } from '@medplum/fhirtypes';
import { canonical } from '../../../fhir/canonical.ts';

/** A copy without the hub's own extensions, wherever they are: the guide knows none of them. */
export function withoutOwn<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutOwn) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    if (key !== 'extension') return [[key, withoutOwn(one)]];
    const foreign = (one as { url: string }[]).filter(({ url }) => !url.startsWith(`${canonical}/`));
    return foreign.length > 0 ? [[key, withoutOwn(foreign)]] : [];
  });
  return Object.fromEntries(kept) as T;
}

/** The identifiers that the guide takes: each is the official one. */
export function identifiersIn(identifiers: Identifier[] = []): { identifier?: Identifier[] } {
  const official = identifiers.filter(({ use = 'official' }) => use === 'official');
  const identifier = official.map((one): Identifier => ({ ...one, use: 'official' }));
  return identifier.length > 0 ? { identifier } : {};
}

/** How it is reached at work, in the order of the ranks, which the guide leaves out with the periods. */
export function telecomIn(points: ContactPoint[] = []): { telecom?: ContactPoint[] } {
  const last = Number.POSITIVE_INFINITY;
  const ranked = points.toSorted((a, b) => (a.rank ?? last) - (b.rank ?? last) || 0);
  const telecom = ranked
    .filter(({ use }) => use !== 'old')
    .map(({ rank: _rank, period: _period, ...point }): ContactPoint => ({ ...point, use: 'work' }));
  return telecom.length > 0 ? { telecom } : {};
}
