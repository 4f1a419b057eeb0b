import type { Extracted } from '../definitions/types.ts';

/** The index tables, by their names in `Extracted`. */
export const rowTables = [
  'tok',
  'ref',
  'str',
  'dt',
  'num',
  'qty',
  'uri',
  'pos',
  'tuple',
] as const satisfies (keyof Extracted)[];

/** No index rows yet. */
export const emptyRows = (): Extracted => ({
  tok: [],
  ref: [],
  str: [],
  dt: [],
  num: [],
  qty: [],
  uri: [],
  pos: [],
  tuple: [],
});
