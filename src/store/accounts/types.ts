/** The tables of people who sign in. Secrets come in as hashes, or sealed; times are epoch milliseconds. */
export interface AccountStore {
  /** False when the e-mail address is taken. */
  add(account: StoredAccount): Promise<boolean>;
  byId(id: string): Promise<StoredAccount | undefined>;
  /** @param email as it was added */
  byEmail(email: string): Promise<StoredAccount | undefined>;
  /** By name: those who are something to the organization, or everybody. */
  list(organization?: string): Promise<Listed[]>;

  memberships(account: string): Promise<Membership[]>;
  /** Adds it, or changes the role and the PractitionerRole of the one that is there; a suspension stays. */
  putMembership(membership: Omit<Membership, 'suspended'>): Promise<void>;
  /** Sessions that act for the organization end in the same transaction. */
  suspendMembership(account: string, organization: string, suspended: boolean): Promise<void>;
  /** All sessions end in the same transaction. */
  suspend(account: string, suspended: boolean): Promise<void>;

  /** Ends every session and every link by mail of the account in the same transaction. */
  setPassword(account: string, hash: string): Promise<void>;
  /** The same password under newer parameters: nothing ends; not if it has been changed meanwhile. */
  rehash(account: string, from: string, to: string): Promise<void>;
  /** A new second factor (null: none), with its recovery codes in place of all before. */
  setFactor(account: string, sealed: string | null, recovery: readonly string[]): Promise<void>;
  /** Marks a time step as used; false when it or a later one was before: a code is good once. */
  useStep(account: string, step: number): Promise<boolean>;
  /** False when there is no such code (any more). */
  useRecovery(account: string, hash: string): Promise<boolean>;
  recoveryLeft(account: string): Promise<number>;

  startSession(session: StoredSession): Promise<void>;
  /** The session that is alive at `now`, with its account and what they are to the organization it acts for. */
  session(hash: string, now: number): Promise<FoundSession | undefined>;
  sessions(account: string, now: number): Promise<StoredSession[]>;
  touchSession(hash: string, seen: number, expires: number): Promise<void>;
  /** A session goes on under another hash; false when it is not there any more. */
  replaceSession(hash: string, by: StoredSession): Promise<boolean>;
  endSession(hash: string): Promise<void>;
  endSessions(account: string): Promise<void>;

  addDevice(device: { hash: string; account: string; expires: number }): Promise<void>;
  isDevice(hash: string, account: string, now: number): Promise<boolean>;

  /** A new link takes the place of earlier ones of the account for the same purpose. */
  addLink(link: StoredLink): Promise<void>;
  link(hash: string, now: number): Promise<StoredLink | undefined>;
  /** Gives it once: whoever comes second gets nothing. */
  takeLink(hash: string, now: number): Promise<StoredLink | undefined>;

  /** Counts an attempt in advance; when one waits already, tells until when, and counts nothing. */
  attempt(name: string, patience: Patience, now: number): Promise<number | undefined>;
  /** An attempt that was none: it is counted no more. */
  refund(name: string, now: number): Promise<void>;
  forgetAttempts(name: string): Promise<void>;

  /** Deletes what has expired. */
  sweep(now: number): Promise<void>;
}

export interface StoredAccount {
  id: string;
  /** In lower case. */
  email: string;
  name: string;
  /** Logical id of the Practitioner. */
  practitioner: string;
  /** Absent until the invitation is accepted. */
  password: string | null;
  /** The sealed secret of the second factor. */
  totp: string | null;
  suspended: boolean;
  created: number;
}

/** What an account is to one organization. */
export interface Membership {
  account: string;
  organization: string;
  /** Logical id. */
  practitionerRole: string;
  role: string;
  suspended: boolean;
}

export interface Listed {
  account: StoredAccount;
  membership: Membership;
}

export interface StoredSession {
  hash: string;
  account: string;
  /** Absent until it is chosen. */
  organization: string | null;
  /** Whether the second factor was given. */
  factor: boolean;
  started: number;
  seen: number;
  expires: number;
  /** Where it was begun: network address and what the browser calls itself. */
  address: string | null;
  browser: string | null;
}

export interface FoundSession {
  session: StoredSession;
  account: StoredAccount;
  memberships: Membership[];
}

export interface StoredLink {
  hash: string;
  account: string;
  purpose: 'invitation' | 'reset';
  expires: number;
}

/** How many attempts are free, and how long one waits after each further one: twice as long as before, up to a limit. */
export interface Patience {
  free: number;
  /** Milliseconds, as are those below. */
  first: number;
  longest: number;
  /** After so long without an attempt all is forgotten. */
  memory: number;
}
