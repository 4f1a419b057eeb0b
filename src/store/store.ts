import type { AccessFilter } from '../access/filter.ts';
import type { AccountStore } from './accounts/types.ts';
import type { Outbox } from './outbox-types.ts';
import type { IncludeRequest, SearchPage, SearchQuery } from './search/types.ts';
import type { TerminologyStore } from './terminology/store.ts';
import type {
  Authorship,
  AuthorshipRequest,
  CommitList,
  CommitResult,
  Condition,
  FeedCursor,
  FeedRow,
  HistoryRequest,
  Key,
  Located,
  Rid,
  StoredVersion,
} from './types.ts';

/** The database, the same on SQLite and PostgreSQL. Every read of resources takes an AccessFilter. */
export interface Store {
  readonly dialect: 'sqlite' | 'postgres';

  /** The current version; a deletion has `body: null`; `undefined` when absent or hidden. */
  read(key: Key, filter: AccessFilter): Promise<StoredVersion | undefined>;
  /** One version. The current version's label decides whether it may be seen. */
  vread(key: Key, ver: number, filter: AccessFilter): Promise<StoredVersion | undefined>;
  /** Several current versions at once, in no order; absent, deleted and hidden ones are left out. */
  readMany(rids: readonly Rid[], filter: AccessFilter): Promise<StoredVersion[]>;
  /** Current versions in the order of their row numbers, after one: for work on all of them. */
  scan(after: Rid, limit: number): Promise<StoredVersion[]>;
  /** Where resources stand, hidden ones included (`visible: false`): for resolving references before a write. */
  locate(keys: readonly Key[], filter: AccessFilter): Promise<Located[]>;
  /** Who made the versions of resources that may be seen, newest first. */
  authorship(request: AuthorshipRequest, filter: AccessFilter): Promise<Authorship[]>;
  /** Newest first. */
  history(request: HistoryRequest, filter: AccessFilter): Promise<StoredVersion[]>;
  search(query: SearchQuery, filter: AccessFilter): Promise<SearchPage>;
  /** The resources one step along references from a page of results. */
  include(request: IncludeRequest, filter: AccessFilter): Promise<StoredVersion[]>;
  /** The values of search parameters in current, visible resources, each once; the most there may be is bounded. */
  inUse(
    table: 'tok' | 'uri',
    params: readonly number[],
    filter: AccessFilter,
  ): Promise<{ system: string; code: string }[]>;
  /** The condition of a conditional create, to be checked again inside the commit. */
  condition(query: SearchQuery, filter: AccessFilter): Condition;
  /** The condition that nothing but these refers to the target by the parameter: for a decision over all that do. */
  otherReferrers(of: { param: number; target: Rid }, except: readonly Rid[]): Condition;
  /** Whether anything current refers to the resource, other than these. */
  referenced(rid: Rid, except: readonly Rid[]): Promise<boolean>;
  /** Whether the organization owns the Patient or has a record-level relationship to it at `now`. */
  opensRecord(patient: string, organization: string, now: number): Promise<boolean>;
  /** A number that is another one as soon as a query could see any change; undefined where the database does not tell. */
  state(): number | undefined;
  /** When what an organization may see changes next without a write: a relationship or consent begins or ends. */
  nextChange(organization: string, now: number): Promise<number | undefined>;
  /** Boards: the rows of an organization, soonest due first, by key paging. */
  board(request: BoardRequest, filter: AccessFilter): Promise<BoardEntry[]>;

  /** Applies the list atomically, or says which expectation failed. Durable when it resolves. */
  commit(list: CommitList): Promise<CommitResult>;
  /** Fresh row numbers, from a block reserved in the database. */
  reserve(count: number): Promise<Rid[]>;

  readonly feed: Feed;
  readonly leases: Leases;
  /** Small expiring records (OAuth artifacts, clients, keys), with insert-or-fail. */
  readonly records: Records;
  readonly terminology: TerminologyStore;
  /** What waits to be sent. */
  readonly outbox: Outbox;
  /** People who sign in. */
  readonly accounts: AccountStore;
  /** The number of each search parameter, `Type.code`; unknown ones are registered. */
  params(names: readonly string[]): Promise<Map<string, number>>;

  /** Refreshes the planner's statistics: after a bulk load and on a schedule. */
  analyze(): Promise<void>;
  /** Resolves when the database answers: for `/healthz`. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface BoardRequest {
  owner: string;
  statuses: readonly string[];
  limit: number;
  after?: { due: number; rid: Rid };
}

export interface BoardEntry extends StoredVersion {
  status: string;
  due: number;
}

export interface Feed {
  /** Rows after the cursor (`null`: from the start) that no later commit can precede. Quiet ones are left out. */
  read(after: FeedCursor | null, limit: number): Promise<FeedRow[]>;
  /** A consumer's place; `null` when it has none. Moved by `CommitList.cursor`. */
  cursor(name: string): Promise<FeedCursor | null>;
  /** The newest place. */
  head(): Promise<FeedCursor | null>;
  /** Calls back soon after a commit in this process; the other processes' are found by polling. */
  onCommit(listener: () => void): () => void;
}

export interface Leases {
  /** True when `holder` has (or keeps) the lease until `now + ttl` (milliseconds). */
  acquire(name: string, holder: string, now: number, ttl: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

export interface StoredRecord {
  kind: string;
  id: string;
  value: unknown;
  /** Epoch milliseconds. */
  expires: number | null;
  /** A second key, to find or remove a family of records (an OAuth grant). */
  family: string | null;
}

export interface Records {
  get(kind: string, id: string, now: number): Promise<StoredRecord | undefined>;
  /** The same for what is asked for all the time; the record is shared with others who ask, and never changed. */
  recall(kind: string, id: string, now: number): Promise<Readonly<StoredRecord> | undefined>;
  list(kind: string, now: number): Promise<StoredRecord[]>;
  put(record: StoredRecord): Promise<void>;
  /** False when the id is taken (and not expired at `now`): replay detection. */
  insert(record: StoredRecord, now: number): Promise<boolean>;
  remove(kind: string, id: string): Promise<void>;
  removeFamily(family: string): Promise<void>;
  /** Deletes what has expired. */
  sweep(now: number): Promise<void>;
}
