import type { CodeableConcept, Reference, ServiceRequest, Task, TaskInput } from '@medplum/fhirtypes';
import inputKinds from '../../../../terminology/routing-input.json' with { type: 'json' };
import type { Priority } from '../../../referral/lifecycle/due.ts';
import { concept, routingSystem, tokens } from '../../../referral/routing/codes.ts';
import { inputsOf, type RoutingInput } from '../../../referral/routing/need.ts';

/** What is asked for and how, as the form says it. */
export interface Wanted {
  need: CodeableConcept;
  /** The need in the sender's words; empty: as the code says it. */
  words: string;
  priority: Priority;
  /** `Condition/id`, of those that were shown. */
  reasons: readonly string[];
  shown: readonly string[];
  reasonText: string;
  /** For whoever is asked to read. */
  note: string;
  programs: readonly CodeableConcept[];
  wishes: readonly CodeableConcept[];
  musts: readonly CodeableConcept[];
  levels: readonly CodeableConcept[];
}

export interface Pair {
  request: ServiceRequest;
  task: Task;
}

/** The draft, as it is wanted now. */
export function withWanted({ request, task }: Pair, wanted: Wanted): Pair {
  const { need, words, priority, reasonText, note } = wanted;
  const notes = [...(note ? [{ ...request.note?.[0], text: note }] : []), ...(request.note ?? []).slice(1)];
  const others = (request.reasonReference ?? []).filter(
    ({ reference = '' }) => !wanted.shown.includes(reference),
  );
  return {
    request: without({
      ...request,
      priority,
      code: words ? { ...need, text: words } : need,
      category: [...otherCategories(request), ...socialCategory(need), ...wanted.programs],
      reasonCode: reasonText ? [{ text: reasonText }] : [],
      reasonReference: [...others, ...wanted.reasons.map(reference => ({ reference }))],
      note: notes,
    }),
    task: withInputs(
      { ...task, priority },
      {
        wish: wanted.wishes.map(valueCodeableConcept => ({ valueCodeableConcept })),
        need: wanted.musts.map(valueCodeableConcept => ({ valueCodeableConcept })),
        'level-of-care': wanted.levels.map(valueCodeableConcept => ({ valueCodeableConcept })),
      },
    ),
  };
}

/** What is not chosen here stays. */
const otherCategories = ({ category = [] }: ServiceRequest): CodeableConcept[] =>
  category.filter(
    one =>
      !tokens(one).some(
        code => code.startsWith(`${routingSystem.program}|`) || code.startsWith(`${routingSystem.gravity}|`),
      ),
  );

/** A social need is its own category, by which Gravity's clients look for it. */
const socialCategory = (need: CodeableConcept): CodeableConcept[] => {
  const coding = socialCodings(need);
  return coding.length > 0 ? [{ coding }] : [];
};

const socialCodings = ({ coding = [] }: CodeableConcept) =>
  coding.filter(({ system }) => system === routingSystem.gravity);

/**
 * A new draft with what goes along of itself. Who helps with a need of everyday life rarely has to know of the
 * illness or the stay: the sender may attach them, and otherwise they stay out.
 */
export function atFirst({ request, task }: Pair): Pair {
  if (socialCodings(request.code ?? {}).length === 0) return { request, task };
  return { request: without({ ...request, reasonReference: [], supportingInfo: [] }), task };
}

type Values = Partial<Record<RoutingInput, readonly Omit<TaskInput, 'type'>[]>>;

/** The Task with these values of these kinds of input, in the place of those that it had. */
export function withInputs(task: Task, values: Values): Task {
  const kinds = Object.keys(values) as RoutingInput[];
  const replaced = new Set(kinds.flatMap(kind => inputsOf(task.input ?? [], kind)));
  const input = [
    ...(task.input ?? []).filter(one => !replaced.has(one)),
    ...kinds.flatMap(kind => (values[kind] ?? []).map(value => ({ type: inputType(kind), ...value }))),
  ];
  return without({ ...task, input });
}

function inputType(kind: RoutingInput): CodeableConcept {
  const display = inputKinds.concept.find(({ code }) => code === kind)?.display ?? kind;
  return concept(routingSystem.input, kind, display);
}

/** FHIR has no empty lists. */
export function without<R extends object>(resource: R): R {
  const kept = Object.entries(resource).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return Object.fromEntries(kept) as R;
}

/** The concepts of one kind of input. */
export const conceptsOf = ({ input = [] }: Pick<Task, 'input'>, kind: RoutingInput): CodeableConcept[] =>
  inputsOf(input, kind).flatMap(one => one.valueCodeableConcept ?? []);

/** The references of one kind of input. */
export const referencesOf = ({ input = [] }: Pick<Task, 'input'>, kind: RoutingInput): Reference[] =>
  inputsOf(input, kind).flatMap(one => one.valueReference ?? []);
