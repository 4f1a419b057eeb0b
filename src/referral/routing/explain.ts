import { type ChangeSet, whatWouldHaveToChange } from './changes.ts';
import type { Excluded, Ranked, Ranking } from './rank.ts';
import type { Choice } from './strategy.ts';

/** Whom a sender chose by hand, and against which facts. */
export interface Chosen {
  entry: Ranked;
  choice: Choice;
  against?: Excluded;
}

/** So many of each kind are told in full; a planner does not read fifty. */
const mostTold = 10;

/** Who is asked and why, who would be next, and who cannot be asked: Markdown for `Task.note`. */
export function explainOffer(asked: readonly Ranked[], ranking: Ranking): string {
  const { ranked, excluded } = ranking;
  const next = ranked.filter(entry => !asked.includes(entry));
  return [
    ...asked.map(entry => `Asked **${titled(entry)}**: ${reasons(entry)}`),
    ...section('Next in line', next, entry => `${titled(entry)}: ${reasons(entry)}`),
    ...notAsked(excluded),
    ...notCompared(ranking),
  ].join('\n\n');
}

/** Who was chosen by hand, why, and what the ranking says of it. */
export function explainChoice({ entry, choice, against }: Chosen, ranking: Ranking): string {
  const place = ranking.ranked.indexOf(entry) + 1;
  const says = against
    ? `The ranking would not have asked it: ${facts(against)}`
    : `The ranking has it as number ${place} of ${ranking.ranked.length}: ${reasons(entry)}`;
  const others = ranking.ranked.filter(other => other !== entry);
  return [
    `Asked **${entry.candidate.name}**, chosen by hand: ${choice.reason}`,
    says,
    ...section('The ranking', others, other => `${titled(other)}: ${reasons(other)}`),
    ...notCompared(ranking),
  ].join('\n\n');
}

/** Who sees a referral on the shared list, and why each of them. */
export function explainListed(listed: readonly Ranked[], ranking: Ranking): string {
  return [
    'On the shared list: the first to claim it has it.',
    ...section('Shown to', listed, entry => `${titled(entry)}: ${reasons(entry)}`),
    ...notAsked(ranking.excluded),
    ...notCompared(ranking),
  ].join('\n\n');
}

/** That nobody is left to ask, what was tried, and why the others could not be asked. */
export function explainExhausted(
  tried: readonly string[],
  ranking: Pick<Ranking, 'excluded' | 'left'>,
): string {
  const { excluded } = ranking;
  return [
    tried.length > 0
      ? 'Every organization that could help has been asked, and none could take this referral.'
      : 'No organization in the directory could be asked for this referral.',
    ...section('Tried', tried, entry => entry),
    ...notAsked(excluded),
    ...section('Somebody could be asked', whatWouldHaveToChange(excluded), told),
    ...notCompared(ranking),
    'Please choose how to go on: change the request and send it again, ask an organization directly, or close it.',
  ].join('\n\n');
}

/** Why an organization is asked, for itself to read: nothing about the others. */
export function explainToAsked(entry: Ranked): string {
  // What it misses with the referral stands on the Task itself.
  const why = entry.reasons.filter(({ criterion }) => criterion !== 'packet');
  return `The hub asks ${entry.candidate.name} because: ${reasons({ ...entry, reasons: why })}`;
}

function titled({ candidate, score }: Ranked): string {
  return `${candidate.name} (${score} of 100)`;
}

function reasons(entry: Ranked): string {
  return entry.reasons.map(({ words }) => words).join(' ');
}

function facts(entry: Excluded): string {
  return entry.facts.map(({ words }) => words).join(' ');
}

/** `If it had room and somebody interpreted Vietnamese: Northside.` */
export function told({ changes, services }: ChangeSet): string {
  const more = services.length - mostNamed;
  const names = more > 0 ? [...services.slice(0, mostNamed), `${more} more`] : services;
  return `If ${every.format(changes.map(({ words }) => words))}: ${every.format(names)}.`;
}

const mostNamed = 3;
const every = new Intl.ListFormat('en', { type: 'conjunction' });

function notAsked(excluded: readonly Excluded[]): string[] {
  return section('Not asked', excluded, entry => `${entry.candidate.name}: ${facts(entry)}`);
}

/** That the ranking is not of all: a directory may have thousands of one kind. */
function notCompared({ left = 0 }: Pick<Ranking, 'left'>): string[] {
  if (left === 0) return [];
  const count = new Intl.NumberFormat('en').format(left);
  return [
    `Up to ${count} more services of this kind were not compared: a narrower need, or the home’s county or ZIP code, leaves fewer.`,
  ];
}

function section<T>(title: string, entries: readonly T[], line: (entry: T) => string): string[] {
  if (entries.length === 0) {
    return [];
  }
  const more = entries.length - mostTold;
  const lines = entries.slice(0, mostTold).map(entry => `- ${line(entry)}`);
  return [[`${title}:`, ...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')];
}
