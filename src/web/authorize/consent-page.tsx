import type { Question } from '../../auth/smart/consents.ts';
import type { HubError } from '../../errors.ts';
import { Form, Problem } from '../components/form.tsx';
import { Layout } from '../layout.tsx';
import { scopeWords } from './scope-words.ts';

/** Somebody whose record can be chosen. */
export interface Choice {
  id: string;
  name: string;
  birthDate?: string;
}

interface ConsentProps {
  question: Question;
  /** What the organization is called for which the person acts. */
  organization: string;
  token: string;
  /** Whose record the app was opened for. */
  patient?: Choice | undefined;
  /** When one has to be chosen: what was searched for, and who was found. */
  search?: { name: string; found: readonly Choice[]; more: boolean } | undefined;
  problem?: HubError | undefined;
}

/** Where a person allows an app to act for them, or not. */
export function ConsentPage({ question, organization, token, patient, search, problem }: ConsentProps) {
  const { client, person, granted, uid, impossible } = question;
  const action = `/oauth/interaction/${uid}`;
  const host = new URL(question.redirectUri).host;
  return (
    <Layout title={`Allow ${client.name}? – Warm Handoff`}>
      <h1>Allow {client.name}?</h1>
      <p class="lead">
        {client.name} ({host}) wants to work for you, {person.name}, in the name of {organization}.
      </p>
      <Problem of={problem} />
      {impossible !== undefined && (
        <p class="problem" role="alert">
          This cannot be allowed: {impossible}.
        </p>
      )}
      <h2>It could</h2>
      <ul>
        {scopeWords(granted).map(words => (
          <li>{words}</li>
        ))}
      </ul>
      <p class="hint">
        Never more than your role allows. You can end it at any time by signing out everywhere.
      </p>
      {patient && (
        <p>
          It was opened for the record of <strong>{patient.name}</strong>
          {patient.birthDate && `, born ${patient.birthDate}`}.
        </p>
      )}
      {search && impossible === undefined && <Search action={action} token={token} {...search} />}
      <Form action={action} token={token} look="form wide">
        {search && impossible === undefined && <Found {...search} />}
        <div class="beside">
          {impossible === undefined && (
            <button type="submit" name="decision" value="allow">
              Allow
            </button>
          )}
          <button class="second" type="submit" name="decision" value="deny">
            {impossible === undefined ? 'Do not allow' : 'Go back to the app'}
          </button>
        </div>
      </Form>
    </Layout>
  );
}

/** A name is not for addresses, which are kept in many places: it is sent in a form. */
function Search({ action, token, name }: { action: string; token: string; name: string }) {
  return (
    <Form action={action} token={token}>
      <div class="field">
        <label for="name">Whose record is it to work on?</label>
        <p class="hint" id="name-hint">
          A part of the name
        </p>
        <input id="name" name="name" value={name} autocomplete="off" aria-describedby="name-hint" />
      </div>
      <button class="second" type="submit" name="decision" value="search">
        Search
      </button>
    </Form>
  );
}

function Found({ name, found, more }: { name: string; found: readonly Choice[]; more: boolean }) {
  if (found.length === 0)
    return (
      <p>
        {name ? `Nobody whose record you may see is called “${name}”.` : 'There is no record you may see.'}
      </p>
    );
  return (
    <fieldset class="choices">
      <legend>Choose a person</legend>
      {found.map(({ id, name, birthDate }) => (
        <label>
          <input type="radio" name="patient" value={id} /> {name}
          {birthDate && <span class="detail"> born {birthDate}</span>}
        </label>
      ))}
      {more && <p class="hint">There are more: search for a part of the name.</p>}
    </fieldset>
  );
}
