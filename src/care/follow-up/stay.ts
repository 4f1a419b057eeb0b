import type { Condition, Encounter, Organization } from '@medplum/fhirtypes';
import rules from '../../../terminology/follow-up.json' with { type: 'json' };
import { tokens } from '../../referral/routing/codes.ts';

const { classes, serviceTypes, organizations, diagnoses, otherDiagnoses } = rules.afterDischarge;
const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm';
/** R5's element as an extension (profiles/planned-end-date.json). */
const plannedEnd = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate';

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

/** When the person left, or is expected to; undefined where neither is known. */
export function leaving(encounter: Encounter): { at: Date; planned: boolean } | undefined {
  if (encounter.status === 'finished' && encounter.period?.end)
    return { at: new Date(encounter.period.end), planned: false };
  const planned = encounter.extension?.find(({ url }) => url === plannedEnd)?.valueDateTime;
  const lasts = ['planned', 'arrived', 'triaged', 'in-progress', 'onleave'].includes(encounter.status);
  return lasts && planned ? { at: new Date(planned), planned: true } : undefined;
}

/** The person died in the stay. */
export const diedThere = ({ hospitalization }: Encounter): boolean =>
  hospitalization?.dischargeDisposition?.coding?.some(({ code }) => code === 'exp') ?? false;
