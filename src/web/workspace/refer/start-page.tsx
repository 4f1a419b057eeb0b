import type { Patient } from '@medplum/fhirtypes';
import { Form } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty } from '../../components/notice.tsx';
import { Ago } from '../../components/time.tsx';
import { needWords, personName } from '../../seen.ts';
import type { DraftRow } from './draft.ts';
import type { PersonRow } from './people.ts';
import { Steps } from './steps.tsx';

interface StartProps {
  drafts: readonly DraftRow[];
  inCare: readonly PersonRow[];
  /** What was looked for, and who was found. */
  search?: { text: string; found: readonly PersonRow[] };
  token: string;
  now: Date;
  zone: string | undefined;
}

/** Whom to refer, and what was begun and not sent. */
export function StartPage({ drafts, inCare, search, token, now, zone }: StartProps) {
  return (
    <>
      <Head title="Refer a person">Choose the person. Nothing is sent before the last step.</Head>
      <Steps at="person" reached="person" />
      <section class="card whom" aria-labelledby="find">
        <h2 id="find">Who is it for?</h2>
        <Form action="/refer/person" token={token} look="find-person">
          <label class="grow">
            <span>Name, date of birth or identifier</span>
            <input
              name="text"
              type="search"
              autocomplete="off"
              required
              {...(search ? { value: search.text } : {})}
            />
          </label>
          <button type="submit" class="second">
            <Icon name="search" /> Search
          </button>
        </Form>
        {search && <Found {...search} />}
        {!search && inCare.length > 0 && (
          <>
            <h3>In your care now</h3>
            <People rows={inCare} now={now} zone={zone} />
          </>
        )}
        <p>
          <a href="/patients/new">
            <Icon name="user-plus" /> Register somebody who is not here
          </a>
        </p>
      </section>
      {drafts.length > 0 && <Drafts drafts={drafts} token={token} now={now} zone={zone} />}
    </>
  );

  function Found({ found }: NonNullable<StartProps['search']>) {
    return found.length > 0 ? (
      <>
        <p role="status">{found.length === 1 ? 'One person found' : `${found.length} people found`}</p>
        <People rows={found} now={now} zone={zone} />
      </>
    ) : (
      <Empty icon="user" title="Nobody found that you may see">
        Look at the spelling, or search for a part of the name. Somebody who is new to you can be registered.
      </Empty>
    );
  }
}

interface PeopleProps {
  rows: readonly PersonRow[];
  now: Date;
  zone: string | undefined;
}

function People({ rows, now, zone }: PeopleProps) {
  return (
    <ul class="people-list">
      {rows.map(({ patient, since }) => (
        <li>
          <a href={`/refer?patient=${patient.id}`}>
            <strong>{personName(patient) ?? 'Without a name'}</strong>
            <span class="detail">{tellingApart(patient)}</span>
            {since && (
              <span class="detail">
                Admitted <Ago at={new Date(since)} now={now} zone={zone} />
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What tells people of one name apart. */
export function tellingApart({ birthDate, identifier = [] }: Patient): string {
  const number = identifier.find(({ value }) => value)?.value;
  return [birthDate && `born ${birthDate}`, number].filter(Boolean).join(', ') || 'nothing more is known';
}

function Drafts({ drafts, token, now, zone }: Pick<StartProps, 'drafts' | 'token' | 'now' | 'zone'>) {
  return (
    <section aria-labelledby="drafts">
      <h2 id="drafts">Drafts</h2>
      <ul class="draft-list">
        {drafts.map(({ request, patient, changed }) => (
          <li class="card draft">
            <div>
              <strong>{personName(patient) ?? 'A person you may not see any more'}</strong>
              <div>{needWords(request)}</div>
              <div class="detail">
                Changed <Ago at={changed} now={now} zone={zone} />
              </div>
            </div>
            <div class="actions">
              <a class="button small" href={`/refer/${request.id}`}>
                Continue
              </a>
              <Form action={`/refer/${request.id}/discard`} token={token} look="beside">
                <button type="submit" class="second small">
                  Discard
                </button>
              </Form>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
