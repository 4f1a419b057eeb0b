import { languageName } from './words.ts';

/** Languages that are offered to tick, by how many speak them in the United States. */
export const usualLanguages = [
  'en',
  'es',
  'zh',
  'vi',
  'ar',
  'so',
  'hmn',
  'ru',
  'ko',
  'fr',
  'ht',
  'pt',
  'am',
  'ase',
];

/** The tag of a language that is called so in English, or the tag itself. */
export function languageTag(text: string): string | undefined {
  const wanted = text.trim().toLowerCase();
  if (/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(wanted) && languageName(wanted) !== wanted)
    return canonical(wanted);
  return tagsByName().get(wanted);
}

/** `tl` is `fil` today (https://www.rfc-editor.org/rfc/rfc5646#section-4.5). */
const canonical = (tag: string): string => Intl.getCanonicalLocales(tag)[0] ?? tag;

let known: ReadonlyMap<string, string> | undefined;

/** Every language of two or three letters that has a name. */
function tagsByName(): ReadonlyMap<string, string> {
  if (known) return known;
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const twos = letters.flatMap(a => letters.map(b => a + b));
  const all = [...twos.flatMap(two => letters.map(c => two + c)), ...twos];
  known = new Map(
    all.flatMap(tag => {
      const name = languageName(tag);
      return name === tag ? [] : [[name.toLowerCase(), canonical(tag)]];
    }),
  );
  return known;
}
