import type { HealthcareService, Organization, Patient } from '@medplum/fhirtypes';
import type { PropsWithChildren } from 'hono/jsx';
import { Head } from '../../components/head.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Empty } from '../../components/notice.tsx';
import { needWords, personName } from '../../seen.ts';
import { statusWords } from '../../status-words.ts';
import { emergencyPath } from '../planner/emergency/page.tsx';
import type { Findings, Found } from './find.ts';

interface SearchProps {
  /** What was looked for; absent: nothing yet. */
  text?: string;
  findings?: Findings;
  /** Whether the reader may open people and referrals. */
  opens: { people: boolean; referrals: boolean; emergency: boolean };
}

/** What the search found, by kind. */
export function SearchPage({ text, findings, opens }: SearchProps) {
  if (!findings || !text)
    return (
      <>
        <Head title="Search" />
        <Empty icon="search" title="Nothing was looked for yet">
          Type a name, a date of birth as 1987-02-03, an identifier, or what a place is called, in the box
          above.
        </Empty>
      </>
    );
  const { people, referrals, services, organizations } = findings;
  const nothing = [people, referrals, services, organizations].every(({ some }) => some.length === 0);
  return (
    <>
      <Head title={`Search: ${text}`} />
      {nothing && (
        <Empty icon="search" title="Nothing found that you may see">
          Look at the spelling, or for a part of the name. Somebody whom your organization has nothing to do
          with is not found here, whether the hub knows them or not.
          {opens.emergency && (
            <>
              {' '}
              When it cannot wait, <a href={emergencyPath}>open a record in an emergency</a>.
            </>
          )}
        </Empty>
      )}
      <Kind title="People" icon="user" found={people}>
        {people.some.map(patient => (
          <Person patient={patient} opens={opens.people} />
        ))}
      </Kind>
      <Kind title="Referrals" icon="list-checks" found={referrals}>
        {referrals.some.map(({ task, request }) => (
          <li>
            <a href={`/referrals/${task.id}`}>{needWords(request) ?? 'Referral'}</a>
            <span class="detail">{statusWords(task)}</span>
          </li>
        ))}
      </Kind>
      <Kind title="Services" icon="heart-handshake" found={services}>
        {services.some.map(service => (
          <Service service={service} />
        ))}
      </Kind>
      <Kind title="Organizations" icon="building-2" found={organizations}>
        {organizations.some.map(organization => (
          <Place organization={organization} />
        ))}
      </Kind>
    </>
  );
}

interface KindProps {
  title: string;
  icon: IconName;
  found: Found<unknown>;
}

function Kind({ title, icon, found, children }: PropsWithChildren<KindProps>) {
  if (found.some.length === 0) return null;
  return (
    <section>
      <h2>
        <Icon name={icon} /> {title}
      </h2>
      <ul class="findings">{children}</ul>
      {found.more && <p class="quiet">There are more: add to what you look for.</p>}
    </section>
  );
}

function Person({ patient, opens }: { patient: Patient; opens: boolean }) {
  const name = personName(patient) ?? 'No name';
  const identifier = patient.identifier?.[0]?.value;
  const facts = [patient.birthDate && `born ${patient.birthDate}`, patient.gender, identifier].filter(
    Boolean,
  );
  return (
    <li>
      {opens ? <a href={`/patients/${patient.id}`}>{name}</a> : name}
      <span class="detail">{facts.join(', ')}</span>
    </li>
  );
}

const Service = ({ service }: { service: HealthcareService }) => (
  <li>
    <a href={`/directory/${service.id}`}>{service.name ?? 'A service without a name'}</a>
    {service.providedBy?.display && <span class="detail">{service.providedBy.display}</span>}
  </li>
);

function Place({ organization: { id, name, telecom } }: { organization: Organization }) {
  const phone = telecom?.find(({ system }) => system === 'phone')?.value;
  return (
    <li>
      <a href={`/directory?organization=${id}`}>{name ?? 'An organization without a name'}</a>
      {phone && <span class="detail">{phone}</span>}
    </li>
  );
}
