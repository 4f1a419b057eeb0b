import type { DocumentReference, Location, Slot } from '@medplum/fhirtypes';
import { allows } from '../../../access/actor.ts';
import type { Repository, Stored } from '../../../fhir/repository.ts';
import type { Action } from '../../../referral/working/action.ts';
import { shortWords } from '../../due-words.ts';

export interface Choice {
  value: string;
  label: string;
}

/** What the fields of forms are chosen from, by the type of resource that they name. */
export type Choices = Readonly<
  Partial<Record<'Slot' | 'Location' | 'Organization' | 'DocumentReference', readonly Choice[]>>
>;

interface Around {
  now: Date;
  zone: string | undefined;
  /** Patient id, where the person is to be seen. */
  patient?: string | undefined;
  /** `HealthcareService/id` that was asked for: its own free times come alone. */
  service?: string | undefined;
  organizations(): Promise<readonly { id: string; name: string }[]>;
}

/** Only what some action asks for is looked up. */
export async function choicesFor(
  repository: Repository,
  actions: readonly Action[],
  around: Around,
): Promise<Choices> {
  const named = actions.flatMap(({ inputs }) => inputs.flatMap(({ targets = [] }) => targets));
  // What a role does not look for, it does not choose from.
  const wanted = new Set(named.filter(type => allows(repository.actor, 'search', type)));
  const [slots, locations, organizations, documents] = await Promise.all([
    wanted.has('Slot') ? freeTimes(repository, around) : undefined,
    wanted.has('Location') ? ownLocations(repository) : undefined,
    wanted.has('Organization') ? around.organizations() : undefined,
    wanted.has('DocumentReference') && around.patient ? ownDocuments(repository, around.patient) : undefined,
  ]);
  return {
    ...(slots ? { Slot: slots } : {}),
    ...(locations ? { Location: locations } : {}),
    ...(organizations
      ? { Organization: organizations.map(({ id, name }) => ({ value: `Organization/${id}`, label: name })) }
      : {}),
    ...(documents ? { DocumentReference: documents } : {}),
  };
}

/** As many as somebody looks through. */
const mostTimes = 40;

/** Who or what a Schedule of an organization may be for (https://hl7.org/fhir/R4/schedule.html). */
const bookable = ['HealthcareService', 'PractitionerRole'] as const;

/** Free times of the organization's own, the soonest first. */
export async function freeTimes(
  repository: Repository,
  { now, zone, service }: Pick<Around, 'now' | 'zone' | 'service'>,
): Promise<Choice[]> {
  const { organization } = repository.actor;
  const pages = await Promise.all(
    bookable.map(type => {
      const query = new URLSearchParams({
        [`schedule.actor:${type}.organization`]: `Organization/${organization}`,
        status: 'free',
        start: `ge${now.toISOString()}`,
        _sort: 'start',
        _count: String(mostTimes),
        _include: 'Slot:schedule',
      });
      return repository.search('Slot', query);
    }),
  );
  const found = new Map(
    pages.flatMap(({ entries }) => entries.map(({ stored }) => [`${stored.type}/${stored.id}`, stored])),
  );
  const ofSchedule = (slot: Slot): string | undefined => found.get(slot.schedule.reference ?? '')?.body;
  const slots = [...found.values()].filter(
    one => one.type === 'Slot' && one.source === organization,
  ) as Stored<Slot>[];
  const own = slots.filter(one => service && ofSchedule(one.resource())?.includes(`"${service}"`));
  return (own.length ? own : slots)
    .map(one => one.resource())
    .sort((a, b) => a.start.localeCompare(b.start))
    .map(slot => ({ value: `Slot/${slot.id}`, label: timeWords(slot, zone) }));
}

function timeWords({ start, comment }: Slot, zone: string | undefined): string {
  return [shortWords(new Date(start), zone), comment].filter(Boolean).join(', ');
}

/** Places of the organization's own, where there is more than one to choose from. */
async function ownLocations(repository: Repository): Promise<Choice[]> {
  const { organization } = repository.actor;
  const query = new URLSearchParams({
    organization: `Organization/${organization}`,
    _sort: 'name',
    _count: '50',
  });
  const { entries } = await repository.search('Location', query);
  const found = entries.map(({ stored }) => stored.resource() as Location);
  return found.length > 1
    ? found.map(({ id, name }) => ({ value: `Location/${id}`, label: name ?? `${id}` }))
    : [];
}

/** The latest documents about the person that the organization itself has. */
async function ownDocuments(repository: Repository, patient: string): Promise<Choice[]> {
  const query = new URLSearchParams({ patient: `Patient/${patient}`, _sort: '-_lastUpdated', _count: '30' });
  const { entries } = await repository.search('DocumentReference', query);
  return entries
    .filter(({ stored }) => stored.source === repository.actor.organization)
    .map(({ stored }) => ({
      value: `DocumentReference/${stored.id}`,
      label: documentTitle(stored.resource() as DocumentReference),
    }));
}

/** What a document is called. */
export const documentTitle = ({ content, description, type }: DocumentReference): string =>
  content?.[0]?.attachment.title ??
  description ??
  type?.text ??
  type?.coding?.find(({ display }) => display)?.display ??
  'Document';
