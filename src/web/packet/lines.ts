import { fontParts, type Piece, piecesOf } from './letters.ts';

export interface Run {
  text: string;
  bold: boolean;
}

/** A piece of a line, with its width. */
export interface Placed extends Piece {
  bold: boolean;
  width: number;
}

export type Measure = (piece: Piece & { bold: boolean }) => number;

/** The runs of a paragraph in lines of at most this width, each line from left to right as it is drawn. */
export function linesOf(runs: readonly Run[], width: number, measure: Measure): Placed[][] {
  const lines: Placed[][][] = [[]];
  let free = width;
  const newLine = () => {
    lines.push([]);
    free = width;
  };
  for (const word of wordsOf(runs, width, measure)) {
    if (word === 'break') {
      newLine();
      continue;
    }
    const needed = widthOf(word.filter(({ text }) => text !== ' '));
    if (needed > free && lines.at(-1)?.length) newLine();
    lines.at(-1)?.push(word);
    free -= widthOf(word);
  }
  return lines.map(words => joined(inOrder(words).flat(), measure));
}

const widthOf = (pieces: readonly Placed[]): number => pieces.reduce((sum, { width }) => sum + width, 0);

/** Words, each with the space behind it: its pieces may be of several fonts, and partly bold. */
function* wordsOf(runs: readonly Run[], most: number, measure: Measure): Generator<Placed[] | 'break'> {
  let word: Placed[] = [];
  for (const { text, bold } of runs) {
    for (const [token] of text.matchAll(/\n|[^\S\n]+|\S+/g)) {
      const isSpace = /^\s/.test(token);
      for (const piece of isSpace ? (token === '\n' ? [] : [{ text: ' ', part: 0 }]) : piecesOf(token))
        word.push(...fitting({ ...piece, bold }, most, measure));
      if (!isSpace) continue;
      yield* cut(word, most);
      word = [];
      if (token === '\n') yield 'break';
    }
  }
  yield* cut(word, most);
}

/** A word that is longer than a line is as many as it has pieces. */
function* cut(word: Placed[], most: number): Generator<Placed[]> {
  if (widthOf(word) > most) yield* word.map(piece => [piece]);
  else if (word.length) yield word;
}

/** What is longer than a line (an address of the web) is cut. */
function fitting(piece: Piece & { bold: boolean }, most: number, measure: Measure): Placed[] {
  const width = measure(piece);
  if (width <= most || piece.text.length < 2) return [{ ...piece, width }];
  const middle = Math.ceil(piece.text.length / 2);
  const halves = [piece.text.slice(0, middle), piece.text.slice(middle)];
  return halves.flatMap(text => fitting({ ...piece, text }, most, measure));
}

const isRightToLeft = (word: readonly Placed[]): boolean =>
  word.some(({ part }) => fontParts[part]?.rightToLeft === true);

/**
 * Words of scripts that are written from the right stand in that order, within a line that begins at the left; what is
 * between two of them (a comma) is there too.
 */
function inOrder(words: readonly Placed[][]): Placed[][] {
  const ordered: Placed[][] = [];
  let turned: Placed[][] = [];
  for (const word of words) {
    if (isRightToLeft(word)) turned = [word, ...turned.map((one, at) => (at === 0 ? mirrored(one) : one))];
    else {
      ordered.push(...turned, word);
      turned = [];
    }
  }
  return [...ordered, ...turned];
}

/** The pieces of a word from the right; the space stays between the words. */
const mirrored = (word: readonly Placed[]): Placed[] => [
  ...word.filter(({ text }) => text !== ' ').reverse(),
  ...word.filter(({ text }) => text === ' '),
];

/** Neighbours of one font are drawn at once, so that they are found and copied as one text. */
function joined(pieces: readonly Placed[], measure: Measure): Placed[] {
  const result: Placed[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    const same =
      last && last.part === piece.part && last.bold === piece.bold && !fontParts[piece.part]?.rightToLeft;
    if (!same) result.push({ ...piece });
    else {
      last.text += piece.text;
      last.width = measure(last);
    }
  }
  return result;
}
