import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { listOf, version } from '../../test/harness/writes.ts';

eachDatabase('the full-text index', database => {
  // SQLite's marks what is taken out under row numbers beyond 2^53, which are then the last ones of the connection.
  it('is kept through many updates, one commit after the other and several at once', async () => {
    const store = await database.open();
    const rids = await store.reserve(8);
    for (let ver = 1; ver <= 25; ver++) {
      const words = { narrative: `note ${ver}`, content: `word${ver} again` };
      const committed = await Promise.all(
        rids.map(rid => store.commit(listOf([version({ rid, ver, words })]))),
      );
      expect(committed.every(({ ok }) => ok)).toBe(true);
    }
  });
});
