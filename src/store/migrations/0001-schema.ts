import { type Kysely, sql } from 'kysely';
import type { Capabilities } from '../capabilities.ts';

/**
 * The JSON lives once, in `version`; `resource` is the slim current row; one narrow index table per value
 * type, keyed by what a search probes. Times are epoch milliseconds, flags 0 or 1.
 */
export async function up(db: Kysely<unknown>, dialect: Capabilities): Promise<void> {
  const statements = `${resources}${indexes}${relationships}${housekeeping}${dialects[dialect.name].more}`;
  for (const statement of statements.split(';\n').filter(text => text.trim())) {
    await sql.raw(adapt(statement, dialects[dialect.name].words)).execute(db);
  }
}

const resources = `
CREATE TABLE version(seq $SEQ, rid $INT NOT NULL, type $TEXT NOT NULL, ver $INT NOT NULL, at $INT NOT NULL,
  op $TEXT NOT NULL, actor $TEXT NOT NULL, org $TEXT NOT NULL, purpose $TEXT, body $TEXT) $ROWS;
CREATE UNIQUE INDEX version_rid_ver ON version(rid, ver);
CREATE INDEX version_type ON version(type, seq);
CREATE INDEX version_at ON version(at);
CREATE TABLE resource(rid $RID, type $TEXT NOT NULL, id $TEXT NOT NULL, ver $INT NOT NULL, seq $INT NOT NULL,
  updated $INT NOT NULL, source $TEXT NOT NULL, patient $TEXT, label $INT NOT NULL, open $SMALL NOT NULL,
  deleted $SMALL NOT NULL) $ROWS;
CREATE UNIQUE INDEX resource_type_id ON resource(type, id);
CREATE INDEX resource_type_updated ON resource(type, updated, rid);
CREATE INDEX resource_patient ON resource(patient, type, updated, rid);
CREATE INDEX resource_source ON resource(source, type, updated, rid);
CREATE INDEX resource_open ON resource(type, updated, rid) WHERE open = 1;
`;

// The (rid, …) indexes serve sorting by a parameter, `:missing` and includes; rids grow, so they append.
const indexes = `
CREATE TABLE tok(param $SMALL NOT NULL, code $TEXT NOT NULL, rid $INT NOT NULL, sys $TEXT NOT NULL,
  PRIMARY KEY(param, code, rid, sys)) $KEYED;
CREATE INDEX tok_rid ON tok(rid, param, code);
CREATE TABLE ref(param $SMALL NOT NULL, target $INT NOT NULL, rid $INT NOT NULL,
  PRIMARY KEY(param, target, rid)) $KEYED;
CREATE INDEX ref_rid ON ref(rid, param, target);
CREATE INDEX ref_target ON ref(target, rid);
CREATE TABLE str(param $SMALL NOT NULL, norm $TEXT NOT NULL, rid $INT NOT NULL,
  PRIMARY KEY(param, norm, rid)) $KEYED;
CREATE INDEX str_rid ON str(rid, param, norm);
CREATE TABLE dt(param $SMALL NOT NULL, lo $INT NOT NULL, rid $INT NOT NULL, hi $INT NOT NULL,
  PRIMARY KEY(param, lo, rid, hi)) $KEYED;
CREATE INDEX dt_rid ON dt(rid, param, lo, hi);
CREATE INDEX dt_hi ON dt(param, hi, rid);
CREATE TABLE num(param $SMALL NOT NULL, val $REAL NOT NULL, rid $INT NOT NULL,
  PRIMARY KEY(param, val, rid)) $KEYED;
CREATE INDEX num_rid ON num(rid, param, val);
CREATE TABLE qty(param $SMALL NOT NULL, code $TEXT NOT NULL, val $REAL NOT NULL, rid $INT NOT NULL,
  sys $TEXT NOT NULL, PRIMARY KEY(param, code, val, rid, sys)) $KEYED;
CREATE INDEX qty_rid ON qty(rid, param, val);
CREATE INDEX qty_val ON qty(param, val, rid);
CREATE TABLE uri(param $SMALL NOT NULL, uri $TEXT NOT NULL, rid $INT NOT NULL,
  PRIMARY KEY(param, uri, rid)) $KEYED;
CREATE INDEX uri_rid ON uri(rid, param, uri);
CREATE TABLE pos(param $SMALL NOT NULL, lat $REAL NOT NULL, lon $REAL NOT NULL, rid $INT NOT NULL,
  PRIMARY KEY(param, lat, lon, rid)) $KEYED;
CREATE INDEX pos_rid ON pos(rid, param);
CREATE TABLE param(num $PARAM, name $TEXT NOT NULL UNIQUE) $ROWS;
CREATE TABLE work(owner $TEXT NOT NULL, status $TEXT NOT NULL, due $INT NOT NULL, rid $INT NOT NULL,
  PRIMARY KEY(owner, status, due, rid)) $KEYED;
CREATE INDEX work_rid ON work(rid);
`;

// `via` is the resource a relationship rests on: rewriting that resource replaces its rows.
const relationships = `
CREATE TABLE rel(patient $TEXT NOT NULL, org $TEXT NOT NULL, via $INT NOT NULL, labels $INT NOT NULL,
  starts $INT NOT NULL, ends $INT, PRIMARY KEY(patient, org, via)) $KEYED;
CREATE INDEX rel_org ON rel(org, patient, starts, ends, labels);
CREATE INDEX rel_via ON rel(via);
CREATE TABLE party(org $TEXT NOT NULL, rid $INT NOT NULL, via $INT NOT NULL, labels $INT NOT NULL,
  starts $INT NOT NULL, ends $INT, PRIMARY KEY(org, rid, via)) $KEYED;
CREATE INDEX party_rid ON party(rid, org);
CREATE INDEX party_via ON party(via);
`;

const housekeeping = `
CREATE TABLE feed(seq $PLAINSEQ, rid $INT NOT NULL, ver $INT NOT NULL, type $TEXT NOT NULL, op $TEXT NOT NULL,
  quiet $SMALL NOT NULL$XID) $ROWS;
CREATE TABLE cursor(name $TEXT PRIMARY KEY, xid $XID8 NOT NULL, seq $INT NOT NULL) $KEYED;
CREATE TABLE lease(name $TEXT PRIMARY KEY, holder $TEXT NOT NULL, until $INT NOT NULL) $KEYED;
CREATE TABLE record(kind $TEXT NOT NULL, id $TEXT NOT NULL, value $TEXT NOT NULL, expires $INT, family $TEXT,
  PRIMARY KEY(kind, id)) $KEYED;
CREATE INDEX record_family ON record(family) WHERE family IS NOT NULL;
CREATE INDEX record_expires ON record(expires) WHERE expires IS NOT NULL;
CREATE TABLE counter(name $TEXT PRIMARY KEY, next $INT NOT NULL) $KEYED;
INSERT INTO counter(name, next) VALUES ('rid', 1);
`;

/** The words that differ, and what only one of the databases has. */
const dialects = {
  sqlite: {
    words: {
      INT: 'INTEGER',
      SMALL: 'INTEGER',
      REAL: 'REAL',
      TEXT: 'TEXT',
      XID8: 'TEXT',
      XID: '',
      SEQ: 'INTEGER PRIMARY KEY',
      PLAINSEQ: 'INTEGER PRIMARY KEY',
      RID: 'INTEGER PRIMARY KEY',
      PARAM: 'INTEGER PRIMARY KEY',
      ROWS: 'STRICT',
      KEYED: 'STRICT, WITHOUT ROWID',
    },
    more: 'CREATE INDEX feed_loud ON feed(seq) WHERE quiet = 0;\n',
  },
  postgres: {
    words: {
      INT: 'bigint',
      SMALL: 'smallint',
      REAL: 'double precision',
      TEXT: 'text COLLATE "C"',
      XID8: 'xid8',
      XID: ', xid xid8 NOT NULL DEFAULT pg_current_xact_id()',
      SEQ: 'bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY',
      PLAINSEQ: 'bigint PRIMARY KEY',
      RID: 'bigint PRIMARY KEY',
      PARAM: 'smallint PRIMARY KEY',
      ROWS: '',
      KEYED: '',
    },
    // Without the statistics, `status=requested` was estimated at 64 rows where there were 2,409.
    more: `
CREATE INDEX feed_loud ON feed(xid, seq) WHERE quiet = 0;
CREATE INDEX feed_xid ON feed(xid, seq);
CREATE STATISTICS tok_param_code (mcv, ndistinct) ON param, code FROM tok;
ALTER STATISTICS tok_param_code SET STATISTICS 1000;
CREATE STATISTICS ref_param_target (mcv, ndistinct) ON param, target FROM ref;
ALTER STATISTICS ref_param_target SET STATISTICS 1000;
`,
  },
};

function adapt(statement: string, words: Record<string, string>): string {
  return statement.replaceAll(/\$([A-Z0-9]+)/g, (_, word: string) => {
    const replacement = words[word];
    if (replacement === undefined) {
      throw new Error(`The schema has no word $${word}`);
    }
    return replacement;
  });
}
