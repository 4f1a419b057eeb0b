/** A node-cron expression as people say it; as it is where it is none of the usual ones. Times are UTC. */
export function scheduleWords(schedule: string): string {
  const [minute = '', hour = '', ...days] = schedule.trim().split(/\s+/);
  const daily = days.length === 3 && days.every(one => one === '*');
  if (!daily) return schedule;
  if (hour === '*') {
    if (minute === '*') return 'Each minute';
    const [, every] = /^\*\/(\d+)$/.exec(minute) ?? [];
    if (every) return `Every ${every} minutes`;
    return /^\d+$/.test(minute) ? 'Once an hour' : schedule;
  }
  return /^\d+$/.test(minute) && /^\d+$/.test(hour)
    ? `Once a day, at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')} UTC`
    : schedule;
}
