import type { Child } from 'hono/jsx';
import { type Role, roles } from '../../access/roles.ts';
import type { Listing } from '../../auth/accounts/management.ts';
import type { HubError } from '../../errors.ts';
import { Field, Form, Problem } from '../components/form.tsx';
import { Layout } from '../layout.tsx';

interface PeopleProps {
  who: Child;
  /** The organization whose people they are, and what it is called. */
  organization: { id: string; name: string };
  /** Those that may be chosen: for who manages the network. */
  organizations: readonly { id: string; name: string }[];
  people: readonly Listing[];
  possible: readonly Role[];
  /** Account of who is looking. */
  self: string;
  token: string;
  notice?: string | undefined;
  problem?: HubError | undefined;
  given?: { email?: string; name?: string; role?: string };
}

/** The people of an organization, for who manages them. */
export function PeoplePage(props: PeopleProps) {
  const { who, organization, organizations, people, notice, problem } = props;
  return (
    <Layout title={`People of ${organization.name} – Warm Handoff`} who={who}>
      <h1>People of {organization.name}</h1>
      {notice && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <Problem of={problem} fields={['email', 'name']} />
      {organizations.length > 1 && (
        <ChooseOrganization organizations={organizations} chosen={organization.id} />
      )}
      {people.length === 0 ? (
        <p class="empty">Nobody yet: invite the first one below.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col">Role</th>
              <th scope="col">Access</th>
            </tr>
          </thead>
          <tbody>
            {people.map(one => (
              <Person {...props} person={one} />
            ))}
          </tbody>
        </table>
      )}
      <Invite {...props} />
    </Layout>
  );
}

function ChooseOrganization({
  organizations,
  chosen,
}: {
  organizations: PeopleProps['organizations'];
  chosen: string;
}) {
  return (
    <form method="get" action="/people" class="form">
      <div class="field">
        <label for="of">Organization</label>
        <div class="beside">
          <select id="of" name="of">
            {organizations.map(({ id, name }) => (
              <option value={id} {...(id === chosen ? { selected: true } : {})}>
                {name}
              </option>
            ))}
          </select>
          <button type="submit" class="second">
            Show
          </button>
        </div>
      </div>
    </form>
  );
}

const states = {
  invited: 'Invited, no password chosen yet',
  active: 'Active',
  suspended: 'Suspended',
} as const;

function Person({ person, organization, possible, self, token }: PeopleProps & { person: Listing }) {
  const { account, name, email, role, state, secondFactor } = person;
  const own = account === self;
  const hidden = (
    <>
      <input type="hidden" name="account" value={account} />
      <input type="hidden" name="of" value={organization.id} />
    </>
  );
  return (
    <tr>
      <th scope="row">
        <span class="person">{name}</span>
        <span class="detail">{email}</span>
      </th>
      <td data-label="State">
        <span>
          {states[state]}
          {secondFactor && <span class="detail">with second factor</span>}
        </span>
      </td>
      <td data-label="Role">
        {own ? (
          roles[role].title
        ) : (
          <Form action="/people/role" token={token} look="beside">
            {hidden}
            <RoleSelect label={`Role of ${name}`} possible={possible} chosen={role} />
            <button type="submit" class="second">
              Change
            </button>
          </Form>
        )}
      </td>
      <td data-label="Access">
        {own ? (
          'This is you'
        ) : (
          <Form
            action={state === 'suspended' ? '/people/resume' : '/people/suspend'}
            token={token}
            look="beside"
          >
            {hidden}
            <button type="submit" class="second">
              {state === 'suspended' ? 'Resume' : 'Suspend'}
              <span class="hidden"> {name}</span>
            </button>
          </Form>
        )}
      </td>
    </tr>
  );
}

function RoleSelect({
  label,
  possible,
  chosen,
}: {
  label: string;
  possible: readonly Role[];
  chosen?: string;
}) {
  return (
    <select name="role" aria-label={label} required>
      {possible.map(role => (
        <option value={role} {...(role === chosen ? { selected: true } : {})}>
          {roles[role].title}
        </option>
      ))}
    </select>
  );
}

function Invite({ organization, possible, token, problem, given }: PeopleProps) {
  const filled = (value: string | undefined) => (value ? { value } : {});
  return (
    <section aria-labelledby="invite">
      <h2 id="invite">Invite somebody</h2>
      <p class="hint">
        They are sent a link, good for seven days, with which they choose a password. Invite once more to send
        a new one. What each role may do is on the <a href="/roles">page of roles</a>.
      </p>
      <Form action="/people/invite" token={token}>
        <input type="hidden" name="of" value={organization.id} />
        <Field name="name" label="Name" autocomplete="off" problem={problem} {...filled(given?.name)} />
        <Field
          name="email"
          label="E-mail address"
          type="email"
          autocomplete="off"
          problem={problem}
          {...filled(given?.email)}
        />
        <div class="field">
          <span class="label" aria-hidden="true">
            Role
          </span>
          <RoleSelect label="Role" possible={possible} {...(given?.role ? { chosen: given.role } : {})} />
        </div>
        <button type="submit">Send the invitation</button>
      </Form>
    </section>
  );
}
