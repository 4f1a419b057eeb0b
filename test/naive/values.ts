/** The matching rules of https://hl7.org/fhir/R4/search.html in their plainest words, on plain JSON values. */

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** `system|code`, `code`, `|code`, `system|` against a code, Coding, CodeableConcept, Identifier, ContactPoint, boolean. */
export function matchesToken(value: unknown, asked: string): boolean {
  if (isObject(value) && Array.isArray(value.coding))
    return value.coding.some(one => matchesToken(one, asked));
  const { system = '', code = '' } = tokenParts(value);
  if (code === '') return false;
  const bar = asked.indexOf('|');
  if (bar < 0) return code === asked;
  const [wantedSystem, wantedCode] = [asked.slice(0, bar), asked.slice(bar + 1)];
  return system === wantedSystem && (wantedCode === '' || code === wantedCode);
}

function tokenParts(value: unknown): { system?: string; code?: string } {
  if (!isObject(value)) return { code: String(value) };
  const code = value.code ?? value.value;
  return {
    ...(typeof value.system === 'string' ? { system: value.system } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** A string, or the texts of a HumanName or Address. */
export function matchesString(value: unknown, asked: string, modifier: string | undefined): boolean {
  const parts = isObject(value)
    ? [
        'text',
        'family',
        'given',
        'prefix',
        'suffix',
        'line',
        'city',
        'district',
        'state',
        'postalCode',
        'country',
      ].flatMap(name => listOf(value[name]))
    : [value];
  return parts
    .filter(part => typeof part === 'string')
    .some(part => {
      if (modifier === 'exact') return part === asked;
      if (modifier === 'contains') return folded(part).includes(folded(asked));
      return folded(part).startsWith(folded(asked));
    });
}

interface Range {
  from: number;
  to: number;
}

/** Whether the range of a value and that of a search parameter are as the prefix wants them (search.html#prefix). */
export function compare(prefix: string, value: Range, asked: Range): boolean {
  const within = value.from >= asked.from && value.to <= asked.to;
  switch (prefix) {
    case 'ne':
      return !within;
    case 'gt':
      return value.to > asked.to;
    case 'lt':
      return value.from < asked.from;
    case 'ge':
      return value.to > asked.to || within;
    case 'le':
      return value.from < asked.from || within;
    case 'sa':
      return value.from > asked.to;
    case 'eb':
      return value.to < asked.from;
    case 'ap':
      return value.from <= asked.to && value.to >= asked.from;
    default:
      return within;
  }
}

export function prefixOf(asked: string): [prefix: string, rest: string] {
  const found = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)/.exec(asked)?.[0];
  return found ? [found, asked.slice(2)] : ['eq', asked];
}

/** The milliseconds that a date, a moment or a Period stands for. */
export function rangeOf(value: unknown): Range {
  if (isObject(value)) {
    return {
      from: typeof value.start === 'string' ? rangeOf(value.start).from : Number.NEGATIVE_INFINITY,
      to: typeof value.end === 'string' ? rangeOf(value.end).to : Number.POSITIVE_INFINITY,
    };
  }
  const text = String(value);
  const [year = 0, month, day] = (text.split('T')[0] ?? '').split('-').map(Number);
  if (text.includes('T')) {
    const from = Date.parse(text);
    return { from, to: from + (/\.\d/.test(text) ? 0 : /T\d\d:\d\d:\d\d/.test(text) ? 999 : 59_999) };
  }
  const from = Date.UTC(year, (month ?? 1) - 1, day ?? 1);
  const next =
    month === undefined
      ? Date.UTC(year + 1, 0, 1)
      : day === undefined
        ? Date.UTC(year, month, 1)
        : from + 86_400_000;
  return { from, to: next - 1 };
}

export function matchesDate(value: unknown, asked: string): boolean {
  const [prefix, rest] = prefixOf(asked);
  return compare(prefix, rangeOf(value), rangeOf(rest));
}

/** A number, with the precision it is written in (search.html#number); ordering takes it as it is. */
export function matchesNumber(value: number, asked: string): boolean {
  const [prefix, rest] = prefixOf(asked);
  const exact = Number(rest);
  const decimals = rest.split('.')[1]?.length ?? 0;
  const half = 0.5 * 10 ** -decimals;
  const slack =
    prefix === 'eq' || prefix === 'ne' ? half : prefix === 'ap' ? Math.max(half, Math.abs(exact) / 10) : 0;
  // The upper end of what is meant by 5 is not 5.5 itself.
  const to = prefix === 'eq' || prefix === 'ne' ? exact + slack - 1e-9 : exact + slack;
  return compare(prefix, { from: value, to: value }, { from: exact - slack, to });
}

export function matchesQuantity(value: unknown, asked: string): boolean {
  if (!isObject(value) || typeof value.value !== 'number') return false;
  const [number = '', system = '', code = ''] = asked.split('|');
  if (!matchesNumber(value.value, number)) return false;
  if (code === '') return true;
  return system === ''
    ? value.code === code || value.unit === code
    : value.system === system && value.code === code;
}
