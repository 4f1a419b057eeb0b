import type { Bundle } from '@medplum/fhirtypes';
import { printed } from './blocks.ts';
import { packetPage } from './page.tsx';
import { packetPdf } from './pdf.ts';
import { policyFor, style } from './style.ts';

export const printFormats = ['text/html', 'application/pdf'] as const;
export type PrintFormat = (typeof printFormats)[number];

/** A document for people, made of the very Bundle that a system gets: what is not in it is on no page. */
export async function printPacket(
  document: Bundle,
  format: PrintFormat,
): Promise<{ body: string | Uint8Array<ArrayBuffer>; headers: Readonly<Record<string, string>> }> {
  const packet = printed(document);
  if (format === 'text/html') {
    const css = style();
    return {
      body: packetPage(packet, css),
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policyFor(css),
        'Referrer-Policy': 'same-origin',
      },
    };
  }
  return {
    body: await packetPdf(packet),
    headers: {
      'Content-Type': 'application/pdf',
      // A name that tells of nobody.
      'Content-Disposition': 'inline; filename="referral-packet.pdf"',
    },
  };
}
