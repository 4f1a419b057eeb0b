import type { LoadedDefinitions } from '../../definitions/definitions.ts';
import { isObject } from '../../definitions/fhirpath/collection.ts';
import { Evaluation } from '../../definitions/fhirpath/evaluation.ts';
import { type CompiledProfile, elementAt, type ProfileElement } from '../../definitions/schema-profile.ts';
import type { Terminology } from '../../terminology/terminology.ts';
import { Report } from '../report.ts';
import { checkBinding } from './binding.ts';
import { count } from './cardinality.ts';
import { createConstraints } from './constraints.ts';
import type { Profiles } from './profiles.ts';
import { checkSlices } from './slicing.ts';
import { checkTarget } from './targets.ts';
import { checkValue } from './value-rules.ts';
import { type Found, valuesOf } from './values.ts';

/** What profiles are checked with. */
export interface ProfileParts {
  definitions: LoadedDefinitions;
  profiles: Profiles;
  terminology: Pick<Terminology, 'member'> | undefined;
}

/** Where a profile is being checked. */
export interface Walk {
  parts: ProfileParts;
  profile: CompiledProfile;
  report: Report;
  checks: ProfileChecks;
}

/** Checks values against profiles: what these ask beyond the base types, which are checked before. */
export class ProfileChecks {
  readonly parts: ProfileParts;
  readonly #constraints: ReturnType<typeof createConstraints>;

  constructor(parts: ProfileParts) {
    this.parts = parts;
    this.#constraints = createConstraints(parts.definitions);
  }

  /** A resource, data type or extension against one profile. */
  check(found: Found, profile: CompiledProfile, report: Report): void {
    const outer = report.profile;
    report.profile = profile.url;
    if (this.parts.definitions.schema.is(found.type, profile.type)) {
      this.#value(profile.root, found, { parts: this.parts, profile, report, checks: this });
    } else report.add(`must be a ${profile.type}, not a ${found.type}`, 'value');
    report.profile = outer;
  }

  /** Whether a value conforms, without saying why not. What must be looked up elsewhere counts as conforming. */
  conforms(found: Found, profile: CompiledProfile, { report }: Walk): boolean {
    const trial = new Report(report.evaluation.resource);
    trial.evaluation =
      isObject(found.value) && typeof found.value.resourceType === 'string'
        ? new Evaluation(found.value)
        : report.evaluation;
    this.check(found, profile, trial);
    report.undecided ||= trial.undecided;
    return trial.problems.length === 0;
  }

  /** All values of an element, then each of them. */
  element(element: ProfileElement, all: readonly Found[], walk: Walk): void {
    count(element, all.length, walk.report);
    for (const found of all) this.at(found, walk, () => this.#value(element, found, walk));
    if (element.slicing) checkSlices(element, all, walk);
  }

  /** With the report at the place of a value. */
  at(found: Found, { report }: Walk, check: () => void): void {
    const { length } = report.path;
    const { evaluation } = report;
    report.path.push(...found.steps);
    const { value } = found;
    if (isObject(value) && typeof value.resourceType === 'string')
      report.evaluation = new Evaluation(value, found.steps[0] === 'contained' ? evaluation : undefined);
    check();
    report.evaluation = evaluation;
    report.path.length = length;
  }

  value(element: ProfileElement, found: Found, walk: Walk): void {
    this.#value(element, found, walk);
  }

  #value(element: ProfileElement, found: Found, walk: Walk): void {
    const { report, profile, parts } = walk;
    if (element.types && !element.types.some(type => parts.definitions.schema.is(found.type, type))) {
      report.add(`must be ${element.types.join(' or ')}, not ${found.type}`, 'value');
      return;
    }
    checkValue(element, found, report);
    if (element.binding) checkBinding(element.binding, found, walk);
    if (element.targets || element.aggregation) checkTarget(element, found, walk);
    this.#profiles(element.profiles?.[found.type] ?? element.profiles?.[supertype(found.type)], found, walk);
    this.#constraints(element, found, report);
    for (const child of element.children ?? [])
      this.element(child, valuesOf(found, child.name, parts.definitions.schema), walk);
    const same = element.sameAs ? elementAt(profile.root, element.sameAs) : undefined;
    if (same) this.#value(same, found, walk);
  }

  /** One of the profiles must hold; which ones the hub does not know is not held against a value. */
  #profiles(asked: readonly string[] | undefined, found: Found, walk: Walk): void {
    if (!asked || found.value === undefined) return;
    const known = asked.map(url => this.parts.profiles.find(url));
    // An extension is checked by its definition wherever it stands.
    if (found.type === 'Extension' || known.includes(undefined)) return;
    const [only, ...others] = known.filter(one => one !== undefined);
    if (!only) return;
    if (others.length === 0) this.check(found, only, walk.report);
    else if (![only, ...others].some(one => this.conforms(found, one, walk)))
      walk.report.add(`must conform to one of ${asked.join(', ')}`, 'structure');
  }
}

/** `SimpleQuantity` is named as a type, and profiled as a Quantity. */
const supertype = (type: string): string => (/^(Simple|Money)Quantity$/.test(type) ? 'Quantity' : 'Resource');
