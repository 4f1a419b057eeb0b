import type { Block, PrintedPacket, PrintedSection } from '../../packet/blocks.ts';
import { timesIn } from '../../times-in.ts';

/** A packet as whoever decides reads it first. */
export interface PacketWords {
  told: readonly { title: string; blocks: readonly Block[]; open: boolean }[];
  /** Titles of sections that have nothing. */
  silent: readonly string[];
}

/** Of the record's own bookkeeping, and not of the person: the whole packet has it. */
const bookkeeping = ['Status', 'Written', 'Recorded', 'Verification', 'Category', 'Priority', 'Kind'];

/** What decides less often: there to be unfolded. */
const folded = ['Medical necessity: the facts that support it', 'Coverage', 'Further documents'];

export function summaryOf({ sections }: PrintedPacket, zone: string | undefined): PacketWords {
  return {
    told: sections.filter(says).map(({ title, blocks }) => ({
      title,
      blocks: blocks.filter(block => !isBookkeeping(block)).map(block => plainly(block, zone)),
      open: !folded.includes(title),
    })),
    silent: sections.filter(one => !says(one) && one.level === 1).map(({ title }) => title),
  };
}

/** A section without anything in it says so in one sentence. */
const says = ({ blocks }: PrintedSection): boolean =>
  blocks.some(
    ({ kind, runs }) => kind === 'item' || !runs.some(({ text }) => text.startsWith('Nothing of this')),
  );

const isBookkeeping = ({ kind, runs }: Block): boolean =>
  kind === 'item' && bookkeeping.includes(runs[0]?.text ?? '');

/** Without the names that FHIR has for things, and with times as people say them. */
const plainly = ({ kind, runs }: Block, zone: string | undefined): Block => ({
  kind,
  runs: runs.map(({ text, bold }) => ({
    bold,
    text: timesIn(kind === 'paragraph' && bold ? text.replace(/^[A-Z][A-Za-z ]+: (?=\S)/, '') : text, zone),
  })),
});
