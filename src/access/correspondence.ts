import type { Relationships } from './relationships.ts';

/** Who the parties of one referral Task are, as organization ids. */
export interface TaskParties {
  source: string | undefined;
  /** The source of the Task that this one is part of. */
  upstream: string | undefined;
  /** Who is asked; nobody while the Task is a draft. */
  target: string | undefined;
}

/** What is written about referrals: a message, a visit. */
export interface Correspondence {
  /** `Type/id` of what is written. */
  self: string;
  /** The organization whose own it is. */
  author: string;
  tasks: readonly TaskParties[];
  /** Organizations it is addressed to; none: to all who may see it. */
  recipients: readonly string[];
  hub: string;
}

/**
 * A message or a visit of a referral is seen by both of its parties, and by nobody else: who asks sees what who is
 * asked writes, and the other way round. Of several who are asked none sees what another writes, and each sees
 * what the sender writes to it. What the hub writes is seen by those it names; what somebody writes who is no party
 * is seen by nobody because of it.
 */
export function ofCorrespondence(facts: Correspondence): Relationships {
  const orgs = new Set(facts.tasks.flatMap(one => audience(one, facts)));
  orgs.delete(facts.author);
  const parties = [...orgs].sort().map(org => ({ reference: facts.self, org, ends: null }));
  return { relations: [], parties };
}

function audience(
  { source, upstream, target }: TaskParties,
  { author, recipients, hub }: Correspondence,
): string[] {
  const askers = present([source, upstream]);
  const named = (orgs: readonly string[]) => orgs.filter(org => recipients.includes(org));
  if (author === hub && target !== hub) return named([...askers, ...present([target])]);
  if (askers.includes(author)) {
    const asked = present([target]);
    return [...askers, ...(recipients.length ? named(asked) : asked)];
  }
  return author === target ? askers : [];
}

const present = (values: readonly (string | undefined)[]): string[] =>
  values.filter(value => value !== undefined);
