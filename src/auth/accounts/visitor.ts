import { isRole, type Role, roles } from '../../access/roles.ts';
import type { FoundSession, Membership, StoredAccount, StoredSession } from '../../store/accounts/types.ts';
import type { SignedInPerson } from '../people.ts';

/** What an account is to an organization, now. */
export interface Post extends Membership {
  role: Role;
}

/** Somebody who has given the password; `owes` says what is missing until they are signed in. */
export interface Visitor {
  session: StoredSession;
  account: StoredAccount;
  /** What they are, and where; never empty. */
  posts: readonly Post[];
  owes?: 'second-factor' | 'enrolment' | 'organization';
  /** When nothing is owed. */
  person?: SignedInPerson;
}

/** Who a session is; undefined when it is over: the account, or what they were to the organization, is suspended. */
export function visitorOf(
  { session, account, memberships }: FoundSession,
  secondFactor: 'everybody' | 'by-role',
): Visitor | undefined {
  const posts = postsOf(memberships);
  if (account.suspended || posts.length === 0) return undefined;
  const post = posts.find(one => one.organization === session.organization);
  if (session.organization !== null && !post) return undefined;
  const visitor = { session, account, posts };
  if (!session.factor && needsFactor(account, posts, secondFactor))
    return { ...visitor, owes: account.totp === null ? 'enrolment' : 'second-factor' };
  if (!post) return { ...visitor, owes: 'organization' };
  return { ...visitor, person: personOf(account, post) };
}

export const postsOf = (memberships: readonly Membership[]): Post[] =>
  memberships.flatMap(one => (isRole(one.role) && !one.suspended ? [{ ...one, role: one.role }] : []));

/** Who has a second factor uses it, whether or not they need one. */
export const needsFactor = (
  account: StoredAccount,
  posts: readonly Post[],
  rule: 'everybody' | 'by-role',
): boolean =>
  rule === 'everybody' || account.totp !== null || posts.some(({ role }) => roles[role].secondFactor);

export const personOf = (account: StoredAccount, post: Post): SignedInPerson => ({
  account: account.id,
  name: account.name,
  practitioner: account.practitioner,
  practitionerRole: post.practitionerRole,
  organization: post.organization,
  role: post.role,
});
