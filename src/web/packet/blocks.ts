import type { Bundle, Composition, CompositionSection } from '@medplum/fhirtypes';
import { SaxesParser } from 'saxes';
import { datesIn } from './dates.ts';

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
  /** Nothing of it is part of the packet. */
  empty: boolean;
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

/** As people read it: with dates as they write them, and in one sentence what is not there, so that it takes no page. */
export function legible({ title, date, sections }: PrintedPacket): PrintedPacket & { nothing?: string } {
  const nothing = sections.filter(({ empty }) => empty).map(one => one.title);
  const blocks = (all: readonly Block[]): Block[] =>
    all.map(({ kind, runs }) => ({ kind, runs: runs.map(one => ({ ...one, text: datesIn(one.text) })) }));
  return {
    title,
    date,
    sections: sections.filter(({ empty }) => !empty).map(one => ({ ...one, blocks: blocks(one.blocks) })),
    ...(nothing.length ? { nothing: `Nothing of this is part of the packet: ${nothing.join('; ')}.` } : {}),
  };
}

const printedSection = (
  { title = '', text, emptyReason }: CompositionSection,
  level: 1 | 2,
): PrintedSection => ({
  title,
  level,
  empty: emptyReason !== undefined,
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
