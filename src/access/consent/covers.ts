import type { ConsentProvision } from '@medplum/fhirtypes';
import type { Label } from '../labels.ts';
import { isAbout, isNarrowed } from './about.ts';
import { disclosersOf, namedIn, type Recipients, recipientsOf } from './actors.ts';
import {
  type ConsentPolicy,
  disclosingActions,
  labelsDenied,
  labelsPermitted,
  purposesIn,
} from './policy.ts';
import type { ConsentFacts, Question } from './question.ts';

/** A question about one label, asked of one Consent. */
export interface Asked {
  question: Question;
  label: Label;
  facts: ConsentFacts;
  policy: ConsentPolicy;
}

/** Why a permit does not cover what is asked; undefined when it does. What is not said permits nothing more. */
export function notPermitted(provision: ConsentProvision, asked: Asked): string | undefined {
  const { question, label, facts } = asked;
  const { securityLabel, purpose } = provision;
  if (provision.modifierExtension?.length) return 'has a modifier that the hub does not know';
  if (!isNow(provision, asked, false)) return 'is not in its period';
  if (!discloses(provision)) return 'is not about access to information';
  if (securityLabel?.length && !securityLabel.some(({ code = '' }) => labelsPermitted(code).includes(label)))
    return `does not name ${label}`;
  if (purpose?.length && !purpose.some(({ code = '' }) => purposesIn(code).includes(question.purpose)))
    return `is not for the purpose ${question.purpose}`;
  const recipients = recipientsOf(provision, facts);
  if (recipients && !reaches(recipients, asked)) return 'does not reach this recipient';
  const disclosers = disclosersOf(provision, facts);
  if (disclosers && !mayDisclose(disclosers, asked)) return 'does not let this organization disclose';
  if (!isNarrowed(provision)) return undefined;
  if (!question.resource) return 'is about some resources only, not the record';
  return isAbout(provision, question.resource, asked.policy) ? undefined : 'is about other resources';
}

/** Whether a denial covers what is asked. Where it cannot be told, it does. */
export function isDenied(provision: ConsentProvision, asked: Asked): boolean {
  const { question, label, facts, policy } = asked;
  const { securityLabel, purpose } = provision;
  if (!isNow(provision, asked, true) || !discloses(provision)) return false;
  if (securityLabel?.length && !securityLabel.some(({ code = '' }) => labelsDenied(code).includes(label)))
    return false;
  if (purpose?.length && !purpose.some(({ code = '' }) => purposesIn(code).includes(question.purpose)))
    return false;
  const disclosers = disclosersOf(provision, facts);
  const { discloser, resource } = question;
  if (disclosers && discloser !== undefined && disclosers.designations.length === 0)
    if (!disclosers.organizations.includes(discloser)) return false;
  const recipients = recipientsOf(provision, facts);
  if (recipients && !reaches(recipients, asked) && !isNamed(provision, asked)) return false;
  return !resource || !isNarrowed(provision) || isAbout(provision, resource, policy);
}

/** @param unreadable the answer for a date that cannot be read */
function isNow({ period }: ConsentProvision, { question, policy }: Asked, unreadable: boolean): boolean {
  const start = period?.start === undefined ? { lo: -Infinity } : policy.readDate(period.start);
  const end = period?.end === undefined ? { hi: Infinity } : policy.readDate(period.end);
  if (!start || !end) return unreadable;
  return start.lo <= question.now && question.now <= end.hi;
}

const discloses = ({ action }: ConsentProvision): boolean =>
  !action?.length ||
  action.some(({ coding }) => coding?.some(({ code }) => disclosingActions.has(code ?? '')));

/** By name, or by a general designation that reaches this kind of recipient. */
function reaches({ organizations, designations }: Recipients, { question, policy }: Asked): boolean {
  const { organization, treats } = question.recipient;
  if (organization !== undefined && organizations.includes(organization)) return true;
  const kind = treats ? 'treating' : 'other';
  return designations.some(one => policy.designations[one]?.includes(kind));
}

const isNamed = (provision: ConsentProvision, { question, facts }: Asked): boolean =>
  question.recipient.organization !== undefined &&
  namedIn(provision, facts).includes(question.recipient.organization);

/**
 * An organization records what it discloses itself; who discloses in general, a holder of the record may record,
 * but not to open to itself what others hold.
 */
function mayDisclose({ organizations, designations }: Recipients, { question, facts }: Asked): boolean {
  const { discloser, recipient } = question;
  if (designations.length > 0 && recipient.organization !== facts.recorder) return true;
  return discloser === facts.recorder && organizations.includes(facts.recorder);
}

/** Whether `Consent.organization` lets the discloser asked for disclose, where no actor does. */
export const disclosesBySelf = ({ question, facts }: Asked): boolean =>
  question.discloser === facts.recorder &&
  (facts.consent.organization ?? []).some(({ reference = '' }) =>
    facts.organizations.get(reference)?.includes(facts.recorder),
  );
