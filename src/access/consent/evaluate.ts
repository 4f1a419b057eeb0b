import type { Label } from '../labels.ts';
import { decide, type Saying, strongest } from './decide.ts';
import type { ConsentPolicy } from './policy.ts';
import type { ConsentFacts, Decision, Question } from './question.ts';

/**
 * May these labels be shown? One decision for each label asked. A denial of any consent in force wins over all
 * permits; without a permit nothing is shown, except what the policy leaves open to who treats the person.
 * https://hl7.org/fhir/R4/consent.html
 */
export function evaluate(
  consents: readonly ConsentFacts[],
  question: Question,
  policy: ConsentPolicy,
): Decision[] {
  const ordered = consents.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return question.labels.map(label => decideLabel(label, ordered, question, policy));
}

const nameOf = ({ consent }: ConsentFacts): string => `Consent/${consent.id}`;

function decideLabel(
  label: Label,
  consents: readonly ConsentFacts[],
  question: Question,
  policy: ConsentPolicy,
): Decision {
  const sayings = consents.map(facts => ({
    ...decide({ question, label, facts, policy }),
    consent: nameOf(facts),
  }));
  const decisive = strongest(sayings) as (Saying & { consent: string }) | undefined;
  const recipient = question.recipient.organization
    ? `Organization/${question.recipient.organization}`
    : 'an organization that no consent names';
  if (decisive && decisive.says !== 'silent') {
    const { consent, says, until } = decisive;
    const verb = says === 'permit' ? 'permits' : 'denies';
    const because = `${consent} ${verb} that ${recipient} sees ${label} for ${question.purpose}${says === 'permit' ? lasting(until) : ''}.`;
    return { label, decision: says, until: until ?? null, because, consent };
  }
  if (policy.needs[label] === 'treating' && question.recipient.treats) {
    const because = `${recipient} treats the person, and here ${label} is open to who does.`;
    return { label, decision: 'permit', until: null, because };
  }
  const reasons = sayings.map(({ consent, because }) => `${consent}: ${because}`);
  const because = reasons.length
    ? `No consent permits that ${recipient} sees ${label}. ${reasons.join('. ')}.`
    : `There is no consent, and ${label} needs one.`;
  return { label, decision: 'deny', until: null, because };
}

const lasting = (until: number | null): string =>
  until === null ? '' : `, until ${new Date(until).toISOString()}`;
