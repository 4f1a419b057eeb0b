import type { Candidate, Need } from '../candidate.ts';
import { routingSystem, type Token } from '../codes.ts';
import { type Criterion, counts, either, excludes } from './criterion.ts';

/** What the person needs to be able to go there: without it the place is of no use, however near. */
export const access: Criterion = (need, { characteristics }) => {
  const { access: needed } = need.requires;
  if (needed.length === 0) return undefined;
  const missing = needed.filter(({ token }) => !characteristics.some(has => has.token === token));
  return missing.length === 0
    ? counts(1, `Has what is needed: ${every(needed.map(one => one.words))}.`)
    : excludes(
        `Does not say that it has ${every(missing.map(one => one.words))}, which is needed.`,
        `${every(missing.map(one => one.words))} could be arranged`,
      );
};

/** The level of care that was found right, against the levels the service gives. */
export const level: Criterion = (need, candidate, { rules }) =>
  among(need.requires.levels, candidate, {
    system: routingSystem.levelOfCare,
    unknown: rules.unknown,
    fits: fit => `Gives ${fit}, the level of care that is needed.`,
    silent: needed => `Does not say whether it gives ${needed}: ask.`,
    other: (theirs, needed) => `Gives ${theirs} only, and ${needed} is needed.`,
    change: theirs => `${theirs} were enough`,
  });

/** The licence that the request, or its program, asks of whoever serves. */
export const licence: Criterion = (need, candidate, { rules }) =>
  among(need.requires.licences, candidate, {
    system: routingSystem.licence,
    unknown: rules.unknown,
    fits: fit => `Holds the licence needed: ${fit}.`,
    silent: needed => `Does not say whether it holds the licence needed (${needed}): ask.`,
    other: (theirs, needed) => `Is licensed for ${theirs} only, not for ${needed}.`,
    change: (_, needed) => `a licence for ${needed} were not needed`,
  });

interface Words {
  system: string;
  unknown: number;
  fits(fit: string): string;
  silent(needed: string): string;
  other(theirs: string, needed: string): string;
  change(theirs: string, needed: string): string;
}

/** One of those needed has to be among what the service says of the kind; who says nothing of it has to be asked. */
function among(needed: Need['requires']['levels'], { characteristics }: Candidate, words: Words) {
  if (needed.length === 0) return undefined;
  const theirs = characteristics.filter(({ token }) => isOf(words.system, token));
  const wanted = either(needed.map(one => lower(one.words)));
  if (theirs.length === 0) return counts(words.unknown, words.silent(wanted));
  const fits = theirs.filter(({ token }) => needed.some(one => one.token === token));
  if (fits.length > 0) return counts(1, words.fits(either(fits.map(one => lower(one.words)))));
  const other = every([...new Set(theirs.map(one => lower(one.words)))].sort());
  return excludes(words.other(other, wanted), words.change(other, wanted));
}

const isOf = (system: string, token: Token): boolean => token.startsWith(`${system}|`);

const conjunction = new Intl.ListFormat('en', { type: 'conjunction' });

const every = (names: readonly string[]): string => conjunction.format(names.map(lower));

const lower = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
