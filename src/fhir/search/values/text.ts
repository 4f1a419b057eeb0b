import type { TextQuery, TextTerm } from '../../../store/search/types.ts';
import { wordsIn } from '../../index/words.ts';

/** Words and phrases that one text search may have. */
const mostTerms = 50;

/**
 * Words that must all be there, "phrases", beginnings (`depress*`), alternatives (`OR`), and what must not be there
 * (`-word`, `NOT word`). Undefined when nothing is left to look for.
 */
export function textQuery(text: string): TextQuery | undefined {
  const tokens = text.match(/-?"[^"]*"\*?|\S+/g) ?? [];
  if (tokens.length > mostTerms) return undefined;
  const any: { all: TextTerm[]; none: TextTerm[] }[] = [{ all: [], none: [] }];
  let not = false;
  for (const token of tokens) {
    if (token === 'OR' || token === '|') any.push({ all: [], none: [] });
    else if (token === 'NOT') not = true;
    else if (token !== 'AND') {
      const term = termOf(token);
      if (term) any.at(-1)?.[not || token.startsWith('-') ? 'none' : 'all'].push(term);
      not = false;
    }
  }
  return any.every(({ all }) => all.length > 0) ? { any } : undefined;
}

/** Several words where people write one (`follow-up`) are a phrase. */
function termOf(token: string): TextTerm | undefined {
  const words = wordsIn(token).split(' ').filter(Boolean);
  return words.length > 0 ? { words, prefix: token.endsWith('*') } : undefined;
}
