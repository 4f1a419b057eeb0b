import type { Child } from 'hono/jsx';
import { roles } from '../../access/roles.ts';
import type { Post, Visitor } from '../../auth/accounts/visitor.ts';
import type { HubError } from '../../errors.ts';
import type { Wishes } from '../../referral/notices/wishes.ts';
import type { StoredSession } from '../../store/accounts/types.ts';
import { Field, Form, Problem } from '../components/form.tsx';
import { Layout } from '../layout.tsx';
import { passwordHint } from './password-pages.tsx';

export interface AccountProblem {
  of: 'password' | 'second-factor' | 'notices';
  error: HubError;
}

interface AccountProps {
  who: Child;
  visitor: Visitor;
  posts: readonly (Post & { name: string })[];
  sessions: readonly StoredSession[];
  recoveryLeft: number;
  token: string;
  now: Date;
  wishes: Wishes;
  notice?: string | undefined;
  problem?: AccountProblem | undefined;
}

/** What somebody may see and change of their own account. */
export function AccountPage(props: AccountProps) {
  const { who, visitor, posts, token, notice } = props;
  const { account, person } = visitor;
  return (
    <Layout title="My account – Warm Handoff" who={who}>
      <h1>My account</h1>
      {notice && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      <p>
        {account.name}, {account.email}
      </p>
      <h2>Whom I act for</h2>
      <ul>
        {posts.map(({ organization, name, role }) => (
          <li>
            {roles[role].title} of {name}
            {organization === person?.organization && ' – at present'}
          </li>
        ))}
      </ul>
      <p>
        {posts.length > 1 && (
          <>
            <a href="/sign-in/organization">Switch organization</a> ·{' '}
          </>
        )}
        <a href="/roles">What each role may do</a>
      </p>
      <Notices {...props} />
      <SessionList {...props} />
      <Password token={token} email={account.email} problem={props.problem} />
      <SecondFactor {...props} />
    </Layout>
  );
}

function SessionList({ sessions, visitor, token, now }: AccountProps) {
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Where I am signed in</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Browser</th>
            <th scope="col">From</th>
            <th scope="col">Last used</th>
            <th scope="col">End it</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ hash, browser, address, seen }) => (
            <tr>
              <th scope="row">{browserName(browser)}</th>
              <td data-label="From">{address ?? 'unknown'}</td>
              <td data-label="Last used">{ago(seen, now)}</td>
              <td data-label="End it">
                {hash === visitor.session.hash ? (
                  'This one'
                ) : (
                  <Form action="/account/sessions/end" token={token} look="beside">
                    <button type="submit" class="second" name="session" value={hash}>
                      End
                    </button>
                  </Form>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Form action="/account/sign-out-everywhere" token={token}>
        <p class="hint">Ends all of these, and what apps may do in your name.</p>
        <button type="submit" class="second">
          Sign out everywhere
        </button>
      </Form>
    </section>
  );
}

function Notices({ wishes, visitor, posts, token, problem }: AccountProps) {
  const error = problem?.of === 'notices' ? problem.error : undefined;
  const { organization } = visitor.person ?? {};
  const name = posts.find(post => post.organization === organization)?.name;
  const options = [
    ['', 'Not at all'],
    ['at-once', 'At once, each time that it is our turn'],
    ['digest', 'Once a day, in the morning'],
  ] as const;
  return (
    <section aria-labelledby="notices-title">
      <h2 id="notices-title">Mail when something waits</h2>
      <p>For what waits for {name ?? 'my organization'}. The mail names nobody and says nothing of anyone.</p>
      <Problem of={error} fields={['from', 'to']} />
      <Form action="/account/notices" token={token}>
        <div class="field">
          <label for="wish">Write to me</label>
          <select id="wish" name="wish">
            {options.map(([value, text]) => (
              <option value={value} selected={value === (wishes.wish ?? '')}>
                {text}
              </option>
            ))}
          </select>
        </div>
        <Field
          name="from"
          label="But not from"
          type="time"
          autocomplete="off"
          hint="What falls into these hours comes when they are over. Empty: the hours of the organization, if it has any."
          value={wishes.quiet?.from ?? ''}
          optional
          problem={error}
        />
        <Field
          name="to"
          label="until"
          type="time"
          autocomplete="off"
          value={wishes.quiet?.to ?? ''}
          optional
          problem={error}
        />
        <button type="submit">Save</button>
      </Form>
    </section>
  );
}

type Part = Pick<AccountProps, 'token' | 'problem'>;

function Password({ token, email, problem }: Part & { email: string }) {
  const error = problem?.of === 'password' ? problem.error : undefined;
  return (
    <section aria-labelledby="password-title">
      <h2 id="password-title">Password</h2>
      <Problem of={error} fields={['password']} />
      <Form action="/account/password" token={token}>
        <input type="hidden" name="username" autocomplete="username" value={email} />
        <Field name="current" label="Present password" type="password" autocomplete="current-password" />
        <Field
          name="password"
          label="New password"
          type="password"
          autocomplete="new-password"
          hint={passwordHint}
          problem={error}
        />
        <button type="submit">Change the password</button>
      </Form>
    </section>
  );
}

function SecondFactor({ visitor, recoveryLeft, token, problem }: AccountProps) {
  const there = visitor.account.totp !== null;
  return (
    <section aria-labelledby="factor-title">
      <h2 id="factor-title">Second factor</h2>
      <p>
        {there
          ? `An authenticator app is set up; ${recoveryLeft} recovery codes are left. A new set-up replaces the app and the codes.`
          : 'None is set up. With one, a stolen password is not enough to sign in as you.'}
      </p>
      <Problem of={problem?.of === 'second-factor' ? problem.error : undefined} />
      <Form action="/account/second-factor" token={token}>
        <div class="field">
          <label for="confirm">Your password, to be sure it is you</label>
          <input id="confirm" name="current" type="password" autocomplete="current-password" required />
        </div>
        <button type="submit">{there ? 'Set it up anew' : 'Set it up'}</button>
      </Form>
    </section>
  );
}

/** What a browser says of itself, cut down to what a person recognizes. */
function browserName(agent: string | null): string {
  const name = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'].find(one => agent?.includes(`${one}/`));
  const system = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS', 'Linux'].find(one =>
    agent?.includes(one),
  );
  const called = { Edg: 'Edge', OPR: 'Opera' }[name ?? ''] ?? name ?? 'Unknown browser';
  return system ? `${called} on ${system}` : called;
}

function ago(at: number, now: Date): string {
  const minutes = Math.floor((now.getTime() - at) / 60_000);
  if (minutes < 2) return 'just now';
  return minutes < 120 ? `${minutes} minutes ago` : `${Math.floor(minutes / 60)} hours ago`;
}
