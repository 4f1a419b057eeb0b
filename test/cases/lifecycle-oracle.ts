import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import type { ReferralWorld } from '../harness/referral-world.ts';
import { type CaseState, type StateName, states } from './lifecycle.ts';
import { type Ask, asks } from './lifecycle-asks.ts';
import { legal } from './lifecycle-legal.ts';

/** What the tests know of the world without asking the code that is tested. */
export interface View {
  world: ReferralWorld;
  request: string;
}

export const tasksOf = ({ world }: View): Task[] => world.tasks();
export const idOf = (reference: string | undefined): string => reference?.split('/')[1] ?? '';
export const rootsOf = (view: View): Task[] => tasksOf(view).filter(task => !task.partOf);
export const childrenOf = (view: View, root: Task): Task[] =>
  tasksOf(view).filter(task => idOf(task.partOf?.[0]?.reference) === root.id);
export const terminal = (task: Task) =>
  ['rejected', 'cancelled', 'failed', 'completed', 'entered-in-error'].includes(task.status);
export const working = (task: Task) => ['accepted', 'in-progress', 'on-hold'].includes(task.status);
export const codeOf = (task: Task): string | undefined => task.businessStatus?.coding?.[0]?.code;
export const requestOf = ({ world, request }: View): ServiceRequest =>
  world.read(`ServiceRequest/${request}`);
export const hubs = (view: View, task: Task): boolean => idOf(task.owner?.reference) === view.world.hub;

/** The name of a Task's state in the table of cases; a mirrored step counts as being at work. */
export function nameOf(task: Task): StateName {
  const prior = task.extension?.find(one => one.url.endsWith('/prior-step'));
  if (task.status === 'requested') return task.owner ? 'requested' : 'unowned';
  if (task.status === 'cancelled' && codeOf(task) === '6.0') return prior ? 'cut' : 'cancelled';
  if (task.status === 'on-hold') return 'resting';
  const found = (Object.keys(states) as StateName[]).find(name => {
    const state: CaseState = states[name];
    return state.status === task.status && (state.step === undefined || state.step === codeOf(task));
  });
  return found ?? 'started';
}

/** What must come of an ask, by the table alone: `asked` a change of state, and the one it leads to, or a refusal. */
export function expected(
  view: View,
  task: Task,
  actor: string,
  ask: Ask,
): { asked: boolean; to?: StateName } {
  const name = nameOf(task);
  const { status = task.status, businessStatus }: Partial<Task> = asks[ask];
  const sameStatus = status === task.status || (status === 'received' && task.status === 'requested');
  const finer = { scheduleInOurWords: '5.1.1', question: '2.0', questionAtWork: 'in-progress' } as const;
  const isFiner = ask in finer && codeOf(task) === finer[ask as keyof typeof finer];
  const sameStep = !businessStatus || isFiner || businessStatus.coding?.[0]?.code === codeOf(task);
  const late = name === 'cut' && ask === 'complete';
  if ((sameStatus && sameStep) || late) return { asked: false };
  // An outcome that is there already will do.
  const meant = ask === 'completeWithout' && name !== 'cut' && task.output?.length ? 'complete' : ask;
  const to = allowed(view, task, actor, name, meant);
  return { asked: true, ...(to ? { to } : {}) };
}

function allowed(view: View, task: Task, actor: string, name: StateName, ask: Ask): StateName | undefined {
  const source = task.partOf ? view.world.hub : 'source';
  const owner = idOf(task.owner?.reference);
  if (actor === view.world.hub && owner === actor) return byHubBelowSource(view, task, name, ask);
  if (actor === view.world.hub && ['requested', 'unowned'].includes(name) && ask === 'cancel')
    return 'cancelled';
  if (actor === source) return bySource(view, task, name, ask);
  if (actor === owner && name !== 'draft') return byTarget(task, name, ask);
  return name === 'unowned' && ask === 'accept' ? 'accepted' : undefined;
}

/** The hub as the receiver of the sender's Task: it takes it or gives it back, the rest follows from below. */
function byHubBelowSource(view: View, task: Task, name: StateName, ask: Ask): StateName | undefined {
  if (name === 'requested' && ask === 'cancel') return 'cancelled';
  if (ask === 'questionAtWork') return undefined;
  const to = legal[name].target[ask];
  if (to === undefined || to === name) return to;
  if (!['accepted', 'rejected', 'failed', 'withdrawn'].includes(to)) return undefined;
  return childrenOf(view, task).some(working) ? undefined : to;
}

function bySource(view: View, task: Task, name: StateName, ask: Ask): StateName | undefined {
  const to = legal[name].source[ask];
  if (name === 'draft' && to === 'requested') return maySend(view, task) ? to : undefined;
  // Nobody at work below: the hub confirms a cancellation at once.
  if (to === 'leaving' && hubs(view, task) && !childrenOf(view, task).some(working)) return 'cancelled';
  return to;
}

function byTarget(task: Task, name: StateName, ask: Ask): StateName | undefined {
  if (name !== 'resting') return legal[name].target[ask] === 'resting' ? 'resting' : legal[name].target[ask];
  const prior = task.extension?.find(one => one.url.endsWith('/prior-step'))?.valueCodeableConcept
    ?.coding?.[0]?.code;
  const back =
    ({ '5.1.1': 'scheduled', '5.1.2': 'missed', '5.1.3': 'visitCancelled', '5.1.4': 'visited' } as const)[
      prior ?? ''
    ] ?? 'started';
  const says: Partial<Record<Ask, StateName>> = {
    start: back,
    questionAtWork: 'started',
    schedule: 'scheduled',
    scheduleInOurWords: 'scheduled',
    missVisit: 'missed',
    cancelVisit: 'visitCancelled',
    recordVisit: 'visited',
  };
  if (says[ask]) return says[ask] === back ? back : undefined;
  return legal.resting.target[ask];
}

/** One request: active, nobody at work on it, at most three asked. */
export function maySend(view: View, self?: Task): boolean {
  const peers = rootsOf(view).filter(
    task => task.id !== self?.id && idOf(task.focus?.reference) === view.request,
  );
  const { status } = requestOf(view);
  return (
    (status === 'active' || status === 'draft') &&
    !peers.some(working) &&
    peers.filter(one => one.status === 'requested').length < 3
  );
}
