import PDFDocument from 'pdfkit';
import type { Block, PrintedPacket, PrintedSection } from './blocks.ts';
import { packetTitle } from './title.ts';

const margin = 54;

/**
 * The packet as a PDF to print or fax: tagged, in English, the same bytes for the same packet. Its fonts are those
 * that every reader has, so it writes the letters of western Europe; others lose their marks, or are a question mark.
 */
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
  write(pdf, packet);
  number(pdf);
  pdf.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
}

type Pdf = InstanceType<typeof PDFDocument>;

function write(pdf: Pdf, { title, date, sections }: PrintedPacket): void {
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  const add = (kind: string, draw: () => void) => root.add(pdf.struct(kind, {}, draw));
  add('H1', () => pdf.font('Helvetica-Bold').fontSize(16).text(plain(title)));
  add('P', () => pdf.font('Helvetica').fontSize(9).text(`Put together at ${date}`));
  for (const section of sections) {
    heading(pdf, section, add);
    for (const block of section.blocks) add('P', () => paragraph(pdf, block));
  }
  root.end();
}

function heading(pdf: Pdf, { title, level }: PrintedSection, add: (kind: string, draw: () => void) => void) {
  pdf.moveDown(0.6);
  // A heading does not stand alone at the foot of a page.
  if (pdf.y > pdf.page.height - margin - 60) pdf.addPage();
  add(level === 1 ? 'H2' : 'H3', () =>
    pdf
      .font('Helvetica-Bold')
      .fontSize(level === 1 ? 12 : 10.5)
      .text(plain(title)),
  );
}

function paragraph(pdf: Pdf, { kind, runs }: Block): void {
  const indent = kind === 'item' ? 12 : 0;
  const x = margin + indent;
  const width = pdf.page.width - 2 * margin - indent;
  pdf.fontSize(10);
  for (const [index, { text, bold }] of runs.entries()) {
    const continued = index < runs.length - 1;
    pdf.font(bold ? 'Helvetica-Bold' : 'Helvetica');
    if (index === 0) pdf.text(plain(text), x, pdf.y, { width, continued });
    else pdf.text(plain(text), { continued });
  }
  pdf.x = margin;
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
      .font('Helvetica')
      .fontSize(8)
      .text(text, margin, pdf.page.height - 36, place);
    pdf.endMarkedContent();
    pdf.page.margins.bottom = bottom;
  }
}

/** What the fonts can write (Windows code page 1252). */
const writable = /[\n\x20-\x7e\u00a0-\u00ff\u20ac\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026]/;

/** The text in letters that the fonts have. */
function plain(text: string): string {
  return [...text.normalize('NFC')].map(one => (writable.test(one) ? one : withoutMarks(one))).join('');
}

function withoutMarks(letter: string): string {
  const base = letter.normalize('NFKD').replace(/\p{M}/gu, '');
  if (base === '') return '';
  return [...base].every(one => writable.test(one)) ? base : '?';
}
