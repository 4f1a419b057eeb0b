/** Formats are made once for each zone: making one costs more than using it a thousand times. */
const formatter = (options: Intl.DateTimeFormatOptions) => {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (at: Date, zone: string): string => {
    const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
    formats.set(zone, format);
    return format.format(at);
  };
};

/** A day as one says it at a place: `Thu, Mar 5`. */
export const dayWords = formatter({ weekday: 'short', month: 'short', day: 'numeric' });

/** A day and a time: `Thu, Mar 5, 3:30 PM`. */
export const momentWords = formatter({
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});
