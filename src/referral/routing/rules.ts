import { z } from 'zod';
import { HubError } from '../../errors.ts';
import type { Token } from './codes.ts';
import { capacityStatuses } from './directory-entries.ts';

/** The criteria that are weighed, in the order people read them. */
export const weighed = [
  'catchment',
  'payer',
  'language',
  'capacity',
  'population',
  'program',
  'distance',
  'opening',
  'load',
  'answering',
  'wishes',
  'refusals',
  'access',
  'level',
  'licence',
  'verified',
  'packet',
] as const;
export type Weighed = (typeof weighed)[number];

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const weights = z.strictObject(
  Object.fromEntries(weighed.map(name => [name, z.number().min(0)])) as Record<Weighed, z.ZodNumber>,
);
const capacity = z.strictObject(
  Object.fromEntries(
    capacityStatuses.map(status => [status, z.union([share, z.literal('exclude')])]),
  ) as Record<(typeof capacityStatuses)[number], z.ZodUnion<[typeof share, z.ZodLiteral<'exclude'>]>>,
);

const rules = z.strictObject({
  weights: z.strictObject({ routine: weights, urgent: weights }),
  /** In which way organizations are asked where the referral says nothing of it. */
  strategy: z.enum(['direct', 'cascade', 'parallel', 'claim']),
  /** Organizations asked at the same time in a cascade; the first to accept has it. */
  offersAtOnce: z.int().min(1).max(3),
  /** What a criterion counts when the fact is not known. */
  unknown: share,
  /** A value counts half at this distance (waiting time, load, …), a third at twice of it. */
  halfDistanceKm: positive,
  halfOpeningDays: positive,
  halfLoad: positive,
  halfAnswerHours: positive,
  halfRefusalDays: positive,
  capacity: z.strictObject({ routine: capacity, urgent: capacity }),
  /** After so many days without confirmation a stated capacity is no longer believed. */
  capacityBelievedDays: positive,
  /** After so many days without confirmation an entry sinks. */
  verifiedDays: positive,
  /** So many of the best by what the directory says are looked at more closely: openings, load, answers. */
  lookedAtClosely: z.int().min(1).max(100),
  /** Organizations that a referral on a shared list is shown to. */
  listedTo: z.int().min(1).max(50),
  /** Licences (`system|code`, with words) of which whoever serves has to hold one, unless the request names its own. */
  licences: z.array(z.strictObject({ token: z.string(), words: z.string() })),
  /** Programs (`system|code`) that take people from outside of their area. */
  refusesNobodyForResidence: z.array(z.string()),
  outsideCatchment: share,
  slidingFee: share,
  interpreter: share,
  otherLanguage: share,
  /** What a service speaks that names no language. */
  languageUnlessSaid: z.string(),
  distanceUnit: z.enum(['mile', 'kilometer']),
});

/** Weights and rules of one routing (terminology/routing-weights.json). */
export type RoutingRules = z.infer<typeof rules>;

const pack = z.object({
  default: z.unknown(),
  /** By program (`system|code` of a ServiceRequest.category): what differs from the default. */
  programs: z.record(z.string(), z.unknown()).default({}),
});

/** The rules for a request of these programs: the default, overlaid with each program's own in turn. */
export function routingRules(source: unknown, programs: readonly Token[] = []): RoutingRules {
  const { default: base, programs: own } = valid(pack.safeParse(source), 'routing-weights');
  const overlaid = programs
    .filter(program => program in own)
    .reduce<unknown>((all, program) => overlay(all, own[program]), base);
  return valid(rules.safeParse(overlaid), ['routing-weights', ...programs].join(' '));
}

function valid<T>(result: z.ZodSafeParseResult<T>, name: string): T {
  if (!result.success) {
    throw new HubError('invalid', { text: `${name}: ${z.prettifyError(result.error)}` });
  }
  return result.data;
}

/** Objects are merged member by member; anything else is replaced. */
function overlay(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) {
    return own;
  }
  const changed = Object.entries(own).map(([key, value]) => [key, overlay(base[key], value)]);
  return { ...base, ...Object.fromEntries(changed) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
