import { routingSystem } from '../codes.ts';
import { type Criterion, counts, either, excludes, saidOnce } from './criterion.ts';

const interpreter = `${routingSystem.characteristic}|interpreter`;

/** A language both speak: the preferred one, another one, or through an interpreter. */
export const language: Criterion = (need, candidate, { rules }) => {
  const [preferred] = need.languages;
  if (preferred === undefined) {
    return undefined;
  }
  const said = candidate.languages.length > 0 ? candidate.languages : [rules.languageUnlessSaid];
  const shared = need.languages.find(mine => said.some(theirs => primary(theirs) === primary(mine)));
  if (shared !== undefined) {
    return counts(shared === preferred ? 1 : rules.otherLanguage, `Speaks ${name(shared)}.`);
  }
  const wanted = either(need.languages.map(name));
  return candidate.characteristics.some(({ token }) => token === interpreter)
    ? counts(rules.interpreter, `Brings an interpreter for ${wanted}.`)
    : excludes(
        `Speaks ${either([...new Set(said.map(name))].sort())}, not ${wanted}, and has no interpreter.`,
        `somebody interpreted ${wanted}`,
      );
};

/** `es-MX` and `es` understand each other (BCP 47, section 2.2.1). */
function primary(tag: string): string {
  return tag.split('-', 1)[0] ?? tag;
}

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

/** A tag that is none keeps its own letters: directories are written by hand. */
const name = saidOnce(tag => (/^[a-z]{2,3}$/.test(primary(tag)) ? (names.of(primary(tag)) ?? tag) : tag));
