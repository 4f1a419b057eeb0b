import { HubError } from '../../errors.ts';

/** Characters of a regular expression, and how often a part may be said to repeat. */
const longestPattern = 200;
const mostRepeats = 100;
const mostUnbounded = 2;

/**
 * The regular expression of a filter, anchored at both ends. JavaScript's can take exponential time, so that only
 * those are taken that cannot: nothing that repeats holds a repetition or a choice, and nothing refers back.
 *
 * @throws HubError where the expression is not of that kind
 */
export function wholePattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = compile(pattern);
  if (compiled.size > 1000) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

const compiled = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  if (pattern.length > longestPattern)
    throw refused(`is longer than ${longestPattern} characters: say it with several filters`);
  const text = pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  checkRepeats(text);
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch {
    throw refused('is no regular expression');
  }
}

/** A group, while it is open: whether it holds something that repeats or a choice. */
interface Open {
  varies: boolean;
}

function checkRepeats(text: string): void {
  const groups: Open[] = [{ varies: false }];
  let closed: Open | undefined;
  let unbounded = 0;
  for (const [token] of text.matchAll(tokens)) {
    const open = groups.at(-1) as Open;
    if (/^\\[1-9k]/.test(token)) throw refused('refers back to a group');
    if (/^\(\?(?!:)/.test(token)) throw refused('looks ahead or behind, or names a group');
    if (token.startsWith('(')) groups.push({ varies: false });
    else if (token === ')') {
      closed = groups.length > 1 ? groups.pop() : undefined;
      const outer = groups.at(-1);
      if (outer && closed?.varies) outer.varies = true;
      continue;
    } else if (token === '|') open.varies = true;
    else if (/^(?:[*+?]|\{\d)/.test(token)) {
      if (closed?.varies && token !== '?') throw refused('repeats what itself repeats or is a choice');
      if (/\d{3,}/.test(token) && Number(token.match(/\d+/g)?.at(-1)) > mostRepeats)
        throw refused(`repeats something more than ${mostRepeats} times`);
      if (/^(?:[*+]|\{\d+,\})$/.test(token)) unbounded++;
      open.varies = true;
    }
    closed = undefined;
  }
  if (unbounded > mostUnbounded)
    throw refused(`has more than ${mostUnbounded} parts that repeat without end`);
}

const tokens = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?[:=!<]?|\(|\)|\||[*+?]|\{\d+(?:,\d*)?\}|[\s\S]/g;

const refused = (why: string): HubError =>
  new HubError('unprocessable', {
    text: `The regular expression of a filter ${why}.`,
    expression: 'ValueSet.compose.include.filter.value',
    code: 'not-supported',
  });
