import type { HubError } from '../../../errors.ts';
import { Field, Form, Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import type { ContactFields } from './telecom.ts';

interface Props {
  fields: ContactFields;
  /** What was there when the form was opened. */
  version: string;
  organization: string;
  token: string;
  problem?: HubError | undefined;
}

/** How an organization is reached, for its own administrators to correct. */
export const ContactPage = ({ fields, version, organization, token, problem }: Props) => (
  <>
    <Head title="How to reach us" up={{ path: '/directory', label: 'Directory' }}>
      What the whole network reads of {organization}, and where a service has no contact of its own.
    </Head>
    <Problem of={problem} fields={['phone', 'email']} />
    <Form action="/directory/own/contact" token={token}>
      <input type="hidden" name="version" value={version} />
      <Field
        name="phone"
        label="Telephone"
        autocomplete="off"
        optional
        value={fields.phone}
        problem={problem}
      />
      <Field
        name="email"
        label="E-mail"
        hint="Where no account and no system answers, links to answer referrals are sent here."
        autocomplete="off"
        optional
        value={fields.email}
        problem={problem}
      />
      <button type="submit">Save</button>
    </Form>
  </>
);
