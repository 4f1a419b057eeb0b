import { Hono } from 'hono';
import { requireAbility } from '../../../../access/abilities.ts';
import { HubError } from '../../../../errors.ts';
import { breakGlass } from '../../../../fhir/operations/break-glass.ts';
import { fieldsOf, mendable } from '../../../sign-in/desk.ts';
import { type Room, type RoomContext, type RoomEnv, room, type Workspace } from '../../room.ts';
import { doneAt, show } from '../../show.tsx';
import { type EmergencyFields, EmergencyPage, emergencyFields, emergencyPath } from './page.tsx';

/** Emergency access by a form: the operation `$break-glass`, and nothing beside it. */
export function emergencyRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const { parts } = workspace;
  app.use(emergencyPath, room(workspace), async (c, next) => {
    requireAbility(c.var.room.actor, 'break-glass');
    await next();
  });

  const emergencyPage = (c: RoomContext, fields: EmergencyFields, problem?: HubError) =>
    show(
      c,
      { title: 'Emergency access', problem },
      <EmergencyPage
        fields={fields}
        hours={parts.privacy.emergencyHours}
        token={c.var.room.token}
        problem={problem}
      />,
    );

  app.get(emergencyPath, c => emergencyPage(c, fieldsIn({ patient: c.req.query('patient') ?? '' })));

  app.post(emergencyPath, async c => {
    const fields = fieldsIn(await fieldsOf(c));
    try {
      const patient = await opened(fields, c.var.room, workspace);
      return doneAt(c, `/patients/${patient}`, 'emergency');
    } catch (error) {
      return emergencyPage(c, fields, inWords(mendable(error)));
    }
  });
  return app;
}

const fieldsIn = (sent: Readonly<Record<string, string>>): EmergencyFields =>
  Object.fromEntries(emergencyFields.map(name => [name, (sent[name] ?? '').trim()])) as EmergencyFields;

/** The id of the person whose record is open now. */
async function opened(
  { patient, name, birthdate, purpose, reason }: EmergencyFields,
  { repository }: Room,
  { parts }: Workspace,
): Promise<string> {
  const problems = [
    ...(purpose ? [] : [{ expression: 'purpose', text: 'Say what for.' }]),
    ...(reason.length < 10 ? [{ expression: 'reason', text: 'Say in a sentence why you need it now.' }] : []),
    ...(patient || name ? [] : [{ expression: 'name', text: 'Say who is meant.' }]),
    ...(patient || birthdate ? [] : [{ expression: 'birthdate', text: 'Say the date of birth.' }]),
  ];
  if (problems.length > 0) throw new HubError('invalid', problems);
  const query = new URLSearchParams(patient ? { purpose, reason } : { purpose, reason, name, birthdate });
  const answer = await breakGlass.run({
    parts,
    repository,
    type: 'Patient',
    ...(patient ? { id: patient } : {}),
    query,
  });
  const told =
    answer.kind === 'resource' && answer.resource.resourceType === 'Parameters' ? answer.resource : undefined;
  const found = told?.parameter?.find(one => one.name === 'patient')?.valueReference?.reference;
  const id = found?.split('/')[1];
  if (!id) throw new Error('emergency access answers with the person');
  return id;
}

/** Where nobody or several fit the hub says no more: neither may whoever asks learn who is in it. */
const inWords = (problem: HubError): HubError =>
  problem.kind === 'not-found'
    ? new HubError(
        'not-found',
        'This does not lead to one person. Nothing was opened. Look at the spelling and the date of birth.',
      )
    : problem;
