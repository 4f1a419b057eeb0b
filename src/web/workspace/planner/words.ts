const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** `a, b and c`, as one says it. */
export const agreed = (words: readonly string[]): string => list.format(words);

const languages = new Intl.DisplayNames('en', { type: 'language' });

/** What a language is called (BCP 47): `Spanish`; the code where it is none. */
export function languageWords(code: string): string {
  try {
    return languages.of(code) ?? code;
  } catch {
    // Not a language tag at all: what it says is all there is to say.
    return code;
  }
}
