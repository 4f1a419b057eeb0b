import type { Candidate, Need } from './candidate.ts';
import { capacity } from './criteria/capacity.ts';
import { catchment } from './criteria/catchment.ts';
import type { Basis, Criterion } from './criteria/criterion.ts';
import { language } from './criteria/language.ts';
import { paceOf } from './criteria/pace.ts';
import { packet } from './criteria/packet.ts';
import { payer } from './criteria/payer.ts';
import { age, population } from './criteria/person.ts';
import { distance, opening } from './criteria/reach.ts';
import { access, level, licence } from './criteria/required.ts';
import { answering, load } from './criteria/response.ts';
import { service } from './criteria/service.ts';
import { active, another, notAskedYet, notAvoided, shown } from './criteria/standing.ts';
import { verified } from './criteria/verified.ts';
import { program, refusals, wishes } from './criteria/wishes.ts';
import type { RoutingRules, Weighed } from './rules.ts';

/** Those that only admit or exclude, in the order their facts are told. */
const admitting = { active, service, age, another, notAskedYet, notAvoided, shown } satisfies Record<
  string,
  Criterion
>;

/** Those that are weighed too (some of them exclude as well). */
const weighing: Record<Weighed, Criterion> = {
  catchment,
  payer,
  language,
  capacity,
  population,
  program,
  distance,
  opening,
  load,
  answering,
  wishes,
  refusals,
  access,
  level,
  licence,
  verified,
  packet,
};

const criteria = Object.entries<Criterion>({ ...admitting, ...weighing }) as [CriterionName, Criterion][];

export type CriterionName = keyof typeof admitting | Weighed;

/** A criterion's part in the result: `value` 0 to 1, and a sentence that says why. */
export interface Reason {
  criterion: CriterionName;
  value: number;
  words: string;
}

export interface Ranked {
  candidate: Candidate;
  /** 0 to 100, one decimal. */
  score: number;
  reasons: Reason[];
}

export interface Fact {
  criterion: CriterionName;
  words: string;
  /** What would have to be so, as in "… if {change}"; absent: nothing anybody can do. */
  change?: string;
}

export interface Excluded {
  candidate: Candidate;
  /** The facts that exclude it, the most telling one first. */
  facts: Fact[];
}

export interface Ranking {
  ranked: Ranked[];
  excluded: Excluded[];
  /** So many more services of the kind, at most, were found and not compared; absent: none. */
  left?: number;
}

/**
 * Ranks services for a need, best first. The same input gives the same answer, in whatever order the
 * candidates come; equal scores go to the one with less open work, then by id.
 */
export function rank(need: Need, candidates: readonly Candidate[], rules: RoutingRules, now: Date): Ranking {
  const basis = { rules, now };
  const judged = candidates.map(candidate => judge(need, candidate, basis));
  return {
    ranked: judged.flatMap(({ ranked }) => ranked ?? []).sort(before),
    excluded: judged.flatMap(({ excluded }) => excluded ?? []).sort((a, b) => byId(a.candidate, b.candidate)),
  };
}

interface Judged {
  ranked?: Ranked;
  excluded?: Excluded;
}

function judge(need: Need, candidate: Candidate, basis: Basis): Judged {
  const facts: Fact[] = [];
  const reasons: Reason[] = [];
  for (const [criterion, of] of criteria) {
    const judgement = of(need, candidate, basis);
    if (judgement?.excludes) facts.push(factOf(criterion, judgement));
    else if (judgement) reasons.push({ criterion, value: judgement.value, words: judgement.words });
  }
  if (facts.length > 0) return { excluded: { candidate, facts } };
  return { ranked: { candidate, score: score(reasons, need, basis.rules), reasons } };
}

function factOf(criterion: CriterionName, { words, change }: { words: string; change?: string }): Fact {
  return { criterion, words, ...(change === undefined ? {} : { change }) };
}

/** The weighted mean of what applies to this need, of 100. */
function score(reasons: readonly Reason[], need: Need, { weights }: RoutingRules): number {
  const own: Partial<Record<CriterionName, number>> = weights[paceOf(need.priority)];
  let total = 0;
  let reached = 0;
  for (const { criterion, value } of reasons) {
    const weight = own[criterion] ?? 0;
    total += weight;
    reached += weight * value;
  }
  return total === 0 ? 0 : Math.round((1000 * reached) / total) / 10;
}

function before(a: Ranked, b: Ranked): number {
  return b.score - a.score || a.candidate.load - b.candidate.load || byId(a.candidate, b.candidate);
}

/** By code unit, so that it is the same everywhere, whatever the locale. */
function byId(a: Candidate, b: Candidate): number {
  if (a.id === b.id) {
    return 0;
  }
  return a.id < b.id ? -1 : 1;
}
