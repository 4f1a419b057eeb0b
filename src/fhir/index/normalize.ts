/**
 * The form in which strings are indexed and searched: without accents and other combining marks, in lower case,
 * white space collapsed (https://hl7.org/fhir/R4/search.html#string).
 */
export function normalize(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(combiningMarks, '').toLowerCase().replace(whiteSpace, ' ').trim();
}

/** ASCII words with single spaces between them: nearly every name and address there is. */
const plain = /^[!-~]+(?: [!-~]+)*$/;
const combiningMarks = /\p{M}+/gu;
const whiteSpace = /\s+/g;
