/**
 * Works on several items at once, and hands over their results in the order of the items. The source is asked for
 * the next item only when one of the works in hand has been handed over.
 */
export async function inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
  take: (result: Result) => Promise<void>,
): Promise<void> {
  const inHand: Promise<Result>[] = [];
  const takeFirst = async () => take(await (inHand.shift() as Promise<Result>));
  try {
    for await (const item of items) {
      const result = work(item);
      // A failure is met when its turn to be handed over has come, not before.
      result.catch(() => undefined);
      inHand.push(result);
      if (inHand.length >= atOnce) await takeFirst();
    }
    while (inHand.length > 0) await takeFirst();
  } finally {
    // What was begun goes on to its end, so that nothing is written after the import has failed.
    await Promise.allSettled(inHand);
  }
}
