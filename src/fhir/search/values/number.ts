import type { RangeValue } from '../../../store/search/types.ts';
import { splitPrefix } from './prefix.ts';

const form = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * A number with its implicit range (https://hl7.org/fhir/R4/search.html#number): `100` is 99.5 to 100.5,
 * `100.00` is 99.995 to 100.005, `1e2` is 95 to 105. Ordering prefixes take the number as it is.
 * Undefined when it is no number.
 */
export function numberRange(text: string): RangeValue | undefined {
  const [prefix, rest] = splitPrefix(text);
  const parts = form.exec(rest);
  if (!parts) return undefined;
  const value = Number(rest);
  if (!Number.isFinite(value)) return undefined;
  const { lo, hi } = impliedRange(parts);
  if (prefix === 'eq' || prefix === 'ne') {
    // A number written with more digits than a double has is still itself.
    return { prefix, lo: Math.min(lo, value), hi: Math.max(below(hi), value) };
  }
  if (prefix !== 'ap') return { prefix, lo: value, hi: value };
  const tenth = Math.abs(value) / 10;
  return { prefix, lo: Math.min(lo, value - tenth), hi: Math.max(hi, value + tenth) };
}

/** Computed in whole numbers, so that 5.4 gives 5.35 and not 5.3500000000000005. */
function impliedRange([, sign, whole = '', decimals = '', exponent]: RegExpExecArray): {
  lo: number;
  hi: number;
} {
  const scale = exponent === undefined ? 10n : 100n;
  const digits = BigInt(whole + decimals) * scale * (sign === '-' ? -1n : 1n);
  const power = Number(exponent ?? 0) - decimals.length - (exponent === undefined ? 1 : 2);
  return { lo: Number(`${digits - 5n}e${power}`), hi: Number(`${digits + 5n}e${power}`) };
}

/** The next smaller double: the range's upper end is exclusive, the store's is inclusive. */
function below(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return view.getFloat64(0);
}
