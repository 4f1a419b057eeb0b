import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from './normalize.ts';

describe('normalize', () => {
  it.each([
    ['Beatty', 'beatty'],
    ['José', 'jose'],
    ['Zoë  Müller-Lüdenscheidt', 'zoe muller-ludenscheidt'],
    ['  Main   Street\t5\n', 'main street 5'],
    ['Ångström', 'angstrom'],
    ['İstanbul', 'istanbul'],
    ['', ''],
    ['   ', ''],
    ['北京', '北京'],
  ])('%j becomes %j', (text, expected) => {
    expect(normalize(text)).toBe(expected);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => normalize(normalize(text)) === normalize(text)),
    );
  });
});
