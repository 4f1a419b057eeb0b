import type { Excluded, Ranked, Ranking } from './rank.ts';

/** So many of each kind are told in full; a planner does not read fifty. */
const mostTold = 10;

/** Who is asked and why, who would be next, and who cannot be asked: Markdown for `Task.note`. */
export function explainOffer(asked: readonly Ranked[], { ranked, excluded }: Ranking): string {
  const next = ranked.filter(entry => !asked.includes(entry));
  return [
    ...asked.map(entry => `Asked **${titled(entry)}**: ${reasons(entry)}`),
    ...section('Next in line', next, entry => `${titled(entry)}: ${reasons(entry)}`),
    ...notAsked(excluded),
  ].join('\n\n');
}

/** That nobody is left to ask, what was tried, and why the others could not be asked. */
export function explainExhausted(tried: readonly string[], excluded: readonly Excluded[]): string {
  return [
    tried.length > 0
      ? 'Every organization that could help has been asked, and none could take this referral.'
      : 'No organization in the directory could be asked for this referral.',
    ...section('Tried', tried, entry => entry),
    ...notAsked(excluded),
    'Please choose how to go on: change the request and send it again, ask an organization directly, or close it.',
  ].join('\n\n');
}

/** Why an organization is asked, for itself to read: nothing about the others. */
export function explainToAsked(entry: Ranked): string {
  return `The hub asks ${entry.candidate.name} because: ${reasons(entry)}`;
}

function titled({ candidate, score }: Ranked): string {
  return `${candidate.name} (${score} of 100)`;
}

function reasons(entry: Ranked): string {
  return entry.reasons.map(({ words }) => words).join(' ');
}

function notAsked(excluded: readonly Excluded[]): string[] {
  return section(
    'Not asked',
    excluded,
    ({ candidate, facts }) => `${candidate.name}: ${facts.map(({ words }) => words).join(' ')}`,
  );
}

function section<T>(title: string, entries: readonly T[], line: (entry: T) => string): string[] {
  if (entries.length === 0) {
    return [];
  }
  const more = entries.length - mostTold;
  const lines = entries.slice(0, mostTold).map(entry => `- ${line(entry)}`);
  return [[`${title}:`, ...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')];
}
