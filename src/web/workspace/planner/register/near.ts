import type { Patient } from '@medplum/fhirtypes';

/**
 * What two people have in common whose names or dates of birth differ by no more than a slip of the hand or the ear;
 * undefined where they differ by more. What is the same letter by letter is for `samePerson` to say.
 */
export function nearlySame(a: Patient, b: Patient): string[] | undefined {
  const [one, other] = [nameIn(a), nameIn(b)];
  if (!one || !other || !a.birthDate || !b.birthDate) return undefined;
  const born = a.birthDate === b.birthDate;
  const name = one.given === other.given && one.family === other.family;
  if (born && slip(one.given, other.given) && slip(one.family, other.family))
    return ['birth date', 'nearly the name'];
  if (born && one.given === other.family && one.family === other.given)
    return ['birth date', 'the names, the other way round'];
  if (name && nearDate(a.birthDate, b.birthDate)) return ['name', 'nearly the birth date'];
  return undefined;
}

interface Name {
  given: string;
  family: string;
}

function nameIn({ name = [] }: Patient): Name | undefined {
  const [first] = name.filter(({ use }) => use !== 'anonymous');
  const given = plain(first?.given?.[0]);
  const family = plain(first?.family);
  return given && family ? { given, family } : undefined;
}

/** Without case, accents and what is between words. */
const plain = (text = ''): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '');

/** The same, or one letter more, less, another or changed with its neighbor; in a long word two. */
function slip(a: string, b: string): boolean {
  const allowed = Math.min(a.length, b.length) > 5 ? 2 : 1;
  return a === b || (Math.min(a.length, b.length) > 2 && distance(a, b) <= allowed);
}

/** One digit is another, or two have changed places (the month and the day as well). */
function nearDate(a: string, b: string): boolean {
  const [year, month, day] = a.split('-');
  if (`${year}-${day}-${month}` === b) return true;
  return a.length === b.length && distance(a, b) <= 1;
}

/** Insertions, deletions, changes and swaps of neighbors that make the one of the other (optimal string alignment). */
export function distance(a: string, b: string): number {
  const [long, short] = [[...a], [...b]];
  let [before, last] = [[] as number[], short.map((_, at) => at + 1)];
  last.unshift(0);
  for (const [at, letter] of long.entries()) {
    const row = [at + 1];
    for (const [of, other] of short.entries()) {
      const same = letter === other;
      const changed = (last[of] ?? 0) + (same ? 0 : 1);
      const longer = Math.min((last[of + 1] ?? 0) + 1, (row[of] ?? 0) + 1);
      const swapped =
        at > 0 && of > 0 && letter === short[of - 1] && long[at - 1] === other
          ? (before[of - 1] ?? 0) + 1
          : Number.POSITIVE_INFINITY;
      row.push(Math.min(changed, longer, swapped));
    }
    before = last;
    last = row;
  }
  return last.at(-1) ?? 0;
}
