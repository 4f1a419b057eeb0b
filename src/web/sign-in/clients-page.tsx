import type { Child } from 'hono/jsx';
import type { Client } from '../../auth/clients.ts';
import type { HubError } from '../../errors.ts';
import { Field, Form, Problem, TextArea } from '../components/form.tsx';
import { Layout } from '../layout.tsx';

/** How a system or an app signs in, in the words of the form. */
export const waysToSignIn = {
  secret: 'A system: with a secret, shown once',
  keys: 'A system or app: with keys',
  public: 'An app that can keep no secret: with nothing',
} as const;

interface ClientsProps {
  who: Child;
  clients: readonly Client[];
  organizations: readonly { id: string; name: string }[];
  token: string;
  notice?: string | undefined;
  /** Shown this once. */
  secret?: { clientId: string; value: string };
  problem?: HubError | undefined;
  given?: Readonly<Record<string, string>>;
}

/** Fields of the registration, and what is wrong with them is said there. */
const fields = ['clientId', 'name', 'scope', 'jwksUri', 'jwks', 'redirectUris', 'launchUrl'];

/** The systems and apps that sign in, for who manages the network. */
export function ClientsPage(props: ClientsProps) {
  const { who, clients, notice, secret, problem } = props;
  return (
    <Layout title="Systems and apps – Warm Handoff" who={who}>
      <h1>Systems and apps</h1>
      {notice && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      {secret && (
        <div class="notice" role="status">
          The secret of {secret.clientId}, shown this once: <code>{secret.value}</code>
        </div>
      )}
      <Problem of={problem} fields={fields} />
      {clients.length === 0 ? (
        <p class="empty">None yet: register the first one below.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Client</th>
              <th scope="col">Acts for</th>
              <th scope="col">May ask for</th>
              <th scope="col">Access</th>
            </tr>
          </thead>
          <tbody>
            {clients.map(one => (
              <Row {...props} client={one} />
            ))}
          </tbody>
        </table>
      )}
      <Register {...props} />
    </Layout>
  );
}

function Row({ client, organizations, token }: ClientsProps & { client: Client }) {
  const { clientId, name, organization, scope, suspended, secretHash } = client;
  const button = (action: string, text: string) => (
    <Form action={action} token={token} look="beside">
      <input type="hidden" name="client" value={clientId} />
      <button type="submit" class="second">
        {text}
        <span class="hidden"> {clientId}</span>
      </button>
    </Form>
  );
  return (
    <tr>
      <th scope="row">
        <span class="person">{name}</span>
        <span class="detail">
          {clientId}, {signsInWith(client)}
        </span>
      </th>
      <td data-label="Acts for">
        {organizations.find(({ id }) => id === organization)?.name ?? organization}
      </td>
      <td data-label="May ask for">
        <span class="detail">{scope}</span>
      </td>
      <td data-label="Access">
        <div>
          {suspended ? 'Suspended' : 'Active'}
          {button(suspended ? '/clients/resume' : '/clients/suspend', suspended ? 'Resume' : 'Suspend')}
          {secretHash && !suspended && button('/clients/secret', 'New secret')}
        </div>
      </td>
    </tr>
  );
}

function signsInWith({ public: isPublic, jwks, jwksUri, secretHash }: Client): string {
  if (isPublic) return 'public';
  if (jwks || jwksUri) return 'with keys';
  return secretHash ? 'with a secret' : 'with tokens of the operator';
}

function Register({ organizations, token, problem, given = {} }: ClientsProps) {
  const filled = (name: string) => (given[name] ? { value: given[name] } : {});
  const field = (name: string, label: string, hint: string, optional = false) => (
    <Field
      name={name}
      label={label}
      hint={hint}
      autocomplete="off"
      optional={optional}
      problem={problem}
      {...filled(name)}
    />
  );
  return (
    <section aria-labelledby="register">
      <h2 id="register">Register a system or an app</h2>
      <p class="hint">
        How each signs in is told in the <a href="/guide#token">integration guide</a>.
      </p>
      <Form action="/clients/register" token={token}>
        {field('clientId', 'Client id', 'Letters, digits, dots and dashes, such as general-ehr.')}
        {field('name', 'Name', 'What people call it.')}
        <Select
          name="organization"
          label="Acts for"
          options={organizations.map(({ id, name }) => [id, name] as const)}
          chosen={given.organization}
        />
        {field('scope', 'May ask for', 'Scopes of SMART v2, such as system/*.cruds or patient/*.rs.')}
        <Select name="way" label="Signs in" options={Object.entries(waysToSignIn)} chosen={given.way} />
        {field('jwksUri', 'Address of its keys', 'An https address, for who signs in with keys.', true)}
        <TextArea
          name="jwks"
          label="Or its public keys"
          hint="A JSON Web Key Set: RSA for RS384, EC P-384 for ES384."
          problem={problem}
          {...filled('jwks')}
        />
        <TextArea
          name="redirectUris"
          label="Leads back to"
          hint="Of an app that people sign in to: each address on a line of its own."
          problem={problem}
          {...filled('redirectUris')}
        />
        {field('launchUrl', 'Opened at', 'Of an app that an EHR opens.', true)}
        <button type="submit">Register</button>
      </Form>
    </section>
  );
}

function Select({
  name,
  label,
  options,
  chosen,
}: {
  name: string;
  label: string;
  options: readonly (readonly [value: string, text: string])[];
  chosen: string | undefined;
}) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name} required>
        {options.map(([value, text]) => (
          <option value={value} {...(value === chosen ? { selected: true } : {})}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
