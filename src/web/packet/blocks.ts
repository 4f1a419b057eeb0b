import type { Bundle, Composition, CompositionSection } from '@medplum/fhirtypes';
import { SaxesParser } from 'saxes';

/** A packet as it is read on a page or on paper. */
export interface PrintedPacket {
  title: string;
  /** When it was put together, an instant. */
  date: string;
  sections: readonly PrintedSection[];
}

export interface PrintedSection {
  title: string;
  /** 1: a section; 2: a part of one. */
  level: 1 | 2;
  blocks: readonly Block[];
}

/** A paragraph, or an item of a list. */
export interface Block {
  kind: 'paragraph' | 'item';
  runs: readonly { text: string; bold: boolean }[];
}

/** What a document says to people: its title and the narratives of its sections, in their order. */
export function printed(document: Bundle): PrintedPacket {
  const composition = document.entry?.[0]?.resource as Composition;
  const sections = (composition.section ?? []).flatMap(one => [
    printedSection(one, 1),
    ...(one.section ?? []).map(inner => printedSection(inner, 2)),
  ]);
  return { title: composition.title, date: composition.date, sections };
}

const printedSection = ({ title = '', text }: CompositionSection, level: 1 | 2): PrintedSection => ({
  title,
  level,
  blocks: text ? blocksOf(text.div) : [],
});

/** The blocks of a narrative: paragraphs and list items, with what is bold in them. */
export function blocksOf(div: string): Block[] {
  const blocks: { kind: Block['kind']; runs: { text: string; bold: boolean }[] }[] = [];
  let bold = false;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    if (name === 'p' || name === 'li') blocks.push({ kind: name === 'p' ? 'paragraph' : 'item', runs: [] });
    if (name === 'b') bold = true;
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'b') bold = false;
  });
  parser.on('text', text => {
    if (text.trim()) blocks.at(-1)?.runs.push({ text, bold });
  });
  parser.write(div).close();
  return blocks;
}
