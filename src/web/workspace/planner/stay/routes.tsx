import type { Coding, Encounter, Patient } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { lasts, plannedEndOf } from '../../../../care/follow-up/stay.ts';
import { HubError } from '../../../../errors.ts';
import type { Stored } from '../../../../fhir/repository.ts';
import type { Terminology } from '../../../../fhir/terminology/terminology.ts';
import { personName } from '../../../seen.ts';
import { fieldsOf, mendable } from '../../../sign-in/desk.ts';
import { type RoomContext, type RoomEnv, room, type Workspace } from '../../room.ts';
import { doneAt, show } from '../../show.tsx';
import { facilityZone } from '../facility.ts';
import { requireMay } from '../may.ts';
import { dispositions } from './dispositions.ts';
import { discharged, withExpected } from './leave.ts';
import { fieldMoment, zoneWords } from './moments.ts';
import { type LeaveFields, StayPage } from './page.tsx';

/** One stay: another expected discharge, and the discharge. */
export function stayRoutes({ parts, ...workspace }: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const base = '/patients/:patient/stays/:stay';
  app.use(`${base}/*`, room({ parts, ...workspace }), async (c, next) => {
    requireMay(c.var.room.actor, 'update', 'Encounter', 'recording stays');
    await next();
  });

  app.get(base, async c => stayPage(c, parts.terminology, await opened(c)));

  const change = (
    action: 'expected' | 'discharge',
    become: (stay: Encounter, fields: LeaveFields, c: RoomContext & { zone: string }) => Promise<Encounter>,
    done: (patient: string) => { path: string; code: string },
  ) =>
    app.post(`${base}/${action}`, async c => {
      const [open, sent] = await Promise.all([opened(c), fieldsOf(c)]);
      const fields = leaveFields(sent);
      try {
        const after = await become(open.stay, fields, Object.assign(c, { zone: open.zone }));
        const ifMatch = `W/"${sent.version ?? open.stored.versionId}"`;
        await c.var.room.repository.write([
          { kind: 'update', type: 'Encounter', id: open.stored.id, resource: after, ifMatch },
        ]);
      } catch (error) {
        return stayPage(c, parts.terminology, open, { fields, problem: changedMeanwhile(error) });
      }
      const { path, code } = done(open.patient.id);
      return doneAt(c, path, code);
    });

  change(
    'expected',
    async (stay, { expected }, { zone }) => withExpected(stay, expected, zone),
    patient => ({ path: `/patients/${patient}`, code: 'day' }),
  );
  change(
    'discharge',
    async (stay, { left, disposition }, c) => {
      const known = await dispositions(parts.terminology);
      const chosen = known.find(({ code }) => code === disposition);
      return discharged(stay, { left, disposition: chosen }, { zone: c.zone, now: c.var.room.now });
    },
    patient => ({ path: `/patients/${patient}`, code: 'discharged' }),
  );
  return app;
}

interface Opened {
  patient: { id: string; name: string };
  stay: Encounter;
  stored: Stored;
  zone: string;
}

/** The stay of the address. One that another organization has recorded is theirs to change. */
async function opened(c: RoomContext): Promise<Opened> {
  const { repository, actor } = c.var.room;
  const [person, stored, zone] = await Promise.all([
    repository.read('Patient', c.req.param('patient') ?? ''),
    repository.read('Encounter', c.req.param('stay') ?? ''),
    facilityZone(repository),
  ]);
  const stay = stored.resource() as Encounter;
  if (stay.subject?.reference !== `Patient/${person.id}`)
    throw new HubError('not-found', 'This person has no such stay.');
  if (stored.source !== actor.organization)
    throw new HubError('forbidden', 'Another organization has recorded this stay: it is theirs to change.');
  const name = personName(person.resource() as Patient) ?? 'No name';
  return { patient: { id: person.id, name }, stay, stored, zone };
}

const leaveFields = (sent: Readonly<Record<string, string>>): LeaveFields => ({
  expected: sent.expected ?? '',
  left: sent.left ?? '',
  disposition: sent.disposition ?? '',
});

async function stayPage(
  c: RoomContext,
  terminology: Terminology,
  { patient, stay, stored, zone }: Opened,
  again?: { fields: LeaveFields; problem: HubError },
) {
  const { now, token } = c.var.room;
  const begin = {
    expected: plannedEndOf(stay)?.slice(0, 10) ?? '',
    left: fieldMoment(now, zone),
    disposition: '',
  };
  const given = again?.fields;
  const page = (
    <StayPage
      patient={patient}
      stay={stay}
      version={stored.versionId}
      lasts={lasts(stay)}
      fields={{
        expected: given?.expected || begin.expected,
        left: given?.left || begin.left,
        disposition: given?.disposition ?? '',
      }}
      dispositions={(await dispositions(terminology)).map(optionOf)}
      zone={{ name: zone, words: zoneWords(zone, now) }}
      token={token}
      problem={again?.problem}
    />
  );
  return show(c, { title: 'Stay', problem: again?.problem }, page);
}

const optionOf = ({ code = '', display = code }: Coding) => ({ value: code, label: display });

/** Who saved first has won: what they wrote is shown, and what was typed is kept. */
function changedMeanwhile(error: unknown): HubError {
  if (error instanceof HubError && error.kind === 'precondition-failed')
    return new HubError(
      'conflict',
      'Somebody else changed this stay in the meantime. You see it as it is now; nothing of yours was saved.',
    );
  return mendable(error);
}
