import { expect, it } from 'vitest';
import type { Block, PrintedPacket } from '../../packet/blocks.ts';
import { summaryOf } from './packet-words.ts';

const paragraph = (text: string, bold = false): Block => ({ kind: 'paragraph', runs: [{ text, bold }] });
const line = (label: string, text: string): Block => ({
  kind: 'item',
  runs: [
    { text: label, bold: true },
    { text: `: ${text}`, bold: false },
  ],
});

const packet: PrintedPacket = {
  title: 'Referral',
  date: '2026-03-02T12:00:00Z',
  sections: [
    {
      title: 'Risk',
      level: 1,
      empty: false,
      blocks: [
        paragraph('Risk Assessment: C-SSRS', true),
        line('Status', 'final'),
        line('Date', '2026-03-05'),
      ],
    },
    {
      title: 'Medications',
      level: 1,
      empty: true,
      blocks: [paragraph('Nothing of this is part of the packet.')],
    },
    { title: 'Coverage', level: 1, empty: false, blocks: [paragraph('Coverage', true)] },
  ],
};

it('a packet is told without the record’s bookkeeping, with dates as people write them, and with what it lacks', () => {
  const { told, silent } = summaryOf(packet);
  expect(
    told.map(({ title, open, blocks }) => [
      title,
      open,
      blocks.map(({ runs }) => runs.map(({ text }) => text).join('')),
    ]),
  ).toEqual([
    ['Risk', true, ['C-SSRS', 'Date: Mar 5, 2026']],
    ['Coverage', false, ['Coverage']],
  ]);
  expect(silent).toEqual(['Medications']);
});
