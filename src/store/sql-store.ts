import type { AccessFilter } from '../access/filter.ts';
import { accounts } from './accounts/accounts.ts';
import { authorship } from './authorship.ts';
import { board } from './board.ts';
import type { Reader, Writer } from './database.ts';
import { ChangeFeed } from './feed.ts';
import { history } from './history.ts';
import { inUse } from './in-use.ts';
import { storable } from './index-tables.ts';
import { leases } from './leases.ts';
import { nextChange } from './next-change.ts';
import { params, Rids } from './numbers.ts';
import { outbox } from './outbox.ts';
import { locate, opensRecord, read, readMany, referenced, scan, vread } from './reads.ts';
import { records } from './records.ts';
import { otherReferrers } from './referrers.ts';
import { condition } from './search/condition.ts';
import { include } from './search/include.ts';
import { search } from './search/search.ts';
import type { IncludeRequest, SearchPage, SearchQuery } from './search/types.ts';
import { searchable } from './searchable.ts';
import type { BoardEntry, BoardRequest, Store } from './store.ts';
import { terminologyStore } from './terminology/sql-terminology.ts';
import type {
  Authorship,
  AuthorshipRequest,
  CommitList,
  CommitResult,
  Condition,
  HistoryRequest,
  Key,
  Located,
  Rid,
  StoredVersion,
} from './types.ts';

/** What a kind of database adds to its Reader and its Writer. */
export interface Connection {
  reader: Reader;
  writer: Writer;
  analyze(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The Store over a Reader and a Writer, the same for both databases. */
export class SqlStore implements Store {
  readonly dialect;
  readonly feed: ChangeFeed;
  readonly leases;
  readonly records;
  readonly terminology;
  readonly outbox;
  readonly accounts;
  readonly #connection: Connection;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #rids: Rids;

  constructor(connection: Connection) {
    const { reader, writer } = connection;
    this.#connection = connection;
    this.#reader = reader;
    this.#writer = writer;
    this.#rids = new Rids(writer);
    this.dialect = reader.dialect.name;
    this.feed = new ChangeFeed(reader);
    this.leases = leases(writer);
    this.records = records(reader, writer);
    this.terminology = terminologyStore(reader, writer);
    this.outbox = outbox(reader, writer);
    this.accounts = accounts(reader, writer);
  }

  read(key: Key, filter: AccessFilter): Promise<StoredVersion | undefined> {
    return read(this.#reader, key, filter);
  }

  vread(key: Key, ver: number, filter: AccessFilter): Promise<StoredVersion | undefined> {
    return vread(this.#reader, key, ver, filter);
  }

  readMany(rids: readonly Rid[], filter: AccessFilter): Promise<StoredVersion[]> {
    return readMany(this.#reader, rids, filter);
  }

  scan(after: Rid, limit: number): Promise<StoredVersion[]> {
    return scan(this.#reader, after, limit);
  }

  locate(keys: readonly Key[], filter: AccessFilter): Promise<Located[]> {
    return locate(this.#reader, keys, filter);
  }

  authorship(request: AuthorshipRequest, filter: AccessFilter): Promise<Authorship[]> {
    return authorship(this.#reader, request, filter);
  }

  history(request: HistoryRequest, filter: AccessFilter): Promise<StoredVersion[]> {
    return history(this.#reader, request, filter);
  }

  search(query: SearchQuery, filter: AccessFilter): Promise<SearchPage> {
    return search(this.#reader, searchable(query), filter);
  }

  include(request: IncludeRequest, filter: AccessFilter): Promise<StoredVersion[]> {
    return include(this.#reader, request, filter);
  }

  inUse(
    table: 'tok' | 'uri',
    params: readonly number[],
    filter: AccessFilter,
  ): Promise<{ system: string; code: string }[]> {
    return inUse(this.#reader, table, params, filter);
  }

  condition(query: SearchQuery, filter: AccessFilter): Condition {
    return condition(this.#reader, searchable(query), filter);
  }

  otherReferrers(of: { param: number; target: Rid }, except: readonly Rid[]): Condition {
    return otherReferrers(this.#reader, of, except);
  }

  referenced(rid: Rid, except: readonly Rid[]): Promise<boolean> {
    return referenced(this.#reader, rid, except);
  }

  state(): number | undefined {
    return this.#reader.state?.();
  }

  nextChange(organization: string, now: number): Promise<number | undefined> {
    return nextChange(this.#reader, organization, now);
  }

  opensRecord(patient: string, organization: string, now: number): Promise<boolean> {
    return opensRecord(this.#reader, patient, organization, now);
  }

  board(request: BoardRequest, filter: AccessFilter): Promise<BoardEntry[]> {
    return board(this.#reader, request, filter);
  }

  async commit(list: CommitList): Promise<CommitResult> {
    const writes = list.writes.map(write => ({
      ...write,
      add: storable(write.add),
      remove: storable(write.remove),
    }));
    const reindex = list.reindex?.map(one => ({ ...one, rows: storable(one.rows) }));
    const result = await this.#writer.commit({ ...list, writes, ...(reindex ? { reindex } : {}) });
    if (result.ok && writes.length > 0) {
      this.feed.committed();
    }
    return result;
  }

  reserve(count: number): Promise<Rid[]> {
    return this.#rids.reserve(count);
  }

  params(names: readonly string[]): Promise<Map<string, number>> {
    return params(this.#reader, this.#writer, names);
  }

  analyze(): Promise<void> {
    return this.#connection.analyze();
  }

  ping(): Promise<void> {
    return this.#connection.ping();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
