/** Where the database is: a file for SQLite, or the URL of a PostgreSQL database. */
export interface StoreOptions {
  file?: string;
  url?: string;
}
