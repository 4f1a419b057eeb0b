/** What somebody may put where an id, a code, a day or a word is expected. */
export const hostile: readonly string[] = [
  '\0',
  'a,b|c$',
  '\'"><script>alert(1)</script>',
  '\u202e',
  '../..',
  '\\',
  '-1',
  '*',
  'x'.repeat(300),
];
