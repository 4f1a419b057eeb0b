import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pdfText } from '../../../test/harness/pdf-text.ts';
import { fontParts, piecesOf, unknownLetter } from './letters.ts';
import { linesOf, type Placed } from './lines.ts';
import { lackingWords, packetPdf } from './pdf.ts';

const packet = (...texts: string[]) => ({
  title: 'Referral',
  date: '2026-03-02T12:00:00Z',
  sections: [
    {
      title: 'Said',
      level: 1 as const,
      empty: false,
      blocks: texts.map(text => ({ kind: 'paragraph' as const, runs: [{ text, bold: false }] })),
    },
  ],
});
const inPdf = async (...texts: string[]) => pdfText(Buffer.from(await packetPdf(packet(...texts))));

describe('letters of a PDF', () => {
  it.each([
    ['Vietnamese', 'Nguyễn Thị Ánh Nguyệt'],
    ['Vietnamese, written with marks of its own', 'Nguyê\u0303n'],
    ['Hmong', 'Kob Vaj Tsab'],
    ['Polish', 'Łukasz Żółć'],
    ['Turkish', 'Işıl Güneş'],
    ['Yoruba', 'Adébáyọ̀'],
    ['Ukrainian', 'Олександр Ґудзь'],
    ['Greek', 'Αθηνά Παπαδοπούλου'],
    ['Hindi', 'नमन'],
    ['signs', '≥ 3 → “yes” – 50 €'],
  ])('are all there: %s', async (_, name) => {
    const expected = name.normalize('NFC').replace('≥', '>=').replace('→', '->');
    expect(await inPdf(name)).toContain(`\n${expected}\n`);
  });

  it('are joined and ordered from the right in Arabic, beside words from the left', async () => {
    const text = await inPdf('Name: محمد علي (cousin)');
    // As they are drawn: from the left.
    expect(text).toContain('Name: يلع دمحم (cousin)');
  });

  it('say so where there are none, and where to read them instead', async () => {
    const text = await inPdf('王小明 שרה');
    expect(text).toContain(`${unknownLetter.repeat(3)} ${unknownLetter.repeat(3)}`);
    expect(text).toContain(lackingWords);
    expect(await inPdf('Robin Alder')).not.toContain(unknownLetter);
  });

  it.each(fontParts.map(part => [part.name, part] as const))(
    '%s has all that it says',
    async (_, { has }) => {
      const codes = Array.from({ length: 0xffff }, (_unused, code) => String.fromCharCode(code));
      const all = codes.filter(letter => has.test(letter) && letter.trim() !== '');
      expect(all.length).toBeGreaterThan(50);
      const words = Array.from({ length: Math.ceil(all.length / 40) }, (_unused, at) =>
        all.slice(at * 40, at * 40 + 40).join(' '),
      );
      const text = await inPdf(...words);
      expect(text).not.toContain('\u0000');
    },
  );

  it('never fail, in whatever order they come', async () => {
    const letter = fc.oneof(
      fc.integer({ min: 0x600, max: 0x6ff }),
      fc.integer({ min: 0x900, max: 0x97f }),
      fc.constantFrom(0x20, 0x2c, 0x61, 0x301, 0x200d),
    );
    const text = fc.array(letter, { maxLength: 60 }).map(codes => String.fromCharCode(...codes));
    await fc.assert(
      fc.asyncProperty(text, async said => void (await packetPdf(packet(said)))),
      { numRuns: process.env.CHECK_FULL ? 1000 : 20 },
    );
  });

  it('are never nothing: what is written has as many characters as are visible', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const visible = text.normalize('NFC').replace(/[\s\p{Cf}\p{Cc}]/gu, '');
        const written = piecesOf(text)
          .map(piece => piece.text)
          .join('');
        expect(written.replaceAll(' ', '') === '').toBe(visible === '');
      }),
    );
  });
});

describe('lines', () => {
  const measure = ({ text }: { text: string }) => text.length;
  const shown = (lines: Placed[][]) => lines.map(line => line.map(({ text }) => text).join(''));

  it.each([
    ['break between words', 'one two three', 8, ['one two ', 'three']],
    ['break where the text does', 'one\ntwo', 8, ['one', 'two']],
    ['keep an empty line', 'one\n\ntwo', 8, ['one', '', 'two']],
    ['cut what is longer than a line', 'abcdefghij k', 4, ['abc', 'def', 'ghi', 'j ', 'k']],
    ['keep a name of several fonts together', 'of Nguyễn', 8, ['of ', 'Nguyễn']],
  ])('%s', (_, text, width, lines) => {
    const made = shown(linesOf([{ text, bold: false }], width, measure));
    expect(made.join('').replaceAll(' ', '')).toBe(text.replace(/\s/g, ''));
    for (const line of made) expect(line.trimEnd().length).toBeLessThanOrEqual(width);
    if (width > 4) expect(made).toEqual(lines);
  });

  it('keep what is bold', () => {
    const [line] = linesOf(
      [
        { text: 'Born', bold: true },
        { text: ': 1988', bold: false },
      ],
      80,
      measure,
    );
    expect(line?.map(({ text, bold }) => [text, bold])).toEqual([
      ['Born', true],
      [': 1988', false],
    ]);
  });

  it('never lose a word', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', 'ễ', 'Ж', ' ', '\n', '、'), maxLength: 200 });
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 40 }), (said, width) => {
        const made = shown(linesOf([{ text: said, bold: false }], width, measure)).join('');
        expect(made.replaceAll(' ', '')).toBe(said.replace(/\s/g, '').replaceAll('、', unknownLetter));
      }),
    );
  });
});
