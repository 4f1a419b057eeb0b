import type { CodeableConcept, Coverage, Patient, ServiceRequest, Task, TaskInput } from '@medplum/fhirtypes';
import type { Need, Trait } from './candidate.ts';
import { routingSystem, tokens, words } from './codes.ts';
import { payersOf } from './payer.ts';
import { homesOf } from './place.ts';
import { serviceTypes } from './service-types.ts';

/** What the need of a referral is read from; organizations are logical ids. */
export interface NeedSources {
  request: ServiceRequest;
  task: Pick<Task, 'for' | 'input' | 'priority' | 'requester'>;
  patient: Patient | undefined;
  coverages: readonly Coverage[];
  source: string | undefined;
  /** The organizations that `ServiceRequest.performer` stands for. */
  preferred: readonly string[];
  asked: Need['asked'];
  refusals: Need['refusals'];
  /** Licences that the program asks of whoever serves. */
  licences: readonly Trait[];
  /** Whom the sender chose by hand. */
  chosen?: string | undefined;
}

/** Reads the need of a referral; `now` makes the age. */
export function needOf(sources: NeedSources, now: Date): Need {
  const { request, task, patient } = sources;
  const inputs = task.input ?? [];
  const traits = (kind: RoutingInput) =>
    inputsOf(inputs, kind).flatMap(input => traitOf(input.valueCodeableConcept));
  return {
    services: serviceTypes(request),
    age: ageIn(patient?.birthDate, now),
    homes: homesOf(patient?.address, now),
    payers: sources.coverages.filter(coverage => coverage.status === 'active').flatMap(payersOf),
    languages: languagesOf(patient),
    priority: task.priority ?? request.priority ?? 'routine',
    programs: programsOf(request),
    populations: tokens(...inputsOf(inputs, 'population').map(input => input.valueCodeableConcept)),
    requires: {
      access: traits('need'),
      levels: traits('level-of-care'),
      licences: traits('licence').length > 0 ? traits('licence') : [...sources.licences],
    },
    wishes: {
      preferred: [...sources.preferred],
      avoided: inputsOf(inputs, 'avoid')
        .map(input => input.valueReference?.reference?.split('/')[1])
        .filter(id => id !== undefined),
      characteristics: traits('wish'),
    },
    source: sources.source,
    asked: [...sources.asked],
    refusals: [...sources.refusals],
    ...(sources.chosen === undefined ? {} : { chosen: sources.chosen }),
  };
}

/** The programs that a request names among its categories. */
export function programsOf(request: ServiceRequest): Need['programs'] {
  return tokens(...(request.category ?? [])).filter(code => code.startsWith(`${routingSystem.program}|`));
}

/** The kinds of Task.input that are routing's own (terminology/routing-input.json). */
export type RoutingInput =
  | 'avoid'
  | 'wish'
  | 'need'
  | 'level-of-care'
  | 'licence'
  | 'population'
  | 'strategy'
  | 'offers-at-once'
  | 'choice'
  | 'choice-reason'
  | 'offered-service';

export function inputsOf(inputs: readonly TaskInput[], kind: RoutingInput): TaskInput[] {
  return inputs.filter(input => tokens(input.type).includes(`${routingSystem.input}|${kind}`));
}

/** Whether an input speaks to routing alone, and is nothing the organization asked has to read. */
export function isRoutingInput(input: TaskInput): boolean {
  return (input.type.coding ?? []).some(coding => coding.system === routingSystem.input);
}

function traitOf(trait: CodeableConcept | undefined): Trait[] {
  const [first] = tokens(trait);
  return first ? [{ token: first, words: words(trait) ?? first }] : [];
}

/** Completed years on the day of `now`; a birth date of a year or month alone counts from its first day. */
export function ageIn(birthDate: string | undefined, now: Date): number | undefined {
  if (!birthDate) {
    return undefined;
  }
  const [year = Number.NaN, month = 1, day = 1] = birthDate.split('-').map(Number);
  const years = now.getUTCFullYear() - year;
  const reached = [now.getUTCMonth() + 1, now.getUTCDate()];
  const birthdayPassed = (reached[0] ?? 0) > month || (reached[0] === month && (reached[1] ?? 0) >= day);
  const age = birthdayPassed ? years : years - 1;
  return age >= 0 ? age : undefined;
}

function languagesOf(patient: Patient | undefined): string[] {
  const spoken = [...(patient?.communication ?? [])].sort(
    (a, b) => Number(b.preferred ?? false) - Number(a.preferred ?? false),
  );
  const codes = spoken.flatMap(({ language }) => (language.coding ?? []).map(coding => coding.code));
  return [...new Set(codes.filter(code => code !== undefined).map(code => code.toLowerCase()))];
}
