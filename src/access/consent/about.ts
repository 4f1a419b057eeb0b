import type { CodeableConcept, ConsentProvision, Resource } from '@medplum/fhirtypes';
import type { ConsentPolicy } from './policy.ts';

/** Whether a provision is about some resources only: of a class, a code, a time, or named ones. */
export const isNarrowed = ({ class: classes, code, dataPeriod, data }: ConsentProvision): boolean =>
  Boolean(classes?.length || code?.length || dataPeriod || data?.length);

/** Whether a provision that is about some resources only is about this one. What cannot be told is no. */
export function isAbout(provision: ConsentProvision, resource: Resource, policy: ConsentPolicy): boolean {
  const { class: classes, code, dataPeriod, data } = provision;
  if (classes?.length && !classes.some(one => one.code === resource.resourceType)) return false;
  if (code?.length && !code.some(one => shareCoding(one, codeOf(resource)))) return false;
  if (data?.length && !data.some(({ reference }) => reference.reference === nameOf(resource))) return false;
  return !dataPeriod || within(dataPeriod, timeOf(resource), policy);
}

const nameOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;

type Dated = Resource & {
  code?: CodeableConcept;
  effectiveDateTime?: string;
  onsetDateTime?: string;
  recordedDate?: string;
  authoredOn?: string;
  authored?: string;
  performedDateTime?: string;
  date?: string;
  period?: { start?: string };
};

const codeOf = (resource: Resource): CodeableConcept | undefined => (resource as Dated).code;

function timeOf(resource: Resource): string | undefined {
  const one = resource as Dated;
  return (
    one.effectiveDateTime ??
    one.onsetDateTime ??
    one.performedDateTime ??
    one.authoredOn ??
    one.authored ??
    one.period?.start ??
    one.recordedDate ??
    one.date
  );
}

const shareCoding = (one: CodeableConcept, other: CodeableConcept | undefined): boolean =>
  (one.coding ?? []).some(({ system, code }) =>
    (other?.coding ?? []).some(coding => coding.system === system && coding.code === code),
  );

function within(
  period: { start?: string; end?: string },
  time: string | undefined,
  { readDate }: ConsentPolicy,
): boolean {
  const at = time === undefined ? undefined : readDate(time);
  if (!at) return false;
  const start = period.start === undefined ? undefined : readDate(period.start);
  const end = period.end === undefined ? undefined : readDate(period.end);
  return (!start || at.lo >= start.lo) && (!end || at.hi <= end.hi);
}
