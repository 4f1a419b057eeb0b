import type { Reference, Task } from '@medplum/fhirtypes';
import strategyCodes from '../../../../terminology/routing-strategy.json' with { type: 'json' };
import type { WriteOperation } from '../../../fhir/repository.ts';
import { changed } from '../../../referral/routing/changed.ts';
import { concept, routingSystem } from '../../../referral/routing/codes.ts';
import { inputsOf, isRoutingInput } from '../../../referral/routing/need.ts';
import { choiceOf, type Strategy, strategyOf } from '../../../referral/routing/strategy.ts';
import { referencesOf, withInputs, without } from './wanted.ts';

/** A HealthcareService with its name and who is asked for it. */
export interface Place {
  /** Logical id of the HealthcareService. */
  id: string;
  name: string;
  /** Logical id of the Organization. */
  organization: string;
}

/** In which way places are asked. */
export type Way =
  /** The hub asks in the order of its ranking. */
  | { kind: 'cascade' }
  /** These are asked, all at once, and nobody else. */
  | { kind: 'these'; services: readonly Reference[] }
  /** The hub asks this one first, whatever the ranking says, and then the others in order. */
  | { kind: 'hand'; service: Reference; reason: string };

/** No more are asked at the same time. */
export const mostAtOnce = 3;

/** The draft, with the way that was chosen; it is kept as what the hub reads (docs/routing.md). */
export function withWay(task: Task, way: Way): Task {
  const chosen = way.kind === 'hand' ? way : undefined;
  const services = way.kind === 'these' ? way.services : [];
  const strategy = way.kind !== 'these' ? 'cascade' : services.length > 1 ? 'parallel' : 'direct';
  return withInputs(task, {
    strategy: [{ valueCodeableConcept: strategyConcept(strategy) }],
    'offered-service': services.map(valueReference => ({ valueReference })),
    choice: chosen ? [{ valueReference: chosen.service }] : [],
    'choice-reason': chosen ? [{ valueString: chosen.reason }] : [],
  });
}

function strategyConcept(strategy: Strategy) {
  const display = strategyCodes.concept.find(({ code }) => code === strategy)?.display ?? strategy;
  return concept(routingSystem.strategy, strategy, display);
}

/** The way that a draft was given; undefined where it was given none. */
export function wayOf(task: Pick<Task, 'input'>): Way | undefined {
  const services = referencesOf(task, 'offered-service');
  if (services.length > 0) return { kind: 'these', services };
  const choice = choiceOf(task);
  const [service] = referencesOf(task, 'choice');
  if (choice && service) return { kind: 'hand', service, reason: choice.reason };
  return strategyOf(task) ? { kind: 'cascade' } : undefined;
}

export const serviceReference = ({ id, name }: Pick<Place, 'id' | 'name'>): Reference => ({
  reference: `HealthcareService/${id}`,
  display: name,
});

/** Logical ids of what references name. */
export const idsOf = (references: readonly Reference[]): string[] =>
  references.flatMap(({ reference }) => reference?.split('/')[1] ?? []);

/**
 * What sends a draft. To the hub it is its own Task; places that are asked directly get a Task each, and the first
 * acceptance among them ends the others.
 *
 * @param organizations who is asked, by the id of the HealthcareService
 */
export function sendingOf(
  task: Task,
  way: Way,
  organizations: ReadonlyMap<string, string>,
): WriteOperation[] {
  if (way.kind !== 'these') return [write({ ...task, status: 'requested' })];
  const { id: _, meta: __, ...fresh } = task;
  return way.services.map((service, index) => {
    const [id = ''] = idsOf([service]);
    const of: Task = index === 0 ? task : fresh;
    return write(askedOf(of, service, organizations.get(id)));
  });
}

function askedOf(task: Task, service: Reference, organization: string | undefined): Task {
  if (organization === undefined) throw new Error(`nobody provides ${service.reference}`);
  const kept = (task.input ?? []).filter(one => !isRoutingInput(one));
  const [offered] = inputsOf(task.input ?? [], 'offered-service');
  return without({
    ...task,
    status: 'requested',
    owner: { reference: `Organization/${organization}` },
    // How it was routed is the sender's: whoever is asked reads for which service, and no more.
    input: offered ? [...kept, { type: offered.type, valueReference: service }] : kept,
  });
}

const write = (task: Task): WriteOperation =>
  task.id ? changed<Task>(task, {}) : { kind: 'create', resource: task };
