/** NIST SP 800-63B: length counts, composition does not; what many people choose is refused. */
export const shortest = 12;
export const longest = 128;

/** Why a password cannot be taken, in words for who chose it; undefined: it can. */
export function faultOfPassword(password: string, about: readonly string[]): string | undefined {
  const { length } = [...password.normalize('NFKC')];
  if (length < shortest)
    return `A password has at least ${shortest} characters; this one has ${length}. Three or four words that have nothing to do with each other do well.`;
  if (length > longest) return `A password has at most ${longest} characters.`;
  if (isGuessable(password, about))
    return 'Many people would try this password first: it is made of common words, a pattern, or your own name. Choose other words.';
  return undefined;
}

/**
 * What is left when common words, runs, repetitions and what is known of the person are taken out: too little of it,
 * and the password is one that is tried first. At this length the lists of leaked passwords hold little else.
 */
function isGuessable(password: string, about: readonly string[]): boolean {
  const plain = password.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  const words = [...about.flatMap(wordsIn), ...common].sort((a, b) => b.length - a.length);
  return (
    isRepetition(plain) || [plain, unleet(plain)].some(text => new Set(leftOf(text, words)).size < fewest)
  );
}

const wordsIn = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word.length > 2);

const leftOf = (text: string, words: readonly string[]): string =>
  words
    .reduce((rest, word) => rest.replaceAll(word, ' '), text.replace(/[^\p{L}\p{N}]+/gu, ''))
    .replace(/(.)\1{2,}/gu, '$1')
    .split(/[\s\d]+/)
    .map(withoutRuns)
    .join('');

const fewest = 5;

/** Letters that are often written as digits and signs. */
const unleet = (text: string): string =>
  text.replace(
    /[@431!05$7]/g,
    sign =>
      ({ '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', '5': 's', $: 's', '7': 't' })[sign] ??
      sign,
  );

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
  'qazwsxedcrfvtgbyhnujmikolp',
];
const lines = rows.flatMap(row => [row, [...row].reverse().join('')]);

/** Takes out neighbours on a keyboard or in the alphabet, four or more. */
function withoutRuns(text: string): string {
  for (let length = text.length; length >= 4; length--) {
    for (let at = 0; at + length <= text.length; at++) {
      const part = text.slice(at, at + length);
      if (lines.some(line => line.includes(part)))
        return withoutRuns(text.slice(0, at)) + withoutRuns(text.slice(at + length));
    }
  }
  return text;
}

/** `abcdabcdabcd`: a piece of a few characters again and again. */
const isRepetition = (text: string): boolean => /^(.{1,5})\1+.{0,3}$/u.test(text);

/** The words that the most used passwords are made of. */
const common =
  'password passwort passwd pass word secret welcome letmein login admin administrator root guest user test changeme default master access hello love iloveyou sunshine princess football baseball basketball soccer hockey dragon monkey shadow superman batman michael jessica ashley daniel charlie jordan thomas trustno qwerty whatever freedom starwars computer internet server system network hospital clinic nurse doctor patient health medical care warm handoff warmhandoff hub spring summer autumn fall winter january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday company office work google facebook linkedin chocolate cookie flower butterfly liverpool chelsea arsenal yankees cowboys pokemon naruto samsung iphone apple windows microsoft blink the my is you and for'.split(
    ' ',
  );
