import type { Block, PrintedPacket } from './blocks.ts';

/** A packet as people read it, whatever page it stands on. */
export function PacketArticle({ packet: { title, date, sections } }: { packet: PrintedPacket }) {
  return (
    <article class="packet">
      <header>
        <h1>{title}</h1>
        <p class="when">
          Put together at <time datetime={date}>{date}</time>
        </p>
      </header>
      {sections.map(section => (
        <section>
          {section.level === 1 ? <h2>{section.title}</h2> : <h3>{section.title}</h3>}
          <Blocks blocks={section.blocks} />
        </section>
      ))}
    </article>
  );
}

/** Items that follow one another are one list. */
export function Blocks({ blocks }: { blocks: readonly Block[] }) {
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
