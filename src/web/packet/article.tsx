import { type Block, legible, type PrintedPacket } from './blocks.ts';
import { datesIn } from './dates.ts';

/** A packet as people read it, whatever page it stands on. */
export function PacketArticle({ packet }: { packet: PrintedPacket }) {
  const { title, date, sections, nothing } = legible(packet);
  return (
    <article class="packet">
      <header>
        <h1>{title}</h1>
        <p class="when">
          Put together <time datetime={date}>{datesIn(date)}</time>
        </p>
      </header>
      <div class="sections">
        {sections.map(section => (
          <section>
            {section.level === 1 ? <h2>{section.title}</h2> : <h3>{section.title}</h3>}
            <Blocks blocks={section.blocks} />
          </section>
        ))}
        {nothing && <p class="nothing">{nothing}</p>}
      </div>
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
          <dl class="facts">
            {group.map(item => (
              <Item block={item} />
            ))}
          </dl>
        );
      })}
    </>
  );
}

/** A label and what it says of the thing. */
function Item({ block: { runs } }: { block: Block }) {
  const [label, ...said] = runs;
  return (
    <>
      <dt>{label?.text}</dt>
      <dd>
        {said
          .map(({ text }) => text)
          .join('')
          .replace(/^: /, '')}
      </dd>
    </>
  );
}

const Runs = ({ block }: { block: Block }) => (
  <>{block.runs.map(({ text, bold }) => (bold ? <b>{text}</b> : text))}</>
);
