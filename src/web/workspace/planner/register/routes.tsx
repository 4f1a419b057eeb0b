import { Hono } from 'hono';
import { HubError } from '../../../../errors.ts';
import type { Candidate } from '../../../../fhir/operations/find-duplicates.ts';
import type { WriteOperation } from '../../../../fhir/repository.ts';
import { dateAt } from '../../../../referral/clocks/calendar.ts';
import { fieldsOf, mendable } from '../../../sign-in/desk.ts';
import { areasOf, hasArea } from '../../areas.ts';
import { type RoomContext, type RoomEnv, room, type Workspace } from '../../room.ts';
import { doneAt, show } from '../../show.tsx';
import { facilityZone } from '../facility.ts';
import { requireMay } from '../may.ts';
import { candidates } from './candidates.ts';
import { payers, recordNumbers } from './context.ts';
import { RegisterPage, registerPath } from './page.tsx';
import { type PersonFields, type PersonGiven, personFields, personIn } from './person-form.ts';

/** Registers people by hand; who may be there already is shown before anything is saved. */
export function registerRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const { baseUrl } = workspace.parts;
  app.use(registerPath, room(workspace), async (c, next) => {
    requireMay(c.var.room.actor, 'create', 'Patient', 'registering people');
    await next();
  });

  app.get(registerPath, c => registerPage(c, { fields: personFieldsIn({}) }));

  app.post(registerPath, async c => {
    const { repository, now } = c.var.room;
    const sent = await fieldsOf(c);
    const fields = personFieldsIn(sent);
    try {
      const [zone, system] = await Promise.all([
        facilityZone(repository),
        recordNumbers(repository, baseUrl),
      ]);
      const place = { organization: repository.actor.organization, system, today: dateAt(now, zone) };
      const given = personIn(fields, place);
      const matches = sent.somebody === 'new' ? [] : await candidates(given.patient, repository);
      if (matches.length > 0) return registerPage(c, { fields, matches });
      const id = await register(given, c);
      // Who plans discharges registers people who are on the ward.
      const stay = hasArea(c.var.room.person.role, leaving.path);
      return doneAt(c, stay ? `/patients/${id}/stays/new` : `/patients/${id}`, 'registered');
    } catch (error) {
      return registerPage(c, { fields, problem: atField(mendable(error)) });
    }
  });
  return app;
}

const leaving = { path: '/leaving', label: 'Leaving soon' };

interface Shown {
  fields: PersonFields;
  matches?: readonly Candidate[];
  problem?: HubError;
}

async function registerPage(c: RoomContext, { fields, matches = [], problem }: Shown) {
  const { repository, token, person } = c.var.room;
  const page = (
    <RegisterPage
      up={hasArea(person.role, leaving.path) ? leaving : areasOf(person.role)[0]}
      fields={fields}
      matches={matches}
      payers={await payers(repository)}
      token={token}
      problem={problem}
    />
  );
  return show(c, { title: 'Register a person', problem }, page);
}

const personFieldsIn = (sent: Readonly<Record<string, string>>): PersonFields =>
  Object.fromEntries(personFields.map(name => [name, (sent[name] ?? '').trim()])) as PersonFields;

const newPatient = 'urn:uuid:6c8a0d3c-6a5c-4f0e-9a63-0f8a7f5d2b10';

/** Writes the person, with who pays; answers the id. A record number is given once. */
async function register({ patient, coverage }: PersonGiven, c: RoomContext): Promise<string> {
  const { repository } = c.var.room;
  const operations: WriteOperation[] = [
    { kind: 'create', resource: patient, fullUrl: newPatient },
    ...(coverage ? [{ kind: 'create' as const, resource: coverage(newPatient) }] : []),
  ];
  const [identifier] = patient.identifier ?? [];
  const unless = identifier && {
    type: 'Patient',
    query: new URLSearchParams({
      identifier: `${identifier.system}|${escaped(identifier.value)}`,
    }).toString(),
  };
  const [written] = await repository.write(operations, unless ? { unless } : {});
  if (!written?.stored) throw new Error('a write that makes a person answers with the person');
  return written.stored.id;
}

const escaped = (value = ''): string => value.replace(/[\\,$|]/g, '\\$&');

/** That a number is taken is said where it was typed. */
const atField = (problem: HubError): HubError =>
  problem.kind === 'conflict'
    ? new HubError('conflict', {
        expression: 'identifier',
        text: 'Somebody with this record number is registered already. Nothing was saved: look for them, or correct the number.',
      })
    : problem;
