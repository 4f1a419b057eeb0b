import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { unpacked } from './woff.ts';

/** Text that one file of a font has all letters of. */
export interface Piece {
  text: string;
  /** Index into `fontParts`. */
  part: number;
}

interface FontPart {
  name: string;
  file: (weight: 400 | 700) => string;
  /** What it has letters for: whole characters, with the marks on them. */
  has: RegExp;
  rightToLeft?: true;
  /** Parts of its shaping that are left out. */
  without?: readonly string[];
}

const noto = (subset: string, has: RegExp): FontPart => ({
  name: subset,
  file: weight => `@fontsource/noto-sans/files/noto-sans-${subset}-${weight}-normal.woff`,
  has,
});

/** Noto Sans, one file for each part of Unicode, in the order in which they are asked. */
export const fontParts: readonly FontPart[] = [
  noto(
    'latin',
    /^[\u0300\u0301\u0303\u0304\u0308\u0309\u0323\u0329\x20-\x7e\xa0-\xff\u0131\u0152\u0153\u02bb\u02bc\u02c6\u02da\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u2032\u2033\u2039\u203a\u20ac\u2122\u2212\ufffd]+$/,
  ),
  noto(
    'latin-ext',
    /^[\u0100-\u0130\u0132-\u0151\u0154-\u02ba\u1d00-\u1dbf\u1e00-\u1e9f\u1ef2-\u1eff\u2020]+$/,
  ),
  noto(
    'vietnamese',
    /^[\u0300\u0301\u0303\u0304\u0308\u0309\u0323\u0329\u0102\u0103\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]+$/,
  ),
  noto('cyrillic', /^[\u0301\u0400-\u045f\u0490\u0491\u04b0\u04b1\u2116]+$/),
  noto('cyrillic-ext', /^[\u0460-\u048f\u0492-\u04af\u04b2-\u052f]+$/),
  noto('greek', /^[\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03e1\u03f0-\u03ff]+$/),
  noto(
    'greek-ext',
    /^[\u1f00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f60-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fc4]+$/,
  ),
  noto('devanagari', /^[\u0900-\u097f\u200c\u200d]+$/),
  {
    name: 'arabic',
    file: weight => `@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff`,
    has: /^[\u0600-\u06ff\u0750-\u077f\u08a0-\u08b4]+$/,
    rightToLeft: true,
    // The library fails to place some marks on letters that they are not made for.
    without: ['mark', 'mkmk'],
  },
];

const require = createRequire(import.meta.url);

const files = new Map<string, Buffer>();

/** The file of one part, read once. */
export function fontFile(part: FontPart, weight: 400 | 700): Buffer {
  const name = part.file(weight);
  const known = files.get(name) ?? unpacked(readFileSync(require.resolve(name)));
  files.set(name, known);
  return known;
}

/** What stands for a letter that no part has. */
export const unknownLetter = '\ufffd';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Marks of direction and joins that are invisible; order is made where lines are. */
const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Signs that people write in notes, in letters that every part has beside. */
const inLetters: Readonly<Record<string, string>> = { '≥': '>=', '≤': '<=', '→': '->', '←': '<-', '≈': '~' };

/** The text in pieces of one font each. A letter that none has is a sign that says so, never nothing. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const { segment } of graphemes.segment(text.normalize('NFC').replace(invisible, ''))) {
    const found = writable(segment);
    const last = pieces.at(-1);
    if (last && last.part === found.part) last.text += found.text;
    else pieces.push(found);
  }
  return pieces;
}

function writable(segment: string): Piece {
  for (const text of [segment, inLetters[segment] ?? segment.normalize('NFKC')]) {
    const part = fontParts.findIndex(({ has }) => has.test(text));
    if (part !== -1) return { text, part };
  }
  return { text: /^\s+$/.test(segment) ? ' ' : unknownLetter, part: 0 };
}
