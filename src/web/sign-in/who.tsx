import { roles } from '../../access/roles.ts';
import type { Visitor } from '../../auth/accounts/visitor.ts';
import type { SignedInPerson } from '../../auth/people.ts';
import { Form } from './form.tsx';

interface WhoProps {
  person: SignedInPerson;
  visitor: Visitor;
  /** What the organization they act for is called. */
  organization: string;
  token: string;
}

/** Who is signed in, for whom they act, and where else they can go. */
export function Who({ person, visitor, organization, token }: WhoProps) {
  const { title, abilities } = roles[person.role];
  return (
    <nav class="who" aria-label="Your account">
      <span>
        <strong>{person.name}</strong>, {title}, for <strong>{organization}</strong>
      </span>
      <a href="/">Referrals</a>
      {abilities.includes('manage-people') && <a href="/people">People</a>}
      {abilities.includes('manage-network') && <a href="/clients">Systems and apps</a>}
      {visitor.posts.length > 1 && <a href="/sign-in/organization">Switch organization</a>}
      <a href="/account">My account</a>
      <Form action="/sign-out" token={token} look="beside">
        <button type="submit" class="link">
          Sign out
        </button>
      </Form>
    </nav>
  );
}
