/** Where the database is: a file for SQLite, or the URL of a PostgreSQL database. */
export interface StoreOptions {
  file?: string;
  url?: string;
}

/** What a commit survives. `crash`: the end of the process. `power`: also that of the machine. */
export type Durability = 'crash' | 'power';
