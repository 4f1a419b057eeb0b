/** The newest of several: by version, an active one before others. */
export function newest<T extends { version?: string | undefined; status?: string | undefined }>(
  all: readonly T[],
): T | undefined {
  return [...all].sort(
    (a, b) => Number(isActive(b)) - Number(isActive(a)) || compareVersions(b.version ?? '', a.version ?? ''),
  )[0];
}

const isActive = ({ status }: { status?: string | undefined }): boolean =>
  status === undefined || status === 'active';

/** `2.10` comes after `2.9`, and a later date after an earlier one. */
export function compareVersions(a: string, b: string): number {
  return collator.compare(a, b);
}

const collator = new Intl.Collator('en', { numeric: true });
