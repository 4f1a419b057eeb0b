import type { Child } from 'hono/jsx';
import { Layout } from './layout.tsx';
import { ReferralTable } from './referral-table.tsx';
import type { Referrals } from './referrals.ts';

/** An organization that can be chosen. */
export interface Choice {
  id: string;
  name: string;
}

interface ChooserProps {
  choices: readonly Choice[];
  chosen?: string;
}

function Chooser({ choices, chosen }: ChooserProps) {
  return (
    <nav class="chooser" aria-label="Demo organizations">
      <p>See the demo network as</p>
      <ul>
        {choices.map(({ id, name }) => (
          <li>
            <a href={`/?as=${encodeURIComponent(id)}`} {...(id === chosen ? { 'aria-current': 'page' } : {})}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface HomeProps {
  choices: readonly Choice[];
  organization: Choice;
  referrals: Referrals;
  now: Date;
}

/** The referrals of one demo organization. */
export function ReferralsPage({ choices, organization, referrals, now }: HomeProps) {
  const { yourTurn, waiting, finished, next } = referrals;
  const nothing = yourTurn.length + waiting.length + finished.length === 0;
  return (
    <Layout title={`${organization.name}: referrals`}>
      <Chooser choices={choices} chosen={organization.id} />
      <h1>{organization.name}</h1>
      {nothing ? (
        <Empty organization={organization} />
      ) : (
        <>
          <ReferralTable title="Your turn" referrals={yourTurn} now={now} empty="Nothing waits for you." />
          <ReferralTable title="Waiting for others" referrals={waiting} now={now} />
          <ReferralTable title="Finished" referrals={finished} now={now} finished />
        </>
      )}
      {next && (
        <p>
          <a href={`/?as=${encodeURIComponent(organization.id)}&from=${encodeURIComponent(next)}`}>
            Earlier referrals
          </a>
        </p>
      )}
    </Layout>
  );
}

function Empty({ organization }: { organization: Choice }) {
  return (
    <div class="empty">
      <p>No referrals yet: {organization.name} has sent none and was asked for none.</p>
      <p>
        To send one, post a ServiceRequest and a Task that Organization/hub owns to <code>/fhir</code>, with
        the token that <code>npx hub token --client {organization.id}</code> prints. <code>npm run demo</code>{' '}
        shows every step.
      </p>
    </div>
  );
}

/** Where nobody is chosen yet. */
export function ChoosePage({ choices }: { choices: readonly Choice[] }) {
  return (
    <Layout title="Warm Handoff">
      <h1>A referral is a promise. This hub keeps track of it.</h1>
      <p class="lead">
        A fictional county is at work here: hospitals refer people to community mental health centers and to
        others who help, and everybody sees what is theirs to see. Choose whose referrals to look at.
      </p>
      <Chooser choices={choices} />
      <SignInNote />
      <ApiNote />
    </Layout>
  );
}

/** In production, and where there is no demo network. */
export function AboutPage() {
  return (
    <Layout title="Warm Handoff">
      <h1>Warm Handoff</h1>
      <p class="lead">
        A hub that carries behavioral-health referrals from a hospital’s discharge desk to a coded outcome,
        between the systems that organizations already use.
      </p>
      <SignInNote />
      <ApiNote />
    </Layout>
  );
}

const SignInNote = () => (
  <p>
    <a href="/sign-in">Sign in</a> to act for your organization.
  </p>
);

const ApiNote = () => (
  <p>
    The FHIR R4 API is at <code>/fhir</code>; <a href="/fhir/metadata">/fhir/metadata</a> says what it can do
    and how to sign in. To connect a system, begin with the <a href="/guide">integration guide</a>.
  </p>
);

/** What went wrong, for a person. */
export function ProblemPage({ title, text, who }: { title: string; text: string; who?: Child }) {
  return (
    <Layout title={title} who={who}>
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      <p>
        <a href="/">Back to the start</a>
      </p>
    </Layout>
  );
}
