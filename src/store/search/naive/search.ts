import type { AccessFilter } from '../../../access/filter.ts';
import type { Filter, RangeValue, SearchQuery, SortKey, TuplePart, UriValue } from '../types.ts';
import { type NaiveLink, type NaiveResource, simplified, type World } from './world.ts';

/** What a search means, told once more in the plainest way, to compare the databases with. */
export class NaiveSearch {
  private readonly world: World;
  private readonly access: AccessFilter;

  constructor(world: World, access: AccessFilter) {
    this.world = world;
    this.access = access;
  }

  /** All matches in order. */
  run(query: SearchQuery): number[] {
    return this.world.resources
      .filter(it => query.types.includes(it.type) && this.sees(it))
      .filter(it => query.filters.every(filter => this.holds(filter, it)))
      .toSorted((a, b) => compare(a, b, query.sort))
      .map(it => it.rid);
  }

  /** What an include adds to some resources. */
  linked(direction: 'forward' | 'reverse', from: readonly number[], params: readonly number[]): number[] {
    return this.world.resources
      .filter(it => this.sees(it))
      .filter(it =>
        this.world.resources.some(other => {
          const [near, far] = direction === 'forward' ? [other, it] : [it, other];
          const here = direction === 'forward' ? near : far;
          return from.includes(here.rid) && !near.deleted && params.some(param => refers(near, far, param));
        }),
      )
      .map(it => it.rid);
  }

  sees(it: NaiveResource): boolean {
    const { organization, types } = this.access;
    if (it.deleted || (types !== '*' && !types.includes(it.type))) return false;
    const covers = (link: NaiveLink) =>
      link.org === organization &&
      (it.label & ~link.labels) === 0 &&
      link.starts <= this.access.now &&
      (link.ends === null || link.ends > this.access.now);
    return (
      it.source === organization ||
      (it.open && it.label === 0) ||
      this.world.relations.some(link => link.patient === it.patient && covers(link)) ||
      this.world.parties.some(link => link.of === it.rid && covers(link))
    );
  }

  private holds(filter: Filter, it: NaiveResource): boolean {
    const { rows } = it;
    switch (filter.kind) {
      case 'token': {
        const found = rows.tok.some(
          ([param, code, sys]) =>
            param === filter.param &&
            filter.any.some(v => (v.sys === null || v.sys === sys) && (v.code === null || v.code === code)),
        );
        return found !== (filter.negate ?? false);
      }
      case 'reference':
        return rows.ref.some(([param, target]) => param === filter.param && filter.any.includes(target));
      case 'string':
        return (
          rows.str.some(([param]) => param === filter.param) &&
          it.texts.some(text => filter.any.some(v => matchesText(text, v)))
        );
      case 'date':
        return rows.dt.some(
          ([param, lo, hi]) => param === filter.param && filter.any.some(v => ranges[v.prefix](lo, hi, v)),
        );
      case 'number':
        return rows.num.some(
          ([param, val]) => param === filter.param && filter.any.some(v => ranges[v.prefix](val, val, v)),
        );
      case 'quantity':
        return rows.qty.some(
          ([param, code, val, sys]) =>
            param === filter.param &&
            filter.any.some(
              v => (v.code ?? code) === code && (v.sys ?? sys) === sys && ranges[v.prefix](val, val, v),
            ),
        );
      case 'uri':
        return rows.uri.some(
          ([param, uri]) => param === filter.param && filter.any.some(v => matchesUri(uri, v)),
        );
      case 'missing':
        return (
          filter.tables.every(table => rows[table].every(([param]) => param !== filter.param)) ===
          filter.missing
        );
      case 'id':
        return filter.any.includes(it.id);
      case 'lastUpdated':
        return filter.any.some(v => ranges[v.prefix](it.updated, it.updated, v));
      case 'chain':
        return this.world.resources.some(
          other =>
            refers(it, other, filter.param) &&
            filter.types.includes(other.type) &&
            this.sees(other) &&
            this.holds(filter.filter, other),
        );
      case 'has':
        return this.world.resources.some(
          other =>
            refers(other, it, filter.param) &&
            other.type === filter.type &&
            this.sees(other) &&
            this.holds(filter.filter, other),
        );
      case 'tuple': {
        const own = rows.tuple.filter(([param]) => param === filter.param);
        const groups = Map.groupBy(own, ([, , group]) => group);
        return [...groups.values()].some(group =>
          filter.parts.every((part, at) => group.some(row => row[1] === at && matchesPart(row, part))),
        );
      }
      case 'near':
        return rows.pos.some(
          ([param, lat, lon]) =>
            param === filter.param && filter.any.some(v => metersBetween(lat, lon, v.lat, v.lon) <= v.within),
        );
      case 'compartment':
        return (
          it.rid === filter.target ||
          rows.ref.some(([param, target]) => filter.params.includes(param) && target === filter.target)
        );
      case 'text':
        throw new Error('the naive world has no words');
      case 'or':
        return filter.filters.some(one => this.holds(one, it));
      case 'never':
        return false;
    }
  }
}

const refers = (from: NaiveResource, to: NaiveResource, param: number): boolean =>
  from.rows.ref.some(([of, target]) => of === param && target === to.rid);

function matchesText(text: string, value: { norm: string; match: string; text?: string }): boolean {
  if (value.match === 'exact')
    return value.text === undefined ? simplified(text) === value.norm : text === value.text;
  return value.match === 'prefix'
    ? simplified(text).startsWith(value.norm)
    : simplified(text).includes(value.norm);
}

const leadsTo = (upper: string, lower: string): boolean =>
  lower === upper || lower.startsWith(upper.endsWith('/') ? upper : `${upper}/`);

function matchesUri(uri: string, value: UriValue): boolean {
  if (value.match === 'exact') return uri === value.uri;
  return value.match === 'below' ? leadsTo(value.uri, uri) : leadsTo(uri, value.uri);
}

function matchesPart(
  [, , , code, sys, lo, hi]: NaiveResource['rows']['tuple'][number],
  part: TuplePart,
): boolean {
  switch (part.kind) {
    case 'token':
      return (part.code ?? code) === code && (part.sys ?? sys) === sys;
    case 'quantity':
      return (part.code ?? code) === code && (part.sys ?? sys) === sys && ranges[part.prefix](lo, hi, part);
    case 'range':
      return ranges[part.prefix](lo, hi, part);
    case 'string':
      return code.startsWith(part.norm);
    case 'reference':
      return code === part.target;
  }
}

/** By the law of cosines on the sphere. */
function metersBetween(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const [a, b, c] = [lat1, lat2, lon2 - lon1].map(degrees => (degrees * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  const cosine = Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(c);
  return 6_371_008.8 * Math.acos(Math.min(1, Math.max(-1, cosine)));
}

const contains = (lo: number, hi: number, v: RangeValue): boolean => v.lo <= lo && hi <= v.hi;

/** https://hl7.org/fhir/R4/search.html#prefix , with a resource's value from `lo` to `hi`. */
export const ranges: Record<RangeValue['prefix'], (lo: number, hi: number, v: RangeValue) => boolean> = {
  eq: contains,
  ne: (lo, hi, v) => !contains(lo, hi, v),
  gt: (_, hi, v) => hi > v.hi,
  lt: (lo, _, v) => lo < v.lo,
  ge: (lo, hi, v) => hi > v.hi || contains(lo, hi, v),
  le: (lo, hi, v) => lo < v.lo || contains(lo, hi, v),
  sa: (lo, _, v) => lo > v.hi,
  eb: (_, hi, v) => hi < v.lo,
  ap: (lo, hi, v) => !(hi < v.lo || lo > v.hi),
};

function compare(a: NaiveResource, b: NaiveResource, sort: readonly SortKey[]): number {
  for (const key of sort) {
    const [one, other] = [sortedBy(a, key), sortedBy(b, key)];
    if (one === other) continue;
    if (one === undefined) return 1;
    if (other === undefined) return -1;
    return one < other === key.descending ? 1 : -1;
  }
  return sort[0]?.descending ? b.rid - a.rid : a.rid - b.rid;
}

function sortedBy(it: NaiveResource, key: SortKey): string | number | undefined {
  if (key.kind === 'id') return it.id;
  if (key.kind === 'lastUpdated') return it.updated;
  const at = key.table === 'qty' ? 2 : 1;
  const values = it.rows[key.table]
    .filter(row => row[0] === key.param)
    .map(row => row[at] as string | number);
  const sorted = values.toSorted((one, other) => (one < other ? -1 : 1));
  return key.descending ? sorted.at(-1) : sorted[0];
}
