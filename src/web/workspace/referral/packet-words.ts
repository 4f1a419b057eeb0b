import { type Block, legible, type PrintedPacket } from '../../packet/blocks.ts';

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

export function summaryOf(packet: PrintedPacket): PacketWords {
  return {
    told: legible(packet).sections.map(({ title, blocks }) => ({
      title,
      blocks: blocks.filter(block => !isBookkeeping(block)).map(plainly),
      open: !folded.includes(title),
    })),
    silent: packet.sections.filter(({ empty, level }) => empty && level === 1).map(({ title }) => title),
  };
}

const isBookkeeping = ({ kind, runs }: Block): boolean =>
  kind === 'item' && bookkeeping.includes(runs[0]?.text ?? '');

/** Without the names that FHIR has for things. */
const plainly = ({ kind, runs }: Block): Block => ({
  kind,
  runs: runs.map(({ text, bold }) => ({
    bold,
    text: kind === 'paragraph' && bold ? text.replace(/^[A-Z][A-Za-z ]+: (?=\S)/, '') : text,
  })),
});
