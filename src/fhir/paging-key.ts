import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Records } from '../store/store.ts';

const kind = 'paging-key';
const id = 'current';

/** The key that seals the places in paging links: made at first use, the same for all processes of a hub. */
export async function pagingKey(records: Records, clock: Clock): Promise<Buffer> {
  const now = clock.now().getTime();
  const kept = await records.get(kind, id, now);
  if (kept) return Buffer.from(String(kept.value), 'base64url');
  const made = randomBytes(32);
  const record = { kind, id, value: made.toString('base64url'), expires: null, family: null };
  return (await records.insert(record, now)) ? made : pagingKey(records, clock);
}
