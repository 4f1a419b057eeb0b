import type { Patient } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import type { HubError } from '../../../../errors.ts';
import { personName } from '../../../seen.ts';
import { mendable } from '../../../sign-in/desk.ts';
import { type FormValues, formValues } from '../../refer/form-values.ts';
import { type RoomContext, type RoomEnv, room, type Workspace } from '../../room.ts';
import { doneAt, show } from '../../show.tsx';
import { facilityZone } from '../facility.ts';
import { requireMay } from '../may.ts';
import { diagnosesOf, findDiagnoses, holdsDiagnoses } from './diagnoses.ts';
import { fieldMoment, zoneWords } from './moments.ts';
import { NewStayPage } from './new-page.tsx';
import { type StayFields, stayFields, stayIn } from './stay-form.ts';

/** A stay by hand. */
export function newStayRoutes({ parts, ...workspace }: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const path = '/patients/:patient/stays/new';
  const { terminology } = parts;
  app.use(path, room({ parts, ...workspace }), async (c, next) => {
    requireMay(c.var.room.actor, 'create', 'Encounter', 'recording stays');
    await next();
  });

  app.get(path, async c => {
    const { patient, zone } = await opened(c);
    const fields = { kind: 'psychiatric', admitted: fieldMoment(c.var.room.now, zone) };
    return newStayPage(c, { patient, zone, values: undefined, fields: { ...empty, ...fields } });
  });

  app.post(path, async c => {
    const { repository, now } = c.var.room;
    const [{ patient, zone }, values] = await Promise.all([opened(c), formValues(c)]);
    const fields = Object.fromEntries(stayFields.map(name => [name, values.one(name).trim()])) as StayFields;
    if (values.one('find') !== '') return newStayPage(c, { patient, zone, values, fields });
    try {
      const chosen = await diagnosesOf(terminology, values.all('diagnosis'));
      const place = { organization: repository.actor.organization, patient: patient.id, zone, now };
      await repository.write(stayIn(fields, chosen, place));
    } catch (error) {
      return newStayPage(c, { patient, zone, values, fields, problem: mendable(error) });
    }
    return doneAt(c, `/patients/${patient.id}`, 'stay');
  });

  async function newStayPage(c: RoomContext, { patient, zone, values, fields, problem }: Shown) {
    const { now, token } = c.var.room;
    const page = (
      <NewStayPage
        patient={patient}
        fields={fields}
        diagnoses={await diagnosesShown(values)}
        zone={zoneWords(zone, now)}
        token={token}
        problem={problem}
      />
    );
    return show(c, { title: 'Add a stay', problem, done }, page);
  }

  async function diagnosesShown(values: FormValues | undefined) {
    if (!(await holdsDiagnoses(terminology))) return undefined;
    const words = values?.one('words').trim() ?? '';
    const [chosen, { found, more }] = await Promise.all([
      diagnosesOf(terminology, values?.all('diagnosis') ?? []),
      findDiagnoses(terminology, words),
    ]);
    return { words, chosen, found, more };
  }

  return app;
}

const done = { registered: 'The person is registered. Now the stay, if they are in your care.' };

const empty: StayFields = { kind: '', admitted: '', ward: '', expected: '', reason: '' };

interface Shown {
  patient: { id: string; name: string };
  zone: string;
  values: FormValues | undefined;
  fields: StayFields;
  problem?: HubError;
}

async function opened(c: RoomContext): Promise<Pick<Shown, 'patient' | 'zone'>> {
  const { repository } = c.var.room;
  const [stored, zone] = await Promise.all([
    repository.read('Patient', c.req.param('patient') ?? ''),
    facilityZone(repository),
  ]);
  const name = personName(stored.resource() as Patient) ?? 'No name';
  return { patient: { id: stored.id, name }, zone };
}
