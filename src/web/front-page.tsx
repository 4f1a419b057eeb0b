import type { Role } from '../access/roles.ts';
import { roles } from '../access/roles.ts';
import { Form } from './components/form.tsx';
import { Head } from './components/head.tsx';
import { Icon, type IconName } from './components/icon.tsx';
import { Layout } from './layout.tsx';
import type { DemoOrganization } from './sign-in/demo-people.ts';

interface FrontProps {
  token: string;
  /** Those one can look around in without an account; none where there is no demo network. */
  demo: readonly DemoOrganization[];
}

interface Door {
  organization: string;
  role: Role;
  icon: IconName;
  title: string;
  text: string;
}

/** Who the hub is for, each by one of the demo network who is that. */
const doors: readonly Door[] = [
  {
    organization: 'general-hospital',
    role: 'discharge-planner',
    icon: 'send',
    title: 'I refer people',
    text: 'Who leaves soon, what is in place for them, and what is missing. Find a place, send, and follow it to the end.',
  },
  {
    organization: 'northside-cmhc',
    role: 'intake',
    icon: 'inbox',
    title: 'I receive referrals',
    text: 'What waits for an answer, with all that one needs to give it. Accept, ask, decline, make the first visit.',
  },
  {
    organization: 'harbor-shelter',
    role: 'intake',
    icon: 'bed',
    title: 'I have a bed to give',
    text: 'A shelter sees who is asked for, and no more than it needs. It can also answer by a link, without an account.',
  },
  {
    organization: 'hub',
    role: 'network-administrator',
    icon: 'network',
    title: 'I run the network',
    text: 'Organizations, accounts, systems, and the bots: what they did, and what they are stuck on.',
  },
];

/** Where nobody is signed in. */
export function FrontPage({ token, demo }: FrontProps) {
  const open = doors.filter(({ organization, role }) =>
    demo.some(({ id, people }) => id === organization && people.includes(role)),
  );
  return (
    <Layout title="Warm Handoff">
      <Head title="A referral is a promise. This hub keeps track of it.">
        <p>
          It carries behavioral-health referrals from a hospital’s discharge desk to a known outcome, between
          the people and the systems that are there already.
        </p>
      </Head>
      <p class="actions">
        <a class={open.length > 0 ? 'button second' : 'button'} href="/sign-in">
          Sign in
        </a>
        <a href="/guide">Connect a system</a>
      </p>
      {open.length > 0 && <Demo token={token} open={open} demo={demo} />}
      <p class="quiet">
        The FHIR R4 API is at <code>/fhir</code>; <a href="/fhir/metadata">/fhir/metadata</a> says what it can
        do and how to sign in.
      </p>
    </Layout>
  );
}

function Demo({ token, open, demo }: FrontProps & { open: readonly Door[] }) {
  const nameOf = (organization: string) => demo.find(({ id }) => id === organization)?.name ?? organization;
  return (
    <section aria-labelledby="demo">
      <h2 id="demo">Look around in a fictional county</h2>
      <p>Its organizations and people do not exist. One click signs you in as one of them.</p>
      <ul class="doors">
        {open.map(({ organization, role, icon, title, text }) => (
          <li class="card">
            <h3>
              <Icon name={icon} /> {title}
            </h3>
            <p>{text}</p>
            <Form action="/sign-in/demo" token={token} look="beside">
              <input type="hidden" name="organization" value={organization} />
              <button type="submit" name="role" value={role}>
                {roles[role].title} of {nameOf(organization)}
              </button>
            </Form>
          </li>
        ))}
      </ul>
      <p>
        <a href="/sign-in#demo">Everybody else of the county</a>
      </p>
    </section>
  );
}
