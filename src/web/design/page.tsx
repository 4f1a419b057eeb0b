import { HubError } from '../../errors.ts';
import { Field, Form, Problem, TextArea } from '../components/form.tsx';
import { Head } from '../components/head.tsx';
import { Icon, iconNames } from '../components/icon.tsx';
import { Mark } from '../components/mark.tsx';
import { Done, Empty, Warning } from '../components/notice.tsx';
import { Ago, Due } from '../components/time.tsx';
import { Layout } from '../layout.tsx';
import { ReferralTable } from '../referral-table.tsx';
import type { Referral } from '../referrals.ts';
import { Charts } from './charts.tsx';
import { Choosing } from './choosing.tsx';
import { Colors, Sizes } from './tokens.tsx';

/** Every component in each of its states, and what they are made with. */
export function DesignPage({ now }: { now: Date }) {
  return (
    <Layout title="Design – Warm Handoff">
      <Head title="Design">
        <p>What the pages are made of: tokens, one icon set, and each component in its states.</p>
      </Head>
      <Colors />
      <Sizes />
      <Icons />
      <Buttons />
      <Marks now={now} />
      <Notices />
      <Forms />
      <Choosing />
      <Charts />
      <section>
        <h2>List</h2>
        <ReferralTable title="Your turn" referrals={[example(now, -3), example(now, 5)]} now={now} />
        <ReferralTable title="Waiting for others" referrals={[]} empty="Nothing waits." now={now} />
      </section>
    </Layout>
  );
}

const Icons = () => (
  <section>
    <h2>Icons</h2>
    <ul class="swatches">
      {iconNames.map(name => (
        <li>
          <Icon name={name} /> <code>{name}</code>
        </li>
      ))}
    </ul>
  </section>
);

const Buttons = () => (
  <section>
    <h2>Buttons</h2>
    <p>One main action on a page; what ends something for somebody looks like it.</p>
    <div class="actions">
      <button type="button">
        <Icon name="check" /> Main action
      </button>
      <button type="button" class="second">
        Another
      </button>
      <button type="button" class="danger">
        Cancel the referral
      </button>
      <button type="button" disabled>
        Not now
      </button>
      <button type="button" class="second small">
        In a row
      </button>
      <button type="button" class="link">
        Like a link
      </button>
    </div>
  </section>
);

const hourMs = 3_600_000;

const Marks = ({ now }: { now: Date }) => (
  <section>
    <h2>Marks and clocks</h2>
    <div class="actions">
      <Mark>Asked</Mark>
      <Mark tone="good" icon="check">
        Visit kept
      </Mark>
      <Mark tone="attention">Urgent</Mark>
      <Mark tone="late" icon="clock">
        Past due
      </Mark>
      <Due at={new Date(now.getTime() + 5 * hourMs)} now={now} />
      <Due at={new Date(now.getTime() - 50 * hourMs)} now={now} />
      <Ago at={new Date(now.getTime() - 80 * hourMs)} now={now} />
    </div>
  </section>
);

const Notices = () => (
  <section>
    <h2>What is said</h2>
    <Done>The referral is sent. Northside CMHC has until Thursday to answer.</Done>
    <Warning>
      <p>The packet lacks a risk assessment. You can send it without, with a reason.</p>
    </Warning>
    <Problem of={new HubError('conflict', 'Somebody else has changed this. Nothing of yours was lost.')} />
    <Empty icon="inbox" title="Nothing waits for you">
      A referral that asks for your answer appears here by itself.
    </Empty>
  </section>
);

const wrong = new HubError('invalid', [
  { text: 'A date of birth looks like 1987-02-03.', expression: 'birthDate' },
]);

const Forms = () => (
  <section>
    <h2>Fields</h2>
    <Form action="/design" token="none">
      <Field name="name" label="Name" autocomplete="off" hint="What people call it." />
      <Field name="birthDate" label="Date of birth" autocomplete="off" value="3 Feb" problem={wrong} />
      <div class="field">
        <label for="urgency">Urgency</label>
        <select id="urgency" name="urgency">
          <option>Routine</option>
          <option>Urgent</option>
        </select>
      </div>
      <TextArea name="wishes" label="Wishes" hint="In the person’s words." />
    </Form>
  </section>
);

const example = (now: Date, hours: number): Referral => ({
  id: `example-${hours}`,
  person: 'Avery Example',
  need: 'Case management from the day of discharge',
  urgency: hours < 0 ? 'urgent' : 'routine',
  direction: 'received',
  stage: 'asked',
  from: 'General Hospital',
  to: 'Northside CMHC',
  throughHub: true,
  status: 'Asked, no answer yet',
  turn: {
    yours: true,
    hub: false,
    name: 'Northside CMHC',
    action: 'Accept or decline',
    due: new Date(now.getTime() + hours * hourMs),
  },
  changed: now,
});
