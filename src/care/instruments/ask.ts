import type {
  EpisodeOfCare,
  PractitionerRole,
  QuestionnaireResponse,
  Reference,
  Task,
} from '@medplum/fhirtypes';
import { canonical, system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { Change, RuleContext } from '../../fhir/write/rules.ts';
import { type Calendar, after as later } from '../../referral/clocks/calendar.ts';
import { type AskedTask, scoringPack } from './scoring.ts';

const taskSystem = `${canonical}/CodeSystem/case-task`;

/** Tasks that answers ask for, each once; those that no longer hold are called off, unless somebody has begun. */
export async function askFor(
  kinds: readonly string[],
  response: QuestionnaireResponse & { id: string },
  change: Change,
  context: RuleContext & { times: Calendar },
): Promise<WriteOperation[]> {
  const focus = `QuestionnaireResponse/${response.id}`;
  const there = change.before ? await context.referring<Task>('Task', 'focus', focus) : [];
  const made = there.filter(task => kindOf(task) !== undefined);
  const fresh = kinds.filter(
    kind => !made.some(task => kindOf(task) === kind && task.status !== 'cancelled'),
  );
  const over = made.filter(task => task.status === 'requested' && !kinds.includes(kindOf(task) ?? ''));
  const owner = fresh.length ? await responsible(response, change.source, context) : undefined;
  return [
    ...fresh.flatMap(kind =>
      owner ? [taskFor(kind, owner, response, { change, now: context.now, times: context.times })] : [],
    ),
    ...over.map(calledOff),
  ];
}

const kindOf = ({ code }: Task): string | undefined =>
  code?.coding?.find(
    one => one.system === taskSystem && one.code !== undefined && one.code in scoringPack.tasks,
  )?.code;

function taskFor(
  kind: string,
  owner: Reference,
  response: QuestionnaireResponse & { id: string },
  { change, now, times }: { change: Change; now: Date; times: Calendar },
): WriteOperation {
  const asked = scoringPack.tasks[kind] as AskedTask | undefined;
  if (!asked) throw new Error(`instrument-scoring has no task ${kind}`);
  const resource: Task = {
    resourceType: 'Task',
    ...(response.meta?.security ? { meta: { security: response.meta.security } } : {}),
    status: 'requested',
    intent: 'order',
    priority: asked.priority,
    code: { coding: [{ system: taskSystem, code: kind }] },
    description: asked.description,
    focus: { reference: `QuestionnaireResponse/${response.id}` },
    ...(response.subject ? { for: response.subject } : {}),
    authoredOn: now.toISOString(),
    owner: owner as NonNullable<Task['owner']>,
    restriction: { period: { end: later(now, asked.within, times).toISOString() } },
  };
  return { kind: 'create', resource, inNameOf: change.source };
}

function calledOff(task: Task): WriteOperation {
  const statusReason = { text: 'The answers were changed: it is no longer asked for.' };
  const resource: Task = { ...task, status: 'cancelled', statusReason };
  return { kind: 'update', type: 'Task', id: task.id ?? '', resource };
}

const open: readonly string[] = ['planned', 'waitlist', 'active', 'onhold'];

/** Who sees to it: the case manager; else who asked the questions; else a supervisor; else the organization. */
async function responsible(
  { subject, author }: QuestionnaireResponse,
  organization: string,
  context: RuleContext,
): Promise<Reference> {
  const itself = `Organization/${organization}`;
  const episodes = subject?.reference
    ? await context.referring<EpisodeOfCare>('EpisodeOfCare', 'patient', subject.reference)
    : [];
  const own = episodes.find(
    one => one.careManager && open.includes(one.status) && one.managingOrganization?.reference === itself,
  );
  if (own?.careManager) return own.careManager;
  if (isPerson(author)) return author;
  const roles = await context.referring<PractitionerRole>('PractitionerRole', 'organization', itself);
  const supervisor = roles.find(role => role.active !== false && isSupervisor(role));
  return { reference: supervisor ? `PractitionerRole/${supervisor.id}` : itself };
}

const isPerson = (reference: Reference | undefined): reference is Reference =>
  /^Practitioner(Role)?\//.test(reference?.reference ?? '');

const isSupervisor = ({ code }: PractitionerRole): boolean =>
  (code ?? []).some(({ coding }) =>
    coding?.some(one => one.system === system.personRole && one.code === 'supervisor'),
  );
