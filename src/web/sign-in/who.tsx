import { allows } from '../../access/actor.ts';
import { actorOf, roles } from '../../access/roles.ts';
import type { Visitor } from '../../auth/accounts/visitor.ts';
import type { SignedInPerson } from '../../auth/people.ts';
import { Form } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { areasOf } from '../workspace/areas.ts';

interface WhoProps {
  person: SignedInPerson;
  visitor: Visitor;
  /** What the organization they act for is called. */
  organization: string;
  token: string;
  /** The path of the page they are on. */
  at: string;
}

/** What stands above every page of who is signed in: the search, for whom they act, and where else they can go. */
export function Who({ person, visitor, organization, token, at }: WhoProps) {
  const { title } = roles[person.role];
  return (
    <>
      {allows(actorOf(person), 'search', 'Patient') && <SearchBox token={token} />}
      <nav class="who" aria-label="Your account">
        <details>
          <summary>
            <Icon name="user" />
            <span>
              <strong>{person.name}</strong>
              <span class="detail">
                {title}, for {organization}
              </span>
            </span>
          </summary>
          <div class="menu">
            {visitor.posts.length > 1 && <a href="/sign-in/organization">Switch organization</a>}
            <a href="/account">My account</a>
            <a href="/roles">What each role may do</a>
            <Form action="/sign-out" token={token} look="beside">
              <button type="submit" class="link">
                Sign out
              </button>
            </Form>
          </div>
        </details>
      </nav>
      <nav class="areas" aria-label="Main">
        <ul>
          {areasOf(person.role).map(({ path, label, icon }) => (
            <li>
              <a href={path} {...(isAt(at, path) ? { 'aria-current': 'page' } : {})}>
                <Icon name={icon} /> {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}

const isAt = (at: string, path: string): boolean => at === path || at.startsWith(`${path}/`);

/** What is looked for is sent in the body: a name in an address would be kept in places nobody thinks of. */
function SearchBox({ token }: { token: string }) {
  return (
    <search class="search">
      <Form action="/search" token={token} look="beside">
        <label class="hidden" for="search">
          Search people, referrals and places
        </label>
        <input
          id="search"
          name="text"
          type="search"
          placeholder="Name, identifier, referral, place"
          autocomplete="off"
          required
        />
        <button type="submit" class="second">
          <Icon name="search" label="Search" />
        </button>
      </Form>
    </search>
  );
}
