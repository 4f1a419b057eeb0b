import { roles } from '../../access/roles.ts';
import type { Post } from '../../auth/accounts/visitor.ts';
import type { HubError } from '../../errors.ts';
import { Field, Form, Problem } from '../components/form.tsx';
import { Layout } from '../layout.tsx';
import type { DemoOrganization } from './demo-people.ts';

interface PageProps {
  token: string;
  to?: string | undefined;
  problem?: HubError | undefined;
}

interface SignInProps extends PageProps {
  email?: string;
  notice?: string | undefined;
  demo: readonly DemoOrganization[];
}

/** The first step. */
export function SignInPage({ token, to, problem, email, notice, demo }: SignInProps) {
  return (
    <Layout title="Sign in – Warm Handoff">
      <h1>Sign in</h1>
      {notice && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <Problem of={problem} />
      <Form action="/sign-in" token={token} to={to}>
        <Field
          name="email"
          label="E-mail address"
          type="email"
          autocomplete="username"
          {...(email ? { value: email } : {})}
        />
        <Field name="password" label="Password" type="password" autocomplete="current-password" />
        <button type="submit">Sign in</button>
      </Form>
      <p>
        <a href="/password/forgot">Forgotten the password, or no invitation in your mail?</a>
      </p>
      {demo.length > 0 && <Demo token={token} to={to} organizations={demo} />}
    </Layout>
  );
}

function Demo({ token, to, organizations }: PageProps & { organizations: readonly DemoOrganization[] }) {
  return (
    <section class="demo" aria-labelledby="demo">
      <h2 id="demo">Or look around in the demo network</h2>
      <p class="hint">
        Its organizations and people are fictional. One click signs you in; in production none of this exists.
      </p>
      {organizations.map(({ id, name, people }) => (
        <>
          <h3>{name}</h3>
          <div class="beside">
            {people.map(person => (
              <Form action="/sign-in/demo" token={token} to={to} look="beside">
                <input type="hidden" name="organization" value={id} />
                <button type="submit" class="second" name="role" value={person}>
                  {roles[person].title}
                  <span class="hidden"> of {name}</span>
                </button>
              </Form>
            ))}
          </div>
        </>
      ))}
    </section>
  );
}

/** The second step, for who has a second factor. */
export function SecondFactorPage({ token, to, problem }: PageProps) {
  return (
    <Layout title="Second factor – Warm Handoff">
      <h1>Enter the code from your app</h1>
      <p class="lead">Open the authenticator app on your phone: the code changes every 30 seconds.</p>
      <Problem of={problem} />
      <Form action="/sign-in/second-factor" token={token} to={to}>
        <Field
          name="code"
          label="Code"
          autocomplete="one-time-code"
          hint="Six digits, or one of your recovery codes if the phone is gone."
        />
        <button type="submit">Go on</button>
      </Form>
      <Form action="/sign-out" token={token} look="form">
        <button type="submit" class="link">
          Not you? Start over
        </button>
      </Form>
    </Layout>
  );
}

interface OrganizationProps extends PageProps {
  posts: readonly (Post & { name: string })[];
  present?: string | undefined;
}

/** For whom somebody acts who is something to several. */
export function OrganizationPage({ token, to, problem, posts, present }: OrganizationProps) {
  return (
    <Layout title="Choose an organization – Warm Handoff">
      <h1>For whom do you act now?</h1>
      <p class="lead">
        You see what this organization may see, in your role there. You can switch at any time.
      </p>
      <Problem of={problem} />
      <Form action="/sign-in/organization" token={token} to={to}>
        <fieldset class="choices">
          <legend class="hidden">Organization</legend>
          {posts.map(({ organization, name, role }, at) => (
            <label>
              <input
                type="radio"
                name="organization"
                value={organization}
                required
                {...((present ? organization === present : at === 0) ? { checked: true } : {})}
              />
              {name}
              <span class="detail">
                {roles[role].title}
                {organization === present && ' – at present'}
              </span>
            </label>
          ))}
        </fieldset>
        <button type="submit">Go on</button>
      </Form>
    </Layout>
  );
}
