import { join } from 'node:path';
import type { Store } from '../../store/store.ts';
import { createTerminology } from './create-terminology.ts';
import { loadPublished, type TerminologyResource } from './published.ts';
import type { Terminology } from './terminology.ts';

const cache = join(import.meta.dirname, '../../../node_modules/.cache/warm-handoff');

/** Terminology over a store of a test, with resources of its own. */
export async function terminologyOn(
  store: Store,
  own: readonly TerminologyResource[] = [],
  elapsed: () => number = () => performance.now(),
): Promise<Terminology> {
  const published = await loadPublished(cache);
  const onCommit = (listener: () => void) => store.feed.onCommit(listener);
  return createTerminology({ published, own, store, now: () => new Date(0), elapsed, onCommit });
}
