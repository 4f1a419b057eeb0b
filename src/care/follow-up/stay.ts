/// <reference lib="esnext.temporal" />
import type { Condition, Encounter, Organization } from '@medplum/fhirtypes';
import rules from '../../../terminology/follow-up.json' with { type: 'json' };
import { tokens } from '../../referral/routing/codes.ts';

const { classes, serviceTypes, organizations, diagnoses, otherDiagnoses } = rules.afterDischarge;
const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm';
/** R5's element as an extension (profiles/planned-end-date.json). */
export const plannedEnd = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate';

/** A stay in hospital, whatever for. */
export const isStay = (encounter: Encounter): boolean => classes.includes(encounter.class.code ?? '');

/** A stay for mental illness: by its service, by the kind of hospital, or by its diagnoses. */
export function isPsychiatric(
  encounter: Encounter,
  about: { provider: Organization | undefined; conditions: readonly Condition[] },
): boolean {
  const service = tokens(encounter.serviceType, ...(encounter.type ?? []));
  const kind = tokens(...(about.provider?.type ?? []));
  return (
    service.some(one => serviceTypes.includes(one)) ||
    kind.some(one => organizations.includes(one)) ||
    tokens(...(encounter.reasonCode ?? []), ...about.conditions.map(({ code }) => code)).some(isMental)
  );
}

function isMental(token: string): boolean {
  const code = token.startsWith(`${icd10}|`) ? token.slice(icd10.length + 1) : '';
  const among = (prefixes: readonly string[]) => prefixes.some(prefix => code.startsWith(prefix));
  return code !== '' && among(diagnoses) && !among(otherDiagnoses);
}

/** When the person left, or is expected to, at the facility; undefined where neither is known. */
export function leaving(encounter: Encounter, timeZone: string): { at: Date; planned: boolean } | undefined {
  if (encounter.status === 'finished' && encounter.period?.end)
    return { at: momentOf(encounter.period.end, timeZone), planned: false };
  const planned = plannedEndOf(encounter);
  return lasts(encounter) && planned ? { at: momentOf(planned, timeZone), planned: true } : undefined;
}

/** The day, or the moment, at which the stay is expected to end, as it is written. */
export const plannedEndOf = ({ extension }: Encounter): string | undefined =>
  extension?.find(({ url }) => url === plannedEnd)?.valueDateTime;

const lasting: readonly string[] = ['planned', 'arrived', 'triaged', 'in-progress', 'onleave'];

/** The person has not left. */
export const lasts = ({ status }: Encounter): boolean => lasting.includes(status);

/** A day without a time of day is one of the calendar at the facility: its noon. */
function momentOf(dateTime: string, timeZone: string): Date {
  if (!/^\d{4}-\d\d-\d\d$/.test(dateTime)) return new Date(dateTime);
  const noon = Temporal.PlainDate.from(dateTime).toZonedDateTime({ timeZone, plainTime: '12:00' });
  return new Date(noon.epochMilliseconds);
}

/** The person died in the stay. */
export const diedThere = ({ hospitalization }: Encounter): boolean =>
  hospitalization?.dischargeDisposition?.coding?.some(({ code }) => code === 'exp') ?? false;
