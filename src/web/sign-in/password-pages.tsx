import { shortest } from '../../auth/accounts/password-rule.ts';
import type { HubError } from '../../errors.ts';
import { Field, Form, Problem } from '../components/form.tsx';
import { Layout } from '../layout.tsx';

interface PageProps {
  token: string;
  problem?: HubError | undefined;
}

export const passwordHint = `At least ${shortest} characters; three or four unrelated words do well. Signs and digits are not asked for.`;

/** Asks for a mail with a link. */
export function ForgotPage({ token, sent }: PageProps & { sent?: boolean }) {
  return (
    <Layout title="Forgotten password – Warm Handoff">
      <h1>Choose a new password</h1>
      {sent ? (
        <p class="notice" role="status">
          If there is an account with this address, a mail with a link is on its way to it. It is good for an
          hour. No mail? Look into the spam folder, check the address, or ask your organization’s
          administrator.
        </p>
      ) : (
        <>
          <p class="lead">We send a link to the address of your account.</p>
          <Form action="/password/forgot" token={token}>
            <Field name="email" label="E-mail address" type="email" autocomplete="username" />
            <button type="submit">Send the link</button>
          </Form>
        </>
      )}
      <p>
        <a href="/sign-in">Back to the sign-in</a>
      </p>
    </Layout>
  );
}

interface ChooseProps extends PageProps {
  action: string;
  purpose: 'invitation' | 'reset';
  person: { name: string; email: string };
}

/** Where the link in a mail leads. */
export function ChoosePasswordPage({ token, problem, action, purpose, person }: ChooseProps) {
  const invited = purpose === 'invitation';
  const title = invited ? `Welcome, ${person.name}` : 'Choose a new password';
  return (
    <Layout title={`${title} – Warm Handoff`}>
      <h1>{title}</h1>
      <p class="lead">
        {invited
          ? `Choose a password for your account. From now on you sign in with ${person.email}.`
          : `This is for the account ${person.email}. You will be signed out everywhere.`}
      </p>
      <Problem of={problem} fields={['password']} />
      <Form action={action} token={token}>
        <input type="hidden" name="username" autocomplete="username" value={person.email} />
        <Field
          name="password"
          label="New password"
          type="password"
          autocomplete="new-password"
          hint={passwordHint}
          problem={problem}
        />
        <button type="submit">{invited ? 'Accept the invitation' : 'Set the password'}</button>
      </Form>
    </Layout>
  );
}

/** A link that is used, outdated or none: which of them is not told. */
export function DeadLinkPage() {
  return (
    <Layout title="This link is not good – Warm Handoff">
      <h1>This link is not good (any more)</h1>
      <p class="lead">It was used already, it is too old, or a newer one was sent.</p>
      <p>
        <a href="/password/forgot">Ask for a new link</a> – also for an invitation – or{' '}
        <a href="/sign-in">sign in</a>.
      </p>
    </Layout>
  );
}
