import { raw } from 'hono/html';
import type { Offer } from '../../auth/accounts/second-factor.ts';
import type { HubError } from '../../errors.ts';
import { Field, Form, Problem } from '../components/form.tsx';
import { Layout } from '../layout.tsx';

interface EnrolProps {
  token: string;
  to?: string | undefined;
  offer: Offer;
  /** The picture of the QR code, made by the hub. */
  qr: string;
  problem?: HubError | undefined;
}

/** Takes up a second factor. */
export function EnrolPage({ token, to, offer, qr, problem }: EnrolProps) {
  return (
    <Layout title="Set up the second factor – Warm Handoff">
      <h1>Set up your second factor</h1>
      <p class="lead">
        Records of people in a crisis need more than a password. An authenticator app on your phone gives you
        a code each time you sign in.
      </p>
      <Problem of={problem} fields={['code']} />
      <h2>1. Scan this with the app</h2>
      <div class="qr" role="img" aria-label="QR code; the same key is written below">
        {raw(qr)}
      </div>
      <p>
        No camera at hand? Type in this key: <code>{inFours(offer.secret)}</code>
      </p>
      <h2>2. Enter the code it shows</h2>
      <Form action="/sign-in/enrol" token={token} to={to}>
        <input type="hidden" name="offer" value={offer.sealed} />
        <Field
          name="code"
          label="Code"
          autocomplete="one-time-code"
          hint="Six digits."
          numeric
          problem={problem}
        />
        <button type="submit">Confirm</button>
      </Form>
    </Layout>
  );
}

const inFours = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ');

/** Shown once. */
export function RecoveryPage({ codes, on }: { codes: readonly string[]; on: string }) {
  return (
    <Layout title="Recovery codes – Warm Handoff">
      <h1>Keep these recovery codes</h1>
      <p class="lead">
        Your second factor is set up. Should the phone be lost, each of these codes signs you in once. Print
        them or keep them in a password manager: they are not shown again.
      </p>
      <ul class="codes">
        {codes.map(code => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p>
        <a href={on}>I have kept them: go on</a>
      </p>
    </Layout>
  );
}
