import type { AccessFilter } from '../access/filter.ts';
import { accessPredicate } from './access-predicate.ts';
import type { Reader } from './database.ts';
import { limitTo } from './limit.ts';
import { storedVersion } from './reads.ts';
import { sql } from './sql.ts';
import type { BoardEntry, BoardRequest } from './store.ts';

/** See Store.board. One short range of `work` per status; bodies are fetched after the limit. */
export async function board(
  reader: Reader,
  request: BoardRequest,
  filter: AccessFilter,
): Promise<BoardEntry[]> {
  const { dialect } = reader;
  const { owner, after, limit } = request;
  const place = after ? sql`(w.due, w.rid) > (${after.due}, ${after.rid})` : sql`1 = 1`;
  const ofStatus = [...new Set(request.statuses)].map(
    status => sql`SELECT * FROM (
      SELECT w.status, w.due, w.rid FROM work w${dialect.next('resource', 'r', sql`r.rid = w.rid`)}
      WHERE w.owner = ${owner} AND w.status = ${status} AND ${place} AND r.deleted = 0
        AND ${accessPredicate(dialect, filter)}
      ORDER BY w.due, w.rid${limitTo(limit)}) AS of_status`,
  );
  if (ofStatus.length === 0) {
    return [];
  }
  return reader.all<BoardEntry>(sql`
    SELECT ${storedVersion}, page.status, page.due FROM
      (SELECT * FROM (${sql.join(ofStatus, sql` UNION ALL `)}) AS every ORDER BY due, rid, status${limitTo(limit)}) AS page
      JOIN resource r ON r.rid = page.rid JOIN version v ON v.seq = r.seq
    ORDER BY page.due, page.rid, page.status`);
}
