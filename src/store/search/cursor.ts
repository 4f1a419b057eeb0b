import { HubError } from '../../errors.ts';
import type { Mark } from './sort.ts';
import type { SortKey } from './types.ts';

/** A place in an order, as it goes into a link: it holds however the data changes meanwhile. */
export function writeCursor({ values, rid }: Mark): string {
  return Buffer.from(JSON.stringify([...values, rid])).toString('base64url');
}

export function readCursor(text: string, sort: readonly SortKey[]): Mark {
  const parts = decode(text);
  const values = parts.slice(0, -1);
  const rid = parts.at(-1);
  const fits = values.length === sort.length && sort.every((key, at) => isValue(key, values[at]));
  if (!fits || !isWhole(rid)) throw badCursor();
  return { values: values as Mark['values'], rid };
}

function decode(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    throw badCursor();
  }
}

const badCursor = (): HubError =>
  new HubError('invalid', {
    text: '_cursor: not a place in this search; follow the links of a page, or leave it out',
    expression: 'http._cursor',
  });

function isValue(key: SortKey, value: unknown): value is string | number | null {
  if (key.kind === 'lastUpdated') return isWhole(value);
  if (key.kind === 'id') return isText(value);
  if (value === null) return true;
  if (key.table === 'num' || key.table === 'qty') return typeof value === 'number';
  return key.table === 'dt' || key.table === 'ref' ? isWhole(value) : isText(value);
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');
