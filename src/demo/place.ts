import type { Feed } from '../store/store.ts';
import type { FeedCursor } from '../store/types.ts';

/** How far the seed has come is a cursor of the change feed: it moves in the same commit as what it counts. */
export const placeName = 'demo-network';

/** The place behind the last step, however many there are. */
export const lastPlace = 1_000_000;

export const cursorAt = (place: number): FeedCursor | null => (place === 0 ? null : { xid: '0', seq: place });

type Place = { feed: Pick<Feed, 'cursor'> };

/** The number of steps done. */
export const placeIn = async ({ feed }: Place): Promise<number> => (await feed.cursor(placeName))?.seq ?? 0;

/** Whether the demo network is in the database, whole. */
export const isSeeded = async (store: Place): Promise<boolean> => (await placeIn(store)) === lastPlace;
