import { LiteralAtom } from '@medplum/core';
import { argument, argumentValues, type Branch, type Call, CannotCompile, merge } from './branch.ts';
import { type Collection, none, type Scope } from './collection.ts';

type Result = string | number | boolean | undefined;

/** Functions of one string (http://hl7.org/fhirpath/N1/#string-manipulation); of anything else they give nothing. */
export const stringFunctions: Readonly<Record<string, (call: Call) => readonly Branch[]>> = {
  startsWith: ofStrings('boolean', (text, prefix) => text.startsWith(prefix)),
  endsWith: ofStrings('boolean', (text, suffix) => text.endsWith(suffix)),
  contains: ofStrings('boolean', (text, part) => text.includes(part)),
  matches: call => {
    const regex = literalRegex(call, '');
    return ofItem('boolean', item => (typeof item === 'string' ? regex.test(item) : undefined))(call);
  },
  replaceMatches: call => {
    const regex = literalRegex(call, 'g');
    return ofStrings('string', (text, _, by) => text.replace(regex, by))(call);
  },
  lower: ofStrings('string', text => text.toLowerCase()),
  upper: ofStrings('string', text => text.toUpperCase()),
  length: ofStrings('integer', text => text.length),
  toString: ofItem('string', item => (typeof item === 'object' ? undefined : String(item))),
  toInteger: ofItem('integer', item => (/^[+-]?\d+$/.test(String(item)) ? Number(item) : undefined)),
  substring,
};

function ofItem(type: string, convert: (item: unknown) => Result): (call: Call) => readonly Branch[] {
  return ({ input }) => {
    const items = merge(input);
    return [{ type, evaluate: scope => single(items(scope), convert) }];
  };
}

function single(items: Collection, convert: (item: unknown) => Result): Collection {
  const result = items.length === 1 ? convert(items[0]) : undefined;
  return result === undefined ? none : [result];
}

function ofStrings(
  type: string,
  convert: (text: string, first: string, second: string) => Result,
): (call: Call) => readonly Branch[] {
  return call => {
    const items = merge(call.input);
    const args = call.args.map((_, at) => argumentValues(call, at));
    const evaluate = (scope: Scope): Collection => {
      const [first = '', second = ''] = args.map(arg => arg(scope)[0]);
      if (typeof first !== 'string' || typeof second !== 'string') return none;
      return single(items(scope), item =>
        typeof item === 'string' ? convert(item, first, second) : undefined,
      );
    };
    return [{ type, evaluate }];
  };
}

/** The pattern of a call, which is written out in the expression. */
function literalRegex(call: Call, flags: string): RegExp {
  const pattern = argument(call, 0);
  const source: unknown = pattern instanceof LiteralAtom ? pattern.value.value : undefined;
  if (typeof source !== 'string') throw new CannotCompile('cannot compile a pattern that is not a literal');
  return new RegExp(source, flags);
}

function substring(call: Call): readonly Branch[] {
  const items = merge(call.input);
  const start = argumentValues(call, 0);
  const length = call.args.length > 1 ? argumentValues(call, 1) : undefined;
  const evaluate = (scope: Scope): Collection => {
    const [from] = start(scope);
    const [count] = length?.(scope) ?? [];
    return single(items(scope), item => {
      if (typeof item !== 'string' || typeof from !== 'number' || from >= item.length) return undefined;
      return typeof count === 'number' ? item.slice(from, from + count) : item.slice(from);
    });
  };
  return [{ type: 'string', evaluate }];
}
