import { page } from '../page.ts';
import type { Block, PrintedPacket } from './blocks.ts';
import { style } from './style.ts';

/** The packet as a page that is read, printed and faxed: it needs nothing but itself. */
export const packetPage = (packet: PrintedPacket): string => page(<PacketPage packet={packet} />);

function PacketPage({ packet: { title, date, sections } }: { packet: PrintedPacket }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        {/* Plain text that is written here, not data. */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          <p class="when">
            Put together at <time datetime={date}>{date}</time>
          </p>
          {sections.map(section => (
            <section>
              {section.level === 1 ? <h2>{section.title}</h2> : <h3>{section.title}</h3>}
              <Blocks blocks={section.blocks} />
            </section>
          ))}
        </main>
      </body>
    </html>
  );
}

/** Items that follow one another are one list. */
function Blocks({ blocks }: { blocks: readonly Block[] }) {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (block.kind === 'item' && last?.[0]?.kind === 'item') last.push(block);
    else groups.push([block]);
  }
  return (
    <>
      {groups.map(group => {
        const [first] = group;
        if (first?.kind !== 'item') return <p>{first && <Runs block={first} />}</p>;
        return (
          <ul>
            {group.map(item => (
              <li>
                <Runs block={item} />
              </li>
            ))}
          </ul>
        );
      })}
    </>
  );
}

const Runs = ({ block }: { block: Block }) => (
  <>{block.runs.map(({ text, bold }) => (bold ? <b>{text}</b> : text))}</>
);
