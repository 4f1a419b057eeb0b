import { isObject } from '../../definitions/fhirpath/collection.ts';
import type { ProfileBinding } from '../../definitions/schema-profile.ts';
import type { Membership } from '../../terminology/terminology.ts';
import { describeValueSet } from '../bindings.ts';
import type { Report } from '../report.ts';
import type { ProfileParts, Walk } from './profile-check.ts';
import type { Found } from './values.ts';

interface Coded {
  system?: string;
  version?: string;
  code: string;
}

/**
 * Required: a code must be of the value set. Extensible: where the value set has a code that fits, it must be used,
 * which only a person can tell, so a code of another set is a warning
 * (https://hl7.org/fhir/R4/terminologies.html#strength).
 */
export function checkBinding(binding: ProfileBinding, found: Found, { parts, report }: Walk): void {
  const { strength, valueSet, max } = binding;
  if (strength === 'extensible' && !report.remarking && !max) return;
  const codings = codingsOf(found);
  if (codings === undefined) return;
  if (strength === 'required' || report.remarking) {
    const answer = memberOf(valueSet, codings, parts);
    tell(answer, report, membership => say(membership, binding, codings.length > 0, report, parts));
  }
  if (max)
    tell(memberOf(max, codings, parts), report, membership => {
      if (membership === 'out')
        report.add(`must be ${describeValueSet(max, parts.definitions)}`, 'code-invalid');
    });
}

function tell(
  answer: Membership | Promise<Membership>,
  report: Report,
  say: (membership: Membership) => void,
): void {
  if (typeof answer === 'string') say(answer);
  else report.later(answer, say);
}

function say(
  membership: Membership,
  { strength, valueSet }: ProfileBinding,
  coded: boolean,
  report: Report,
  { definitions }: ProfileParts,
): void {
  const set = describeValueSet(valueSet, definitions);
  if (membership === 'unknown') {
    const text = `could not be checked: the hub does not hold all of ${valueSet}`;
    report.remark(text, 'not-found', 'information');
  } else if (membership === 'out' && strength === 'required') {
    report.add(coded ? `must be ${set}` : `needs a coding that is ${set}`, 'code-invalid');
  } else if (membership === 'out') {
    report.remark(`should be ${set}, if one of its codes says what is meant`, 'code-invalid');
  }
}

/** What is coded: one of the codings of a concept must be of the set. Undefined: there is nothing to check. */
export function codingsOf({ value, type }: Found): readonly Coded[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return [{ code: value }];
  if (!isObject(value)) return undefined;
  if (type === 'CodeableConcept') {
    const all: readonly unknown[] = Array.isArray(value.coding) ? value.coding : [];
    return all.flatMap(one => (isObject(one) ? codedOf(one) : []));
  }
  return codedOf(value);
}

/** A Coding, or a Quantity, whose code is its unit. */
function codedOf({ system, version, code }: Readonly<Record<string, unknown>>): Coded[] {
  if (typeof code !== 'string') return [];
  return [
    {
      code,
      ...(typeof system === 'string' ? { system } : {}),
      ...(typeof version === 'string' ? { version } : {}),
    },
  ];
}

/** Whether one of them is: sure as soon as one is, unknown as long as one may be. */
export function memberOf(
  valueSet: string,
  codings: readonly Coded[],
  parts: ProfileParts,
): Membership | Promise<Membership> {
  const answers = codings.map(coding => member(valueSet, coding, parts));
  if (answers.includes('in')) return 'in';
  const open = answers.filter(answer => typeof answer !== 'string');
  return open.length > 0
    ? Promise.all(answers).then(best)
    : best(answers.filter(one => typeof one === 'string'));
}

const best = (all: readonly Membership[]): Membership =>
  all.includes('in') ? 'in' : all.includes('unknown') ? 'unknown' : 'out';

function member(
  valueSet: string,
  coding: Coded,
  { terminology, definitions }: ProfileParts,
): Membership | Promise<Membership> {
  if (terminology) return terminology.member(valueSet, coding);
  const codes = definitions.valueSet(valueSet.split('|', 1)[0] ?? '');
  if (!codes) return 'unknown';
  const held =
    coding.system === undefined
      ? codes.systemOf(coding.code) !== undefined
      : codes.has(coding.system, coding.code);
  return held ? 'in' : 'out';
}
