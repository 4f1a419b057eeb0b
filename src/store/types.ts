/**
 * What the store takes and gives. It knows nothing above it but the types of a search
 * (`search/types.ts`) and of an AccessFilter.
 */

/** Internal row number of a resource: allotted in blocks before a write, so a commit list can refer to it. */
export type Rid = number;

/** `Type/id` */
export interface Key {
  type: string;
  id: string;
}

/** A stored version. `body` is the exact JSON that goes back to the client; `null` on a deletion. */
export interface StoredVersion extends Key {
  rid: Rid;
  ver: number;
  /** Commit order. */
  seq: number;
  /** Epoch milliseconds, the `meta.lastUpdated` of the body. */
  at: number;
  op: Op;
  body: string | null;
  /** Organization id that owns the resource. */
  source: string;
  /** Organization id whose information it is: of what the hub passes on, who sent it; else the owner. */
  origin: string;
  /** Patient id whose compartment the resource is in. */
  patient: string | null;
  /** Restricted labels of the current version as a bit mask. */
  label: number;
}

export type Op = 'create' | 'update' | 'delete';

/** Where a resource stands, without its body. */
export interface Located extends Key {
  rid: Rid;
  ver: number;
  deleted: boolean;
  /** False when the AccessFilter hides it: to the actor it does not exist. */
  visible: boolean;
  /** Organization id that owns the resource. */
  source: string;
  /** Organization id whose information it is: of what the hub passes on, who sent it; else the owner. */
  origin: string;
  /** Patient id whose compartment it is in. */
  patient: string | null;
}

/** Index rows of one resource. `param` numbers come from `Store.params`. */
export interface IndexRows {
  tok: readonly (readonly [param: number, code: string, sys: string])[];
  ref: readonly (readonly [param: number, target: Rid])[];
  /** Normalized: lower case, accents removed. */
  str: readonly (readonly [param: number, norm: string])[];
  /** Epoch milliseconds, both ends inclusive. */
  dt: readonly (readonly [param: number, lo: number, hi: number])[];
  num: readonly (readonly [param: number, val: number])[];
  qty: readonly (readonly [param: number, code: string, val: number, sys: string])[];
  uri: readonly (readonly [param: number, uri: string])[];
  pos: readonly (readonly [param: number, lat: number, lon: number])[];
  /** Values of composites: a group has a row for each part; what a part's kind does not use is '' or 0. */
  tuple: readonly (readonly [
    param: number,
    part: number,
    grp: number,
    code: string,
    sys: string,
    lo: number,
    hi: number,
  ])[];
}

/** The words of a resource as full text finds them: letters and digits in lower case, one space between. */
export interface Words {
  /** Of its narrative. */
  narrative: string;
  /** Of all of it. */
  content: string;
}

/** A row of a board: whose turn it is (`owner`, an Organization id), by when (epoch milliseconds). */
export interface WorkRow {
  owner: string;
  status: string;
  due: number;
}

/** A relationship: the organization sees the whole record of the patient. */
export interface RelationRow {
  patient: string;
  org: string;
  /** Bit mask of restricted labels that the relationship clears. */
  labels: number;
  starts: number;
  ends: number | null;
  /** It shows the record, but who has no more than it brings nobody else into the record (emergency access). */
  opens?: false;
}

/** The organization sees this one resource (a Task's parties; a packet's contents). */
export interface PartyRow {
  org: string;
  rid: Rid;
  labels: number;
  starts: number;
  ends: number | null;
}

/**
 * Restricted labels of a patient's resources that consents clear, for who has a relationship anyway: of the level
 * `record` (a RelationRow) or `packet` (a PartyRow). By itself it shows nothing.
 */
export interface ClearanceRow {
  patient: string;
  level: 'packet' | 'record';
  /** Organization id, or '' for every organization but those `excepted`. */
  org: string;
  excepted: readonly string[];
  /** Only information of this organization (`origin`); '' that of all. */
  discloser: string;
  labels: number;
  starts: number;
  ends: number | null;
}

/** All relationships that rest on one resource (`via`): they replace what rested on it before. */
export interface Links {
  via: Rid;
  relations: readonly RelationRow[];
  parties: readonly PartyRow[];
  /** Absent: what it cleared before stays. */
  clearances?: readonly ClearanceRow[];
}

/** One new version. */
export interface VersionWrite extends Key {
  rid: Rid;
  /** The new version number; the store expects the current one to be `ver - 1` (0: not there yet). */
  ver: number;
  at: number;
  op: Op;
  body: string | null;
  /** Who wrote it, for which organization, and why (`actor.id`, `actor.organization`, a short purpose). */
  actor: string;
  org: string;
  purpose: string | null;
  source: string;
  /** Whose information it is, where that is another organization than `source`. */
  origin?: string;
  patient: string | null;
  /** Restricted labels as a bit mask (`access/labels.ts`). */
  label: number;
  /** Directory, terminology, profiles: visible to every signed-in actor. */
  open: boolean;
  /** Rows to add, and rows of the version before that are gone. */
  add: IndexRows;
  remove: IndexRows;
  /** Its words where they are others than before; null: none any more. */
  words?: Words | null;
  /** Board rows of the resource: they replace the earlier ones. */
  work: readonly WorkRow[];
  /** History that starts no bot. */
  quiet?: boolean;
}

/** What must still hold when the list is applied. */
export type Expectation =
  /** The resource is still at this version. */
  | { kind: 'version'; rid: Rid; ver: number }
  /** The resource exists and is not deleted (a referenced one). */
  | { kind: 'exists'; rid: Rid }
  /** Nothing current refers to it (a deletion), but what this list itself writes or deletes. */
  | { kind: 'unreferenced'; rid: Rid; except: readonly Rid[] }
  /** No current, visible resource matches (a conditional create). */
  | { kind: 'no-match'; condition: Condition }
  /** The bot's place in the feed is still here; it moves on in the same commit. */
  | { kind: 'cursor'; name: string; from: FeedCursor | null };

/** A search as the commit runs it again: `lock` is the same for equal conditions. */
export interface Condition {
  lock: string;
  sql: string;
  parameters: readonly unknown[];
}

/** Everything that one write changes: applied whole or not at all. */
export interface CommitList {
  expect: readonly Expectation[];
  writes: readonly VersionWrite[];
  links: readonly Links[];
  /** Current versions whose index is made again, all of it: each is expected to be at its version. */
  reindex?: readonly Reindexed[];
  cursor?: { name: string; to: FeedCursor };
}

/** The whole index of a current version. */
export interface Reindexed {
  rid: Rid;
  rows: IndexRows;
  words: Words | null;
}

export type CommitResult = { ok: true; seqs: readonly number[] } | { ok: false; failed: Expectation };

/** A place in the change feed. On SQLite `xid` is always 0. */
export interface FeedCursor {
  xid: string;
  seq: number;
}

export interface FeedRow extends Key {
  cursor: FeedCursor;
  rid: Rid;
  ver: number;
  op: Op;
}

/** History of one resource (type and id), of a type, or of everything. */
export interface HistoryRequest {
  type?: string;
  id?: string;
  /** Epoch milliseconds: changes at or after. */
  since?: number;
  /** Epoch milliseconds: only versions that were the current one at some moment from `lo` to `hi`. */
  current?: { lo: number; hi: number };
  count: number;
  /** Rows with a `seq` below it: the page after. */
  before?: number;
}

/** Who made a version, for which organization, and why. */
export interface Authorship extends Key {
  seq: number;
  ver: number;
  /** Epoch milliseconds. */
  at: number;
  op: Op;
  actor: string;
  org: string;
  purpose: string | null;
  /** Of the resource as it is now. */
  source: string;
  origin: string;
  patient: string | null;
  label: number;
}

/** Of the versions of these resources, or of the one with this `seq`. */
export interface AuthorshipRequest {
  of?: readonly Key[];
  seq?: number;
  types: readonly string[];
  /** Versions with a `seq` below it: the page after. */
  before?: number;
  limit: number;
}
