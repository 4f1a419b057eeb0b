import type { Child } from 'hono/jsx';
import { Layout } from '../layout.tsx';
import { page } from '../page.ts';
import { PacketArticle } from './article.tsx';
import type { PrintedPacket } from './blocks.ts';
import { packetTitle } from './title.ts';

/** The packet as a page that is read, printed and faxed: it needs nothing but itself. */
export const packetPage = (packet: PrintedPacket, css: string): string =>
  page(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{packetTitle}</title>
        {/* Plain text that is written here, not data. */}
        <style dangerouslySetInnerHTML={{ __html: css }} />
      </head>
      <body class="packet-alone">
        <main>
          <PacketArticle packet={packet} />
        </main>
      </body>
    </html>,
  );

interface PacketPageProps {
  who: Child;
  packet: PrintedPacket;
  /** Where the same is as a PDF. */
  pdf: string;
}

/** The packet for somebody who is signed in, among the other pages. */
export function PacketPage({ who, packet, pdf }: PacketPageProps) {
  return (
    <Layout title={`${packetTitle} – Warm Handoff`} who={who} styles={['packet.css']}>
      <nav class="packet-ways" aria-label="This packet">
        <a href="/">All referrals</a>
        <a href={pdf} type="application/pdf">
          As PDF, to print or fax
        </a>
      </nav>
      <PacketArticle packet={packet} />
    </Layout>
  );
}
