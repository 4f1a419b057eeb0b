import type { Resource } from '@medplum/fhirtypes';
import { HubError } from '../../src/errors.ts';
import type { Repository, SearchResult } from '../../src/fhir/repository.ts';
import { type ActorName, type Subject, subjects, typeOf } from './facts.ts';
import { changes, exists, finds, inScope, ownerOf, refersTo, selects } from './oracle.ts';
import type { World } from './world.ts';

/** One cell: an interaction of an actor with a subject, what the oracle expects and what the hub answers. */
export interface Question {
  interaction: string;
  actor: ActorName;
  subject: Subject;
  expected: string | boolean | number;
  ask(): Promise<string | boolean | number>;
}

/** Everything that is asked of one world in the name of one actor. Those that leave traces come last. */
export function questionsOf(world: World, actor: ActorName): Question[] {
  const by = world.as(actor);
  return [
    ...subjects.flatMap(subject => reading(world, actor, subject, by)),
    ...linking(world, actor, by),
    ...subjects.flatMap(subject => writing(world, actor, subject, by)),
  ];
}

type Ask = () => Promise<string | boolean | number>;

function reading(world: World, actor: ActorName, subject: Subject, by: Repository): Question[] {
  const type = typeOf[subject];
  const id = world.ids[subject];
  const seen = finds(subject, actor, world.facts, type);
  const read = !inScope(actor, type) ? 'forbidden' : seen ? 'found' : 'not-found';
  const cell = (interaction: string, expected: Question['expected'], ask: Ask): Question => ({
    interaction,
    actor,
    subject,
    expected,
    ask,
  });
  const among = (query: string) => () => found(by, type, query, id);
  const allowed = inScope(actor, type);
  const searched = allowed ? seen : 'forbidden';
  const cells = [
    cell('read', read, () => answer(() => by.read(type, id))),
    cell('vread', read, () => answer(() => by.vread(type, id, '1'))),
    cell('history of the instance', read, () =>
      answer(() => by.history({ type, id, query: new URLSearchParams() })),
    ),
    cell('search by id', searched, among(`_id=${id}`)),
    cell('count', allowed ? Number(seen) : 'forbidden', () => total(by, type, `_id=${id}&_summary=count`)),
    cell('total', allowed ? Number(seen) : 'forbidden', () => total(by, type, `_id=${id}&_total=accurate`)),
    cell('system search', allowed ? seen : false, () => found(by, undefined, `_type=${type}&_id=${id}`, id)),
  ];
  const token = tokenOf(subject, world);
  if (token) cells.push(cell('search by token', searched, among(token)));
  const labelled = world.facts.label !== 'none' && isLabelled(subject);
  if (labelled) {
    const query = `_id=${id}&_security=${world.facts.label}`;
    cells.push(cell('search by label', searched, among(query)));
  }
  if (subject !== 'entry' && subject !== 'patient') {
    const query = `patient=Patient/${world.ids.patient}`;
    // A reference to a person whom one may not see finds nothing, as one to nobody would.
    const both = seen && finds('patient', actor, world.facts, 'Patient');
    cells.push(cell('search by patient', allowed ? both : 'forbidden', among(query)));
  }
  return cells;
}

const isLabelled = (subject: Subject) =>
  ['attached', 'unattached', 'note', 'entry', 'copy', 'offer'].includes(subject);

function tokenOf(subject: Subject, { identifier }: World): string | undefined {
  if (subject === 'patient' || subject === 'entry' || subject === 'request')
    return `identifier=urn:matrix|${identifier}`;
  if (subject === 'copy' || subject === 'offer') return undefined;
  if (isLabelled(subject)) return `code=urn:matrix|${subject}-${identifier}`;
  return undefined;
}

/** Paths from one resource to another: both ends must be there for who walks them. */
function linking(world: World, actor: ActorName, by: Repository): Question[] {
  const { ids, identifier, facts } = world;
  const sees = (subject: Subject) => finds(subject, actor, facts, typeOf[subject]);
  const scoped = (type: string, expected: boolean) => (inScope(actor, type) ? expected : 'forbidden');
  const questions: Question[] = [];
  for (const subject of ['attached', 'unattached', 'note', 'task', 'request', 'copy', 'offer'] as const) {
    const [type, id] = [typeOf[subject], ids[subject]];
    const both = sees(subject) && sees('patient');
    const param = { task: 'patient', offer: 'patient' }[subject as string] ?? 'subject';
    const cell = (interaction: string, expected: Question['expected'], ask: Ask) =>
      questions.push({ interaction, actor, subject, expected, ask });
    const chain = `_id=${id}&${param}:Patient.identifier=urn:matrix|${identifier}`;
    cell('chain', scoped(type, both), () => found(by, type, chain, id));
    const has = `_id=${ids.patient}&_has:${type}:${param}:_id=${id}`;
    cell('_has', scoped('Patient', both), () => found(by, 'Patient', has, ids.patient));
    const include = `_id=${id}&_include=${type}:${param}`;
    cell('_include', scoped(type, both), () => found(by, type, include, ids.patient));
    const reverse = `_id=${ids.patient}&_revinclude=${type}:${param}`;
    cell('_revinclude', scoped('Patient', both), () => found(by, 'Patient', reverse, id));
    const sorted = `_id=${id}&_sort=-_lastUpdated`;
    cell('sort', scoped(type, sees(subject)), () => found(by, type, sorted, id));
  }
  return questions;
}

function writing(world: World, actor: ActorName, subject: Subject, by: Repository): Question[] {
  const { ids, identifier, facts } = world;
  const type = typeOf[subject];
  const id = ids[subject];
  const cell = (interaction: string, expected: Question['expected'], ask: Ask): Question => ({
    interaction,
    actor,
    subject,
    expected,
    ask,
  });
  const name = { reference: `${type}/${id}` };
  const basic = (of: object): Resource => ({
    resourceType: 'Basic',
    code: { text: 'x' },
    ...{ subject: of },
  });
  const cells = [
    cell('reference', refersTo(subject, actor, facts), () =>
      answer(() => by.write([{ kind: 'create', resource: basic(name) }]), 'done'),
    ),
    cell('reference inside a transaction', refersTo(subject, actor, facts), () =>
      answer(
        () =>
          by.write([
            { kind: 'create', resource: basic(name), fullUrl: 'urn:uuid:one' },
            { kind: 'create', resource: basic({ reference: 'urn:uuid:one' }) },
          ]),
        'done',
      ),
    ),
  ];
  if (subject === 'patient' || subject === 'entry') {
    const condition = { reference: `${type}?identifier=urn:matrix|${identifier}` };
    cells.push(
      cell('conditional reference', selects(subject, actor, facts), () =>
        answer(() => by.write([{ kind: 'create', resource: basic(condition) }]), 'done'),
      ),
    );
  }
  // The Task moves by the lifecycle for both its parties; the hub decides of its own Tasks alone.
  if ((subject === 'task' || subject === 'offer') && exists(subject, actor, facts)) return cells;
  const change: Resource = { ...bodyOf(world, subject), id } as Resource;
  cells.push(
    cell('update', changes('update', subject, actor, facts, type), async () => {
      const resource = ownerOf(subject, facts) === actor ? (await by.read(type, id)).resource() : change;
      return answer(() => by.write([{ kind: 'update', type, id, resource }]), 'done');
    }),
  );
  // What is always referred to stays when its owner deletes it; the rest would be gone for the other questions.
  if (ownerOf(subject, facts) === actor && !referredTo.includes(subject)) return cells;
  cells.push(
    cell('delete', changes('delete', subject, actor, facts, type), () =>
      answer(() => by.write([{ kind: 'delete', type, id }]), 'done'),
    ),
  );
  return cells;
}

const referredTo: readonly Subject[] = ['patient', 'request', 'attached', 'copy'];

/** A valid resource of the kind that says something else than the stored one. */
function bodyOf({ ids }: World, subject: Subject): object {
  const person = { reference: `Patient/${ids.patient}` };
  const request = { status: 'active', intent: 'order', subject: person };
  const bodies: Record<Subject, object> = {
    patient: { gender: 'other' },
    request,
    copy: request,
    attached: { subject: person },
    unattached: { subject: person },
    note: { status: 'final', code: { text: 'changed' }, subject: person },
    task: { status: 'requested', intent: 'order' },
    offer: { status: 'requested', intent: 'order' },
    output: { status: 'completed', subject: person },
    entry: { name: 'changed' },
  };
  return { resourceType: typeOf[subject], ...bodies[subject] };
}

async function found(by: Repository, type: string | undefined, query: string, id: string) {
  return result(by, type, query, ({ entries }) => entries.some(({ stored }) => stored.id === id));
}

const total = (by: Repository, type: string, query: string) =>
  result(by, type, query, page => page.total ?? -1);

async function result<T>(
  by: Repository,
  type: string | undefined,
  query: string,
  read: (page: SearchResult) => T,
): Promise<T | string> {
  try {
    return read(await by.search(type, new URLSearchParams(query)));
  } catch (error) {
    return kindOf(error);
  }
}

async function answer(act: () => Promise<unknown>, done = 'found'): Promise<string> {
  try {
    await act();
    return done;
  } catch (error) {
    return kindOf(error);
  }
}

/** What is no refusal is a fault of the hub, and shows as itself. */
function kindOf(error: unknown): string {
  if (error instanceof HubError) return error.kind;
  throw error;
}
