import { Blocks } from '../../packet/article.tsx';
import type { PrintedPacket } from '../../packet/blocks.ts';
import { summaryOf } from './packet-words.ts';

interface SummaryProps {
  packet: PrintedPacket;
  /** The request's id: the whole packet has a page. */
  request: string;
}

/** What was sent, for whoever has to decide: each section that says something, and which say nothing. */
export function PacketSummary({ packet, request }: SummaryProps) {
  const { told, silent } = summaryOf(packet);
  return (
    <section class="card packet-summary" aria-labelledby="packet">
      <h2 id="packet">What was sent</h2>
      {told.map(({ title, blocks, open }) =>
        open ? (
          <>
            <h3>{title}</h3>
            <Blocks blocks={blocks} />
          </>
        ) : (
          <details class="fold">
            <summary>{title}</summary>
            <Blocks blocks={blocks} />
          </details>
        ),
      )}
      {silent.length > 0 && <p class="quiet">Not sent: {silent.join(', ').toLowerCase()}.</p>}
      <p>
        <a href={`/referrals/${request}/packet`}>The whole packet</a>, to read or print.
      </p>
    </section>
  );
}
