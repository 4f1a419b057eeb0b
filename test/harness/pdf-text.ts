import { inflateSync } from 'node:zlib';

/**
 * The words of a PDF, as its pages show them: each text in its place, lines apart. Letters of fonts that are embedded
 * are read by their ToUnicode maps; a letter that its font does not have is `\u0000`.
 */
export function pdfText(pdf: Buffer): string {
  const objects = objectsIn(pdf.toString('latin1'));
  const fonts = new Map<string, ReadonlyMap<number, string>>();
  for (const { head } of objects.values())
    for (const [, name = '', number = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const unicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(number)?.head ?? '')?.[1];
      fonts.set(name, lettersIn(objects.get(unicode ?? '')?.stream ?? ''));
    }
  return [...objects.values()].map(({ stream }) => shownIn(stream, fonts)).join('');
}

interface PdfObject {
  head: string;
  stream: string;
}

function objectsIn(raw: string): Map<string, PdfObject> {
  const found = raw.matchAll(/(\d+) 0 obj\n([\s\S]*?)endobj/g);
  return new Map(
    [...found].map(([, number = '', body = '']) => {
      const [head = '', data] = body.split(/stream\r?\n/);
      return [number, { head, stream: data === undefined ? '' : inflated(data) }];
    }),
  );
}

function inflated(data: string): string {
  try {
    return inflateSync(Buffer.from(data, 'latin1')).toString('latin1');
  } catch {
    return '';
  }
}

/** Letters by the number of their glyph. */
function lettersIn(map: string): ReadonlyMap<number, string> {
  const letters = new Map<number, string>();
  for (const [, low = '', list = ''] of map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g)) {
    const all = [...list.matchAll(/<([0-9a-f ]*)>/g)];
    for (const [index, [, hex = '']] of all.entries())
      letters.set(
        Number.parseInt(low, 16) + index,
        Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
      );
  }
  return letters;
}

function shownIn(stream: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string>>): string {
  let text = '';
  let letters: ReadonlyMap<number, string> = new Map();
  let height = 0;
  for (const [, font, y, parts] of stream.matchAll(
    /\/(F\d+) [\d.]+ Tf|1 0 0 1 [-\d.]+ ([-\d.]+) Tm|\[((?:<[0-9a-f]*>|[-\d. ])*)\] TJ/g,
  )) {
    if (font !== undefined) letters = fonts.get(font) ?? new Map();
    // Marks stand a little higher than their letters.
    if (y !== undefined && Math.abs(Number(y) - height) > 5) {
      text += '\n';
      height = Number(y);
    }
    for (const [, hex = ''] of (parts ?? '').matchAll(/<([0-9a-f]*)>/g))
      for (let at = 0; at < hex.length; at += 4) {
        const glyph = Number.parseInt(hex.slice(at, at + 4), 16);
        text += glyph === 0 ? '\u0000' : (letters.get(glyph) ?? '');
      }
  }
  return text;
}
