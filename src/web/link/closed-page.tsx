import type { Asker } from '../../auth/links/link-access.ts';
import { filled, type Words } from '../../auth/links/words/words.ts';
import { Frame } from './layout.tsx';

interface ClosedProps {
  words: Words;
  network: string;
  why: keyof Words['closed'];
  asker?: Asker | undefined;
  values?: Record<string, string>;
}

/** Where a link opens nothing (any more): why, and whom to phone. */
export function ClosedPage({ words, network, why, asker, values = {} }: ClosedProps) {
  const { title, text } = words.closed[why];
  return (
    <Frame words={words} network={network}>
      <h1>{title}</h1>
      <p class="lead">{filled(text, values)}</p>
      <CallUs words={words} asker={asker} />
    </Frame>
  );
}

export function CallUs({ words, asker }: { words: Words; asker?: Asker | undefined }) {
  if (!asker?.phone) return <p class="call">{words.callUnnamed}</p>;
  return (
    <p class="call">
      {filled(words.call, { name: asker.name ?? words.heading.somebody })}{' '}
      <a href={`tel:${asker.phone.replace(/[^\d+]/g, '')}`}>{asker.phone}</a>
    </p>
  );
}
