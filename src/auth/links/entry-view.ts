import type { HealthcareService, Organization } from '@medplum/fhirtypes';
import type { Repository } from '../../fhir/repository.ts';
import { capacityOf, verifiedOn } from '../../referral/routing/facts.ts';

type Capacity = NonNullable<ReturnType<typeof capacityOf>>;

/** An entry of the directory, as its organization confirms it through a link. */
export interface EntryView {
  service?: string;
  organization?: string;
  phones: string[];
  /** BCP 47. */
  languages: string[];
  hours: OpeningHours[];
  capacity?: Capacity;
  /** YYYY-MM-DD: when it was last said to be right. */
  verified?: string;
  /** What they see is what they confirm: the version of the entry. */
  version: string;
}

export interface OpeningHours {
  /** `mon` to `sun`; none: every day. */
  days: string[];
  /** `09:00:00`; absent: the whole day. */
  from?: string;
  to?: string;
}

/** Reads as the link. */
export async function readEntry(repository: Repository, id: string): Promise<EntryView> {
  const stored = await repository.read('HealthcareService', id);
  const service = stored.resource() as HealthcareService;
  const [, provider = ''] = service.providedBy?.reference?.split('/') ?? [];
  const organization = (await repository.read('Organization', provider)).resource() as Organization;
  const [capacity, verified] = [capacityOf(service), verifiedOn(service)];
  const telecom = [...(service.telecom ?? []), ...(organization.telecom ?? [])];
  return {
    ...(service.name ? { service: service.name } : {}),
    ...(organization.name ? { organization: organization.name } : {}),
    phones: telecom.flatMap(({ system, use, value }) =>
      system === 'phone' && use !== 'old' && value ? [value] : [],
    ),
    languages: (service.communication ?? []).flatMap(({ coding = [] }) => coding[0]?.code ?? []),
    hours: (service.availableTime ?? []).map(hoursOf),
    ...(capacity ? { capacity } : {}),
    ...(verified ? { verified } : {}),
    version: stored.versionId,
  };
}

function hoursOf(time: NonNullable<HealthcareService['availableTime']>[number]): OpeningHours {
  const { daysOfWeek = [], allDay, availableStartTime: from, availableEndTime: to } = time;
  return { days: [...daysOfWeek], ...(!allDay && from && to ? { from, to } : {}) };
}
