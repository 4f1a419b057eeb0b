import type { HealthcareService } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import type { HubError } from '../../../errors.ts';
import { findDuplicates } from '../../../fhir/operations/find-duplicates.ts';
import { mendable } from '../../sign-in/desk.ts';
import type { RoomContext, RoomEnv, Workspace } from '../room.ts';
import { doneAt, show } from '../show.tsx';
import { askedOf } from './asked.ts';
import type { Draft } from './draft.ts';
import { drafted } from './drafted.ts';
import { packetOf } from './packet.ts';
import { SendPage } from './send-page.tsx';
import { stepPath } from './steps.tsx';
import { sendingOf, type Way, wayOf } from './way.ts';

/** The last look, and the sending. */
export function sendRoutes({ parts }: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();

  app.get('/refer/:id/send', c =>
    drafted({ parts }, async (context, draft) => {
      const way = wayOf(draft.task);
      return way ? sendPage(context, draft, way) : toPlaces(context, draft);
    })(c),
  );

  app.post('/refer/:id/send', c =>
    drafted({ parts }, async (context, draft, { repository }) => {
      const way = wayOf(draft.task);
      if (!way) return toPlaces(context, draft);
      const { services } = await packetNow(context, draft, way);
      try {
        const results = await repository.write(sendingOf(draft.task, way, organizationsOf(services)));
        return doneAt(context, `/referrals/${results[0]?.stored?.id ?? draft.task.id}`, 'sent');
      } catch (error) {
        return sendPage(context, draft, way, mendable(error));
      }
    })(c),
  );

  async function packetNow(c: RoomContext, draft: Draft, way: Way) {
    const source = { parts, repository: c.var.room.repository };
    const { ids, names } = await askedOf(source, draft, way);
    return { ...(await packetOf(source, draft, ids)), names };
  }

  async function sendPage(c: RoomContext, draft: Draft, way: Way, problem?: HubError): Promise<Response> {
    const { repository, token } = c.var.room;
    const [packet, duplicates] = await Promise.all([
      packetNow(c, draft, way),
      findDuplicates(draft.request, draft.patient, repository),
    ]);
    const props = { ...draft, way, packet, duplicates, token, problem, next: packet.names };
    return show(c, { title: 'Refer: send', problem }, <SendPage {...props} />);
  }

  return app;
}

const toPlaces = (c: RoomContext, { request }: Draft): Response =>
  c.redirect(stepPath(request.id ?? '', 'places'), 303);

/** Who provides each service, by its id. */
const organizationsOf = (services: readonly HealthcareService[]): Map<string, string> =>
  new Map(
    services.flatMap(({ id, providedBy }) => {
      const organization = providedBy?.reference?.split('/')[1];
      return id && organization ? [[id, organization]] : [];
    }),
  );
