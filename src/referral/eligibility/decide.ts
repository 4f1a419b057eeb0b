import { evalFhirPathTyped, toTypedValue } from '@medplum/core';
import type { Condition, Encounter, Reference, Resource } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Criterion, Leaf, Pack } from './pack.ts';
import { coverageOf, overlaps, rangeAt, spanOf } from './window.ts';

/** What is known of one person, by resource type: as far as who asks may see it. */
export type PersonRecord = ReadonlyMap<string, readonly Resource[]>;

export type Finding = 'met' | 'not-met' | 'missing';
export type Answer = 'eligible' | 'ineligible' | 'needs-data';

/** One criterion with what it rests on. */
export interface Decided {
  criterion: Criterion;
  finding: Finding;
  /** Of a leaf: the resources that speak for it, met or not. */
  facts: readonly Resource[];
  /** Of a leaf: all that was looked at. */
  considered: readonly Resource[];
  /** Of a leaf: what the finding is followed to, with the Conditions by which stays say what they were for. */
  rests: readonly Resource[];
  parts: readonly Decided[];
}

export interface Decision {
  answer: Answer;
  root: Decided;
}

/** When and where: what "the last 12 months" are counted from. */
export interface Moment {
  now: Date;
  /** IANA name. */
  timeZone: string;
}

const answers: Record<Finding, Answer> = { met: 'eligible', 'not-met': 'ineligible', missing: 'needs-data' };

/**
 * Whether a person meets the criteria of a pack. What nobody recorded is missing, not denied: a criterion fails only
 * where what is there says so.
 */
export function decide(pack: Pack, record: PersonRecord, moment: Moment): Decision {
  const root = decideOne(pack.root, record, moment);
  return { answer: answers[root.finding], root };
}

/** The decided leaves, in the order of the pack. */
export function leavesDecided(decided: Decided): (Decided & { criterion: Leaf })[] {
  const { criterion } = decided;
  return criterion.kind === 'leaf' ? [{ ...decided, criterion }] : decided.parts.flatMap(leavesDecided);
}

function decideOne(criterion: Criterion, record: PersonRecord, moment: Moment): Decided {
  if (criterion.kind === 'leaf') return decideLeaf(criterion, record, moment);
  const parts = criterion.parts.map(part => decideOne(part, record, moment));
  return { criterion, finding: together(criterion.kind, parts), facts: [], considered: [], rests: [], parts };
}

/** The three-valued logic of FHIRPath: what is missing decides nothing where the rest decides. */
function together(kind: 'all' | 'any', parts: readonly Decided[]): Finding {
  const [decides, otherwise]: [Finding, Finding] = kind === 'all' ? ['not-met', 'met'] : ['met', 'not-met'];
  if (parts.some(({ finding }) => finding === decides)) return decides;
  return parts.some(({ finding }) => finding === 'missing') ? 'missing' : otherwise;
}

function decideLeaf(criterion: Leaf, record: PersonRecord, moment: Moment): Decided {
  const considered = consider(criterion, record, moment);
  const subject = { considered };
  const selected = evaluate(criterion.facts, subject, criterion) as Resource[];
  const known = { ...subject, facts: selected, ...days(criterion, selected, moment) };
  const is = (expression: string) => evaluate(expression, known, criterion)[0] === true;
  const finding = is(criterion.met) ? 'met' : is(criterion.known) ? 'not-met' : 'missing';
  const [facts = [], all = []] = [selected, considered].map(some => some.map(one => original(one, record)));
  // Where no resource speaks for it, what was considered speaks against it.
  const rests = facts.length || finding !== 'not-met' ? facts : all.slice(0, most);
  return {
    criterion,
    finding,
    facts,
    considered: all,
    rests: [...new Set(rests.flatMap(one => [one, ...reasonsOf(one, record)]))],
    parts: [],
  };
}

/** How many of the resources that speak against a criterion are named. */
const most = 20;

/** Resources of the type that the window reaches; what says not when it was is out of every window. */
function consider({ type, window }: Leaf, record: PersonRecord, { now, timeZone }: Moment): Resource[] {
  const all = (record.get(type) ?? []).filter(stands);
  const span = window && spanOf(window.duration, now, timeZone);
  const reached = all.filter(resource => {
    const range = window && rangeAt(resource, window.path, timeZone);
    return !span || (range !== undefined && overlaps(range, span));
  });
  return reached.map(one => (one.resourceType === 'Encounter' ? withReasons(one, record) : one));
}

const gone: readonly unknown[] = ['entered-in-error', 'cancelled', 'refuted', 'differential', 'not-done'];

/** What was recorded by mistake, is one possibility among others, or did not take place, is no fact. */
function stands(resource: Resource): boolean {
  if (resource.resourceType === 'Encounter' && (resource as Encounter).status === 'planned') return false;
  const { status, verificationStatus } = resource as {
    status?: unknown;
    verificationStatus?: Condition['verificationStatus'];
  };
  const verified = verificationStatus?.coding?.map(({ code }) => code) ?? [];
  return ![status, ...verified].some(one => gone.includes(one));
}

/** A stay with the codes of the Conditions that it names as its reasons, so that an expression finds them in one place. */
function withReasons(encounter: Encounter, record: PersonRecord): Encounter {
  const codes = reasonsOf(encounter, record).flatMap(({ code }) => code ?? []);
  return codes.length ? { ...encounter, reasonCode: [...(encounter.reasonCode ?? []), ...codes] } : encounter;
}

/** The Conditions by which a stay says what it was for, as far as they stand; of anything else none. */
function reasonsOf(resource: Resource, record: PersonRecord): Condition[] {
  if (resource.resourceType !== 'Encounter') return [];
  const { reasonReference = [], diagnosis = [] } = resource as Encounter;
  const named = [...reasonReference, ...diagnosis.map(({ condition }) => condition)].map(one => idIn(one));
  const known = (record.get('Condition') ?? []) as readonly Condition[];
  return known.filter(one => one.id !== undefined && named.includes(one.id) && stands(one));
}

const idIn = (reference: Reference | undefined): string | undefined =>
  /^Condition\/([^/]+)/.exec(reference?.reference ?? '')?.[1];

/** As it is stored, not as it was shown to the expression. */
const original = (fact: Resource, record: PersonRecord): Resource =>
  (record.get(fact.resourceType) ?? []).find(one => one.id === fact.id) ?? fact;

function days({ window }: Leaf, facts: readonly Resource[], { now, timeZone }: Moment) {
  if (!window) return { days: 0, longest: 0 };
  const ranges = facts.map(fact => rangeAt(fact, window.path, timeZone)).filter(range => range !== undefined);
  return coverageOf(ranges, spanOf(window.duration, now, timeZone), timeZone);
}

function evaluate(expression: string, subject: object, { code }: Leaf): unknown[] {
  try {
    return evalFhirPathTyped(expression, [toTypedValue(subject)]).map(({ value }) => value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HubError('unprocessable', {
      text: `The criterion ${code} cannot be evaluated: ${why}.`,
      expression: 'PlanDefinition.action',
    });
  }
}
