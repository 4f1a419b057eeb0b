import { HubError } from '../../errors.ts';

/** Result codes that say the database cannot do its work now (https://www.sqlite.org/rescode.html). */
const lost = new Map([
  [5, 'it is locked by another process'],
  [6, 'it is locked'],
  [8, 'it cannot be written'],
  [10, 'the disk failed'],
  [11, 'the file is damaged'],
  [13, 'the disk is full'],
  [14, 'the file cannot be opened'],
  [26, 'the file is not a database'],
]);

/** What `node:sqlite` says once the connection is closed. */
const closed = 'ERR_INVALID_STATE';

/** A lost database as a HubError; any other error is a fault in the code and stays what it is. */
export function translate(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  if ('code' in error && error.code === closed) {
    return new HubError('unavailable', 'The database is closed.');
  }
  const why = lost.get(codeOf(error) ?? 0);
  return why ? new HubError('unavailable', `The database does not answer: ${why}. Try again later.`) : error;
}

/** Another connection is writing. */
export function isLocked(error: unknown): boolean {
  return codeOf(error) === 5;
}

/** The primary result code: the extended ones have more in their higher bits. */
function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}
