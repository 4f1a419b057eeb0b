import type { Expectation } from '../types.ts';
import { bindable, type Statements } from './connection.ts';

/** The first expectation of the list that does not hold. */
export function firstFailure(
  statements: Statements,
  expectations: readonly Expectation[],
): Expectation | undefined {
  return expectations.find(expectation => !holds(statements, expectation));
}

function holds(statements: Statements, expectation: Expectation): boolean {
  switch (expectation.kind) {
    case 'version': {
      const row = statements.prepare('SELECT ver FROM resource WHERE rid = ?').get(expectation.rid);
      return (row?.ver ?? 0) === expectation.ver;
    }
    case 'exists': {
      const live = 'SELECT 1 FROM resource WHERE rid = ? AND deleted = 0';
      return statements.prepare(live).get(expectation.rid) !== undefined;
    }
    case 'unreferenced': {
      const others = `SELECT 1 FROM ref WHERE target = ? AND rid NOT IN (SELECT value FROM json_each(?)) LIMIT 1`;
      const { rid, except } = expectation;
      return statements.prepare(others).get(rid, JSON.stringify([rid, ...except])) === undefined;
    }
    case 'no-match': {
      const { sql, parameters } = expectation.condition;
      return statements.prepare(sql).get(...bindable(parameters)) === undefined;
    }
    case 'cursor': {
      const row = statements.prepare('SELECT xid, seq FROM cursor WHERE name = ?').get(expectation.name);
      const { from } = expectation;
      return from === null ? row === undefined : row?.xid === from.xid && row.seq === from.seq;
    }
  }
}
