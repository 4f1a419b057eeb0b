import type {
  DataRequirement,
  Duration,
  Extension,
  PlanDefinition,
  PlanDefinitionAction,
} from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { canonical } from '../../fhir/canonical.ts';

/** On a leaf of a pack: FHIRPath that selects the facts; whether they suffice to say no; what to ask for. */
export const criterionExtension = {
  facts: `${canonical}/StructureDefinition/criterion-facts`,
  known: `${canonical}/StructureDefinition/criterion-known`,
  missing: `${canonical}/StructureDefinition/criterion-missing`,
} as const;

/** Criteria as a PlanDefinition carries them: a tree whose leaves look at resources of one type. */
export interface Pack {
  url: string;
  version: string | undefined;
  title: string;
  root: Criterion;
}

export type Criterion = Group | Leaf;

export interface Group {
  kind: 'all' | 'any';
  code: string;
  title: string;
  parts: readonly Criterion[];
}

export interface Leaf {
  kind: 'leaf';
  code: string;
  title: string;
  /** What is looked at: the type, and how far back from now. */
  requirement: DataRequirement;
  type: string;
  window?: { path: string; duration: Duration };
  /** FHIRPath over `considered`: the resources that the answer rests on. */
  facts: string;
  /** FHIRPath: whether the criterion is met. */
  met: string;
  /** FHIRPath: whether, unless it is met, it is known not to be. */
  known: string;
  /** What would decide it, in words. */
  missing: string;
}

/** The criteria in a PlanDefinition. HubError: what is wrong with it, where, and what would be right. */
export function readPack(plan: PlanDefinition): Pack {
  const [root, ...others] = plan.action ?? [];
  if (!plan.url || !root || others.length) {
    throw wrong('PlanDefinition.action', 'must be one action that holds the criteria, under a canonical url');
  }
  return {
    url: plan.url,
    version: plan.version,
    title: plan.title ?? plan.name ?? plan.url,
    root: readCriterion(root, 'PlanDefinition.action[0]'),
  };
}

/** The leaves of a criterion, in the order of the pack. */
export function leavesOf(criterion: Criterion): Leaf[] {
  return criterion.kind === 'leaf' ? [criterion] : criterion.parts.flatMap(leavesOf);
}

function readCriterion(action: PlanDefinitionAction, path: string): Criterion {
  const code = action.id;
  if (!code) throw wrong(`${path}.id`, 'must name the criterion');
  const title = action.title ?? code;
  if (!action.action?.length) return readLeaf(action, { code, title, path });
  const parts = action.action.map((part, at) => readCriterion(part, `${path}.action[${at}]`));
  if (action.selectionBehavior === 'all') return { kind: 'all', code, title, parts };
  if (action.selectionBehavior === 'one-or-more') return { kind: 'any', code, title, parts };
  throw wrong(`${path}.selectionBehavior`, 'must be all, or one-or-more');
}

function readLeaf(
  action: PlanDefinitionAction,
  { code, title, path }: { code: string; title: string; path: string },
): Leaf {
  const [requirement, ...more] = action.input ?? [];
  if (!requirement?.type || more.length) throw wrong(`${path}.input`, 'must be one, with a type');
  const [condition, ...others] = action.condition ?? [];
  if (condition?.kind !== 'applicability' || others.length)
    throw wrong(`${path}.condition`, 'must be one, of the kind applicability');
  const find = (url: string): Extension | undefined => action.extension?.find(one => one.url === url);
  const missing = find(criterionExtension.missing)?.valueString;
  if (!missing)
    throw wrong(`${path}.extension`, `must say with ${criterionExtension.missing} what to ask for`);
  const window = windowOf(requirement, path);
  const read = (name: keyof typeof criterionExtension) =>
    expressionOf(find(criterionExtension[name])?.valueExpression, `${path}.extension`);
  return {
    kind: 'leaf',
    code,
    title,
    requirement,
    type: requirement.type,
    ...(window ? { window } : {}),
    facts: read('facts') ?? 'considered',
    met: expressionOf(condition.expression, `${path}.condition[0].expression`) ?? 'facts.exists()',
    known: read('known') ?? 'considered.exists()',
    missing,
  };
}

function windowOf({ dateFilter }: DataRequirement, path: string): Leaf['window'] {
  const [filter, ...more] = dateFilter ?? [];
  if (!filter) return undefined;
  const { path: element, valueDuration } = filter;
  if (!element || more.length || valueDuration?.value === undefined || !units.has(valueDuration.code ?? ''))
    throw wrong(
      `${path}.input[0].dateFilter`,
      `must be one, with a path and a valueDuration in ${[...units.keys()].join(', ')}`,
    );
  return { path: element, duration: valueDuration };
}

/** UCUM units of time that a pack counts back in. https://hl7.org/fhir/R4/valueset-units-of-time.html */
export const units: ReadonlyMap<string, 'years' | 'months' | 'weeks' | 'days'> = new Map([
  ['a', 'years'],
  ['mo', 'months'],
  ['wk', 'weeks'],
  ['d', 'days'],
]);

/** The time is the caller's: an expression that asks the machine for it would answer otherwise tomorrow. */
const askingTheClock = /\b(now|today|timeOfDay)\s*\(/;

function expressionOf(
  given: { language?: string; expression?: string } | undefined,
  path: string,
): string | undefined {
  if (!given) return undefined;
  if (given.language !== 'text/fhirpath' || !given.expression) throw wrong(path, 'must be text/fhirpath');
  if (askingTheClock.test(given.expression))
    throw wrong(path, 'must not ask for the time: say how far back to look with input.dateFilter');
  return given.expression;
}

const wrong = (expression: string, text: string): HubError =>
  new HubError('unprocessable', { text: `${expression} of a pack of criteria ${text}.`, expression });
