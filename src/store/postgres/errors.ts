import { HubError } from '../../errors.ts';

/** The SQLSTATE of an error, or the code of a failed connection (`ECONNREFUSED`). */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Two transactions in each other's way: the same list may well succeed when it is applied again. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/**
 * A lost database and text that PostgreSQL cannot hold as HubErrors; any other error is a fault in the code
 * and stays what it is. The driver's own words are left out: they can name users and hosts.
 */
export function translate(error: unknown): unknown {
  const code = codeOf(error);
  if (code === '22021' || code === '22P05') {
    return new HubError('invalid', 'Text holds a character that is not allowed: U+0000.');
  }
  if (code === '57014') {
    return new HubError('unavailable', {
      text: 'This takes the database too long: ask for less, for example with a narrower search.',
      code: 'too-costly',
    });
  }
  return isLost(error, code)
    ? new HubError(
        'unavailable',
        `The database does not answer (${code ?? 'no connection'}). Try again later.`,
      )
    : error;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, resources, shutdown, I/O. */
function isLost(error: unknown, code: string | undefined): boolean {
  if (code !== undefined) {
    return /^(08|28|3D|53|57P|58)/.test(code) || /^E[A-Z]{3,}/.test(code) || code === '25P03';
  }
  // The driver's own errors have no code: a time-out, a connection that ended, a pool that is closed.
  return error instanceof Error && error.name === 'Error' && /connect|client|pool/i.test(error.message);
}
