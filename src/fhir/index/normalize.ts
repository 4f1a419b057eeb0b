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

/** UTF-16 units of a code, URI or string that the index keeps: databases limit the size of a key. */
const longest = 256;

/** What the index keeps of a value, and what a search must look for. */
export function clip(text: string): string {
  return text.length <= longest ? text : text.slice(0, longest).toWellFormed();
}
