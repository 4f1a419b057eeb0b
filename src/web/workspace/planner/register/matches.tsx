import type { Candidate } from '../../../../fhir/operations/find-duplicates.ts';
import { Form } from '../../../components/form.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Mark } from '../../../components/mark.tsx';
import { personName } from '../../../seen.ts';
import { agreed } from '../words.ts';
import { registerPath } from './page.tsx';
import type { PersonFields } from './person-form.ts';

interface MatchesProps {
  matches: readonly Candidate[];
  fields: PersonFields;
  token: string;
}

const grades = {
  certain: { words: 'The same record number', tone: 'late' },
  probable: { words: 'Very likely the same', tone: 'late' },
  possible: { words: 'May be the same', tone: 'attention' },
} as const;

/** Who may be the person that is being registered. Nothing is saved before somebody has said. */
export function Matches({ matches, fields, token }: MatchesProps) {
  return (
    <section class="card matches" aria-labelledby="matches">
      <h2 id="matches" tabindex={-1} autofocus>
        {matches.length === 1 ? 'Is it this person?' : 'Is it one of these people?'}
      </h2>
      <p>Nothing is saved yet. One person with two records gets two plans, and one of them is missed.</p>
      <ul class="plain">
        {matches.map(match => (
          <Match match={match} />
        ))}
      </ul>
      <Form action={registerPath} token={token} look="beside">
        {Object.entries({ ...fields, somebody: 'new' }).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button type="submit" class="second">
          <Icon name="user-plus" /> None of them: save as a new person
        </button>
      </Form>
    </section>
  );
}

function Match({ match: { patient, grade, common } }: { match: Candidate }) {
  const name = personName(patient) ?? 'No name';
  const { birthDate, gender, telecom, address, identifier } = patient;
  const facts = [
    birthDate && `born ${birthDate}`,
    gender,
    telecom?.[0]?.value,
    address?.[0]?.postalCode,
    identifier?.[0]?.value,
  ];
  return (
    <li>
      <div class="line">
        <strong>{name}</strong>
        <Mark tone={grades[grade].tone}>{grades[grade].words}</Mark>
      </div>
      <span class="detail">{facts.filter(Boolean).join(', ')}</span>
      <span class="detail">In common: {agreed(common)}</span>
      <p>
        <a class="button small" href={`/patients/${patient.id}`}>
          <Icon name="user" /> This is the same person
          <span class="hidden">: {name}</span>
        </a>
      </p>
    </li>
  );
}
