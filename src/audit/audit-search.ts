import type { AuditEvent, Reference } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../errors.ts';
import { dateRange } from '../fhir/definitions/dates.ts';
import { keyOf } from '../store/audit/keys.ts';
import type { AuditQuery } from '../store/audit/types.ts';
import { codesOf, outcomeCode } from './codes.ts';
import { type AuditKind, type AuditOutcome, auditKinds } from './entry.ts';

/** A part of an event: where a page begins. */
export interface AuditPlace {
  seq: number;
  part: number;
}

/** A search of AuditEvents, read. */
export interface AuditSearch {
  /** What the store is asked for: never too little; `matches` has the last word. */
  query: Omit<AuditQuery, 'limit'>;
  matches(event: AuditEvent): boolean;
  count: number;
  /** Where the page begins: an event, and the part of it. */
  start?: AuditPlace;
  warnings: Problem[];
}

type Store = Omit<AuditQuery, 'limit' | 'keys'> & { keys: { rank: number; any: string[] }[] };

/** One parameter: what it asks of the store, and what of the AuditEvent as the viewer sees it. */
interface Parameter {
  store(values: readonly string[], store: Store): void;
  matches(values: readonly string[], event: AuditEvent): boolean;
}

/** https://hl7.org/fhir/R4/auditevent.html#search : those that the audit is indexed for. */
const parameters: Record<string, Parameter> = {
  entity: {
    store: (values, store) => void store.keys.push({ rank: 0, any: values.flatMap(entityKeys) }),
    matches: (values, event) =>
      referencesIn(event.entity).some(reference => values.some(value => isAbout(reference, value))),
  },
  patient: {
    store: (values, store) =>
      void store.keys.push({ rank: 1, any: values.map(value => keyOf.patient(idIn(value, 'Patient'))) }),
    matches: (values, event) =>
      referencesIn(event.entity).some(reference =>
        values.some(value => reference === `Patient/${idIn(value, 'Patient')}`),
      ),
  },
  agent: {
    store: (values, store) => void store.keys.push({ rank: 2, any: values.map(agentKey) }),
    matches: (values, event) => event.agent.some(({ who }) => values.some(value => isAgent(who, value))),
  },
  type: codes(
    kind => [codesOf[kind].type.code],
    event => [event.type.code],
  ),
  subtype: codes(
    kind => codesOf[kind].subtypes.map(one => one.code),
    event => (event.subtype ?? []).map(one => one.code),
  ),
  action: codes(
    kind => [codesOf[kind].action],
    event => [event.action],
  ),
  outcome: {
    store(values, store) {
      const outcomes = Object.entries(outcomeCode).flatMap(([outcome, code]) =>
        values.map(codeIn).includes(code) ? [outcome as AuditOutcome] : [],
      );
      store.outcomes = store.outcomes?.filter(one => outcomes.includes(one as AuditOutcome)) ?? outcomes;
    },
    matches: (values, event) => values.map(codeIn).includes(event.outcome ?? ''),
  },
};

function codes(
  ofKind: (kind: AuditKind) => (string | undefined)[],
  ofEvent: (event: AuditEvent) => (string | undefined)[],
): Parameter {
  return {
    store(values, store) {
      const wanted = values.map(codeIn);
      const kinds = auditKinds.filter(kind =>
        ofKind(kind).some(code => code !== undefined && wanted.includes(code)),
      );
      store.kinds = store.kinds?.filter(kind => kinds.includes(kind as AuditKind)) ?? kinds;
    },
    matches: (values, event) =>
      ofEvent(event).some(code => code !== undefined && values.map(codeIn).includes(code)),
  };
}

const settings = new Set([
  '_count',
  '_cursor',
  '_sort',
  '_total',
  '_format',
  '_pretty',
  'date',
  '_lastUpdated',
]);
const defaultCount = 50;
const largestCount = 500;

/** Reads a search; HubError `invalid` names all that is not understood, unless it is lenient. */
export function readAuditSearch(
  query: URLSearchParams,
  { lenient, place }: { lenient: boolean; place?: string },
): AuditSearch {
  const store: Store = { keys: [] };
  const problems: Problem[] = [];
  const asked: { parameter: Parameter; values: string[] }[] = [];
  for (const [name, value] of query) {
    const parameter = parameters[name];
    if (parameter) {
      const values = value.split(',');
      parameter.store(values, store);
      asked.push({ parameter, values });
    } else if (!settings.has(name)) problems.push(unknown(name));
  }
  for (const value of [...query.getAll('date'), ...query.getAll('_lastUpdated')]) narrow(store, value);
  if (!['', '-date', '-_lastUpdated'].includes(query.get('_sort') ?? '')) {
    problems.push({ text: '_sort: AuditEvents come newest first (-date)', expression: 'http._sort' });
  }
  if (problems.length && !lenient) throw new HubError('invalid', problems);
  const start = place === undefined ? undefined : readPlace(place);
  const { keys, ...rest } = store;
  return {
    query: {
      ...rest,
      keys: keys.sort((a, b) => a.rank - b.rank).map(one => one.any),
      ...(start ? { start: start.seq } : {}),
    },
    matches: event => asked.every(({ parameter, values }) => parameter.matches(values, event)),
    count: count(query.get('_count')),
    ...(start ? { start } : {}),
    warnings: problems,
  };
}

const unknown = (name: string): Problem => ({
  text: `AuditEvents are not searched by "${name.slice(0, 64)}" but by ${Object.keys(parameters).join(', ')} and date.`,
  expression: 'http',
});

/** https://hl7.org/fhir/R4/search.html#prefix */
function narrow(store: Store, value: string): void {
  const [, prefix = 'eq', text = ''] = /^(eq|ge|gt|le|lt|sa|eb)?(.*)$/s.exec(value) ?? [];
  const range = dateRange(text);
  if (!range)
    throw new HubError('invalid', {
      text: 'date: expected a date such as ge2026-03-01',
      expression: 'http.date',
    });
  const from = { eq: range.lo, ge: range.lo, gt: range.hi + 1, sa: range.hi + 1 }[prefix];
  const to = { eq: range.hi, le: range.hi, lt: range.lo - 1, eb: range.lo - 1 }[prefix];
  if (from !== undefined) store.from = Math.max(store.from ?? from, from);
  if (to !== undefined) store.to = Math.min(store.to ?? to, to);
}

function count(text: string | null): number {
  if (text === null) return defaultCount;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new HubError('invalid', { text: '_count: expected a number from 1', expression: 'http._count' });
  return Math.min(Number(text), largestCount);
}

export const writePlace = ({ seq, part }: AuditPlace): string => `${seq}-${part}`;

function readPlace(text: string): AuditPlace {
  const [seq = 0, part = 0] = text.split('-').map(Number);
  return { seq, part };
}

/** `system|code` or `code`. */
const codeIn = (value: string): string => value.split('|').at(-1) ?? '';

const idIn = (value: string, type: string): string => value.replace(new RegExp(`^.*\\b${type}/`), '');

function entityKeys(value: string): string[] {
  const [, type = '', id = ''] = /([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/\w+)?$/.exec(value) ?? [];
  return type === 'Patient' ? [keyOf.entity(type, id), keyOf.patient(id)] : [keyOf.entity(type, id)];
}

const isAbout = (reference: string, value: string): boolean => {
  const wanted = /[A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/\w+)?$/.exec(value)?.[0];
  return wanted !== undefined && (reference === wanted || reference.startsWith(`${wanted}/_history/`));
};

/** An Organization that an agent acted for, or an agent's id with or without its system. */
const agentKey = (value: string): string =>
  value.includes('Organization/') ? keyOf.viewer(idIn(value, 'Organization')) : keyOf.agent(codeIn(value));

const isAgent = (who: Reference | undefined, value: string): boolean =>
  value.includes('Organization/')
    ? who?.reference === `Organization/${idIn(value, 'Organization')}`
    : who?.identifier?.value === codeIn(value);

const referencesIn = (entities: AuditEvent['entity'] = []): string[] =>
  entities.flatMap(({ what }) => (what?.reference ? [what.reference] : []));
