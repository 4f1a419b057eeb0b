import PDFDocument from 'pdfkit';
import { legible, type PrintedPacket } from './blocks.ts';
import { datesIn } from './dates.ts';
import { fontFile, fontParts, type Piece, unknownLetter } from './letters.ts';
import { linesOf, type Run } from './lines.ts';
import { packetTitle } from './title.ts';

const margin = 54;

type Pdf = InstanceType<typeof PDFDocument>;

/** The packet as a PDF to print or fax: tagged, in English, the same bytes for the same packet. */
export async function packetPdf(packet: PrintedPacket): Promise<Uint8Array<ArrayBuffer>> {
  const at = new Date(packet.date);
  const pdf = new PDFDocument({
    size: 'LETTER',
    margin,
    bufferPages: true,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en-US',
    displayTitle: true,
    info: { Title: packetTitle, CreationDate: at, ModDate: at, Producer: 'Warm Handoff' },
  });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', () => resolve());
    pdf.on('error', reject);
  });
  const writer = writerOf(pdf);
  write(pdf, packet, writer);
  number(pdf);
  pdf.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
}

/** How a block of text looks: points. */
interface Look {
  size: number;
  indent?: number;
  /** Left free above it. */
  above?: number;
}

interface Writer {
  block(runs: readonly Run[], look: Look): void;
  /** Whether something had letters that no font has. */
  lacking(): boolean;
}

function writerOf(pdf: Pdf): Writer {
  const known = new Set<string>();
  let lacking = false;
  const use = ({ part, bold }: Piece & { bold: boolean }, size: number): Pdf => {
    const of = fontParts[part];
    if (!of) throw new Error(`there is no part ${part} of the font`);
    const weight = bold ? 700 : 400;
    const name = `${of.name}-${weight}`;
    if (!known.has(name)) pdf.registerFont(name, fontFile(of, weight));
    known.add(name);
    return pdf.font(name).fontSize(size);
  };
  return {
    lacking: () => lacking,
    block(runs, { size, indent = 0, above = 0 }) {
      const width = pdf.page.width - 2 * margin - indent;
      lacking ||= runs.some(({ text }) => text.includes(unknownLetter));
      pdf.y += above;
      for (const line of linesOf(runs, width, piece =>
        use(piece, size).widthOfString(piece.text, shaping(piece)),
      )) {
        const height = size * 1.3;
        if (pdf.y + height > pdf.page.height - margin) pdf.addPage();
        const baseline = pdf.y + size;
        let x = margin + indent;
        for (const piece of line) {
          lacking ||= piece.text.includes(unknownLetter);
          use(piece, size).text(piece.text, x, baseline, {
            ...shaping(piece),
            lineBreak: false,
            baseline: 'alphabetic',
          });
          x += piece.width;
        }
        pdf.x = margin;
        pdf.y = baseline - size + height;
      }
    },
  };
}

/** Features of a font that are left out are `false`, which the types of the library do not know. */
function shaping({ part }: Piece): Pick<PDFKit.Mixins.TextOptions, 'features'> {
  const without = fontParts[part]?.without;
  if (!without) return {};
  const off = Object.fromEntries(without.map(feature => [feature, false]));
  return { features: off as unknown as PDFKit.Mixins.OpenTypeFeatures[] };
}

/** Said where letters are missing, and where they are to be found. */
export const lackingWords = `Letters that this print does not have are shown as ${unknownLetter}. The page of the same packet shows them.`;

function write(pdf: Pdf, packet: PrintedPacket, writer: Writer): void {
  const { title, date, sections, nothing } = legible(packet);
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  const add = (kind: string, draw: () => void) => root.add(pdf.struct(kind, {}, draw));
  const plain = (text: string, look: Look, bold = false) => writer.block([{ text, bold }], look);
  add('H1', () => plain(title, { size: 16 }, true));
  add('P', () => plain(`Put together ${datesIn(date)}`, { size: 9 }));
  for (const { title: heading, level, blocks } of sections) {
    // A heading does not stand alone at the foot of a page.
    if (pdf.y > pdf.page.height - margin - 60) pdf.addPage();
    const size = level === 1 ? 12 : 10.5;
    add(level === 1 ? 'H2' : 'H3', () => plain(heading, { size, above: size * 0.7 }, true));
    for (const { kind, runs } of blocks)
      add('P', () => writer.block(runs, { size: 10, indent: kind === 'item' ? 12 : 0 }));
  }
  if (nothing) add('P', () => plain(nothing, { size: 10, above: 10 }));
  if (writer.lacking()) add('P', () => plain(lackingWords, { size: 9, above: 10 }));
  root.end();
}

/** Which page of how many, below each: what comes out of a fax is put in order again. */
function number(pdf: Pdf): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = start; index < start + count; index++) {
    pdf.switchToPage(index);
    // Below the margin there is no room for text unless there is no margin.
    const { bottom } = pdf.page.margins;
    pdf.page.margins.bottom = 0;
    const text = `Page ${index - start + 1} of ${count}`;
    const place = { width: pdf.page.width - 2 * margin, lineBreak: false } as const;
    pdf.markContent('Artifact', { type: 'Pagination' });
    pdf
      .font('latin-400')
      .fontSize(8)
      .text(text, margin, pdf.page.height - 36, place);
    pdf.endMarkedContent();
    pdf.page.margins.bottom = bottom;
  }
}
