import type { LoadedDefinitions } from '../definitions/definitions.ts';
import { isObject } from '../definitions/fhirpath/collection.ts';
import type { CodeSet } from '../definitions/value-set.ts';
import { type Check, quote, type Report } from './report.ts';

/**
 * The check of a required binding (https://hl7.org/fhir/R4/terminologies.html#required). Value sets whose codes are
 * not published with FHIR are held to the form of their codes, or left alone (UCUM).
 */
export function bindingCheck(url: string, type: string, definitions: LoadedDefinitions): Check | undefined {
  const codes = definitions.valueSet(url);
  if (!codes) return type === 'code' ? forms[url] : undefined;
  const choice = new Choice(url, codes);
  switch (type) {
    case 'code':
    case 'string':
    case 'uri':
      return (value, report) => {
        if (typeof value === 'string' && codes.systemOf(value) === undefined)
          report.add(choice.refuse(), 'code-invalid');
      };
    case 'Coding':
      return (value, report) => {
        if (isObject(value) && !choice.holds(value)) report.add(choice.refuseCoding(value), 'code-invalid');
      };
    case 'CodeableConcept':
      return (value, report) => concept(value, choice, report);
    default:
      return undefined;
  }
}

/** "one of a, b, c (its URL)", where the codes are few enough to be told; else its URL. */
export function describeValueSet(canonical: string, definitions: LoadedDefinitions): string {
  const codes = definitions.valueSet(canonical.split('|', 1)[0] ?? '');
  return codes ? String(new Choice(canonical, codes)) : `a code of ${canonical}`;
}

/** One of the codings must be of the set; others may say the same in other systems. */
function concept(value: unknown, choice: Choice, report: Report): void {
  if (!isObject(value)) return;
  const codings = Array.isArray(value.coding) ? value.coding : [];
  if (codings.some(coding => isObject(coding) && choice.holds(coding))) return;
  const [only, ...others] = codings;
  const text =
    isObject(only) && others.length === 0 ? choice.refuseCoding(only) : `needs a coding that is ${choice}`;
  report.add(text, 'code-invalid');
}

/** How many codes a message lists. */
const mostListed = 20;

class Choice {
  readonly #url: string;
  readonly #codes: CodeSet;

  constructor(url: string, codes: CodeSet) {
    this.#url = url;
    this.#codes = codes;
  }

  holds({ system, code }: Readonly<Record<string, unknown>>): boolean {
    return typeof code === 'string' && this.#codes.has(typeof system === 'string' ? system : undefined, code);
  }

  /** Without the code that was sent: in a wrong place it may be anything, and a message is logged and shown. */
  refuse(): string {
    return `must be ${this}`;
  }

  refuseCoding({ system, code }: Readonly<Record<string, unknown>>): string {
    const [only, ...others] = this.#codes.systems;
    const known = typeof code === 'string' && this.#codes.systemOf(code) !== undefined;
    if (known && only && others.length === 0 && system !== only)
      return `${quote(code)} needs the system ${only}`;
    return typeof code === 'string'
      ? `${this.refuse()} of ${this.#codes.systems.join(', ')}`
      : `needs a code that is ${this}`;
  }

  toString(): string {
    const all = this.#codes.codes;
    const more = all.length - mostListed;
    const listed = all.slice(0, mostListed).join(', ');
    return `one of ${listed}${more > 0 ? ` or ${more} more` : ''} (${this.#url})`;
  }
}

function form(pattern: RegExp, wanted: string): Check {
  return (value, report) => {
    if (typeof value === 'string' && !pattern.test(value)) report.add(`must be ${wanted}`, 'code-invalid');
  };
}

const forms: Readonly<Record<string, Check>> = {
  'http://hl7.org/fhir/ValueSet/mimetypes': form(
    // The specification itself writes the formats of a server in short.
    /^(?:[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(?:\s?;.*)?|xml|json|ttl)$/,
    'a MIME type such as application/pdf',
  ),
  'http://hl7.org/fhir/ValueSet/currencies': form(/^[A-Z]{3}$/, 'a currency code of ISO 4217, such as USD'),
};
