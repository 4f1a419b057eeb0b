import type { Extension, HealthcareService } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import {
  type CapacityStatus,
  capacityStatuses,
  serviceCapacity,
  serviceExtension,
} from './directory-entries.ts';

/** What an organization says of the room it has. */
export interface CapacityStatement {
  status?: CapacityStatus;
  /** Free places. */
  slots?: number;
  waitDays?: number;
  /** YYYY-MM-DD */
  firstOpening?: string;
}

/** The entry, said to be right on this day (YYYY-MM-DD). */
export function confirmed(service: HealthcareService, day: string): HealthcareService {
  return withExtension(service, { url: serviceExtension.verified, valueDate: day });
}

/** The entry with what was said of its room on this day; what was said before no longer counts. */
export function withCapacity(
  service: HealthcareService,
  statement: CapacityStatement,
  day: string,
): HealthcareService {
  return withExtension(
    service,
    serviceCapacity({ ...statement, status: statusOf(statement), confirmed: day }),
  );
}

function statusOf({ status, slots, waitDays }: CapacityStatement): CapacityStatus {
  if (status === 'capacity' && slots === 0)
    throw new HubError('unprocessable', {
      text: 'A service without free places (slots 0) has no room: say waitlist or no-capacity, or how many places there are.',
      expression: "Parameters.parameter.where(name = 'status')",
    });
  if (status) return status;
  if (slots !== undefined && slots > 0) return 'capacity';
  if (waitDays !== undefined && waitDays > 0) return 'waitlist';
  if (slots === 0) return 'no-capacity';
  throw new HubError('unprocessable', {
    text: `Say status (${capacityStatuses.join(', ')}), or slots, or wait-days.`,
    expression: 'Parameters.parameter',
    code: 'required',
  });
}

function withExtension(service: HealthcareService, said: Extension): HealthcareService {
  const others = (service.extension ?? []).filter(({ url }) => url !== said.url);
  return { ...service, extension: [...others, said] };
}
