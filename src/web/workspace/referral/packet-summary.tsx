import { Blocks } from '../../packet/article.tsx';
import type { PrintedPacket, PrintedSection } from '../../packet/blocks.ts';

interface SummaryProps {
  packet: PrintedPacket;
  /** The request's id: the whole packet has a page. */
  request: string;
}

/** What was sent, for whoever has to decide: each section that says something, and which say nothing. */
export function PacketSummary({ packet: { sections }, request }: SummaryProps) {
  const [told, silent] = [sections.filter(says), sections.filter(one => !says(one) && one.level === 1)];
  return (
    <section class="card packet-summary" aria-labelledby="packet">
      <h2 id="packet">What was sent</h2>
      {told.map(section => (
        <details class="fold" open={opens(section)}>
          <summary>{section.title}</summary>
          <Blocks blocks={section.blocks} />
        </details>
      ))}
      {silent.length > 0 && (
        <p class="quiet">Not part of it: {silent.map(({ title }) => title.toLowerCase()).join(', ')}.</p>
      )}
      <p>
        <a href={`/referrals/${request}/packet`}>The whole packet</a>, to read or print.
      </p>
    </section>
  );
}

/** A section without anything in it says so in one sentence. */
const says = ({ blocks }: PrintedSection): boolean =>
  blocks.some(
    ({ kind, runs }) => kind === 'item' || !runs.some(({ text }) => text.startsWith('Nothing of this')),
  );

/** Long attachments are opened by who wants to read them. */
const opens = ({ blocks }: PrintedSection): boolean => blocks.length <= 14;
