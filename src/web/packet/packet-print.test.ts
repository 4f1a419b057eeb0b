import type { Bundle } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrative } from '../../referral/packet/narrative.ts';
import { blocksOf, legible, printed } from './blocks.ts';
import { printPacket } from './print.ts';

/** Any UTF-16 at all, also half characters. Markup comes up often. */
const anyText = fc
  .array(
    fc.oneof(fc.constantFrom('<', '>', '&', '"', ']]>', '<b>', '\0'), fc.integer({ min: 0, max: 0xffff })),
    { maxLength: 30 },
  )
  .map(units => units.map(one => (typeof one === 'string' ? one : String.fromCharCode(one))).join(''));

const document = (text: string): Bundle => ({
  resourceType: 'Bundle',
  type: 'document',
  entry: [
    {
      resource: {
        resourceType: 'Composition',
        status: 'final',
        type: {},
        author: [{}],
        date: '2026-03-02T12:00:00Z',
        title: text,
        section: [
          { title: text, text: narrative([text, { title: text, lines: [{ label: 'Said', text }] }]) },
        ],
      },
    },
  ],
});

describe('a packet in print', () => {
  it('says what its narrative says', () => {
    expect(
      blocksOf(narrative(['a < b', { title: 'T', lines: [{ label: 'L', text: 'x & y' }] }]).div ?? ''),
    ).toEqual([
      { kind: 'paragraph', runs: [{ text: 'a < b', bold: false }] },
      { kind: 'paragraph', runs: [{ text: 'T', bold: true }] },
      {
        kind: 'item',
        runs: [
          { text: 'L', bold: true },
          { text: ': x & y', bold: false },
        ],
      },
    ]);
  });

  it('is legible: dates as people write them, and what is not there in one sentence', () => {
    const told = (text: string) => ({
      title: 'Told',
      level: 1 as const,
      empty: false,
      blocks: [{ kind: 'paragraph' as const, runs: [{ text, bold: false }] }],
    });
    const none = { title: 'Consent', level: 1 as const, empty: true, blocks: [] };
    const text =
      'Since 2019, from 2026-03-01 to 2026-03-02T15:00:00.000Z, not 2026-13-45 nor 555-2026-03-01x';
    const packet = legible({ title: 'T', date: '', sections: [told(text), none] });
    expect(packet.sections.map(({ title, blocks }) => [title, blocks[0]?.runs[0]?.text])).toEqual([
      [
        'Told',
        'Since 2019, from Mar 1, 2026 to Mar 2, 2026, 9:00 AM CST, not 2026-13-45 nor 555-2026-03-01x',
      ],
    ]);
    expect(packet.nothing).toBe('Nothing of this is part of the packet: Consent.');
  });

  it('is never markup and never fails, whatever somebody is called', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async text => {
        const { body } = await printPacket(document(text), 'text/html');
        const known =
          /<\/?(?:html|head|meta|title|body|main|article|header|div|h1|h2|p|time|section|dl|dt|dd|b|style|!doctype)\b[^<>]*>/g;
        expect(
          String(body)
            .replace(/<style>[^<]*<\/style>/, '')
            .replace(known, ''),
        ).not.toMatch(/[<>]/);
        await printPacket(document(text), 'application/pdf');
      }),
      { numRuns: 25 },
    );
  });

  it('is the same bytes for the same packet, on as many pages as it takes', async () => {
    const long = document('Nguyễn Müller '.repeat(1200));
    const [one, two] = await Promise.all([
      printPacket(long, 'application/pdf'),
      printPacket(long, 'application/pdf'),
    ]);
    expect(Buffer.from(one.body).equals(Buffer.from(two.body))).toBe(true);
    const pages =
      Buffer.from(one.body)
        .toString('latin1')
        .match(/\/Type \/Page\b/g) ?? [];
    expect(pages.length).toBeGreaterThan(3);
    expect(printed(long).sections).toHaveLength(1);
  });
});
