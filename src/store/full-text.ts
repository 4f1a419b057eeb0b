import type { TextQuery } from './search/types.ts';
import type { Words } from './types.ts';

/** The two columns of `fulltext`. */
export const textColumns = ['narrative', 'content'] as const;

/** https://www.sqlite.org/fts5.html#full_text_query_syntax ; words are letters and digits, so quoting is enough. */
export function ftsMatch(column: keyof Words, { any }: TextQuery): string {
  const term = ({ words, prefix }: TextQuery['any'][number]['all'][number]) =>
    `"${words.join(' ')}"${prefix ? ' *' : ''}`;
  const either = any.map(({ all, none }) => {
    const wanted = all.map(term).join(' AND ');
    return none.length > 0 ? `((${wanted}) NOT (${none.map(term).join(' OR ')}))` : `(${wanted})`;
  });
  return `${column} : (${either.join(' OR ')})`;
}

/** https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY */
export function tsquery({ any }: TextQuery): string {
  const term = ({ words, prefix }: TextQuery['any'][number]['all'][number]) =>
    `(${words.map((word, at) => `'${word}'${prefix && at === words.length - 1 ? ':*' : ''}`).join(' <-> ')})`;
  const either = any.map(({ all, none }) =>
    [...all.map(term), ...none.map(one => `!${term(one)}`)].join(' & '),
  );
  return either.map(one => `(${one})`).join(' | ');
}

/** How many positions a lexeme may have, and the last one there is. */
const mostPositions = 256;
const lastPosition = 16_383;

/** Words with their positions, as PostgreSQL reads a `tsvector`: its own parser has other ideas of a word. */
export function tsvector(text: string): string {
  const positions = new Map<string, number[]>();
  let at = 0;
  for (const word of text.split(' ')) {
    if (word === '') continue;
    at = Math.min(at + 1, lastPosition);
    const known = positions.get(word);
    if (!known) positions.set(word, [at]);
    else if (known.length < mostPositions && known.at(-1) !== at) known.push(at);
  }
  return [...positions].map(([word, places]) => `'${word}':${places.join(',')}`).join(' ');
}
