const formats = new Map<string, Intl.DateTimeFormat>();

/** A day as one says it at a place: `Thu, Mar 5`. */
export function dayWords(at: Date, zone: string): string {
  const known = formats.get(zone);
  if (known) return known.format(at);
  const format = new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    timeZone: zone,
  });
  formats.set(zone, format);
  return format.format(at);
}
