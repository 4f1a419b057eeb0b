import type { Organization, Parameters } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { may } from '../../../../access/abilities.ts';
import { allows } from '../../../../access/actor.ts';
import { HubError } from '../../../../errors.ts';
import { completeness } from '../../../../fhir/operations/completeness.ts';
import type { Parts } from '../../../../fhir/parts.ts';
import { type Room, type RoomEnv, room, type Workspace } from '../../room.ts';
import { show } from '../../show.tsx';
import { facilityZone } from '../facility.ts';
import { requireMay } from '../may.ts';
import { consentWords, withoutConsent } from './consents.ts';
import { type Person, personOf } from './gather.ts';
import { NotHere } from './not-here.tsx';
import { openedUntil } from './opened.ts';
import { PersonPage } from './page.tsx';

/** The page of one person. */
export function personRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const { parts } = workspace;
  app.use('/patients/:patient', room(workspace));
  app.get('/patients/:patient', async c => {
    const { repository, actor, now } = c.var.room;
    requireMay(actor, 'search', 'Patient', 'seeing people');
    const id = c.req.param('patient');
    const [person, zone] = await Promise.all([personOf(repository, id), facilityZone(repository)]);
    if (!person) {
      const emergency = may(actor, 'break-glass');
      const problem = new HubError('not-found', 'There is nobody at this address.');
      return show(c, { title: 'Not found', problem }, <NotHere patient={id} emergency={emergency} />);
    }
    const policy = parts.privacy.consents;
    const { patient, keeper, get } = person;
    const foreign = keeper !== actor.organization && may(actor, 'break-glass');
    const [lacking, until] = await Promise.all([
      completenessOf(person, c.var.room, parts),
      foreign ? openedUntil(repository, id, now) : undefined,
    ]);
    const consents =
      person.consents &&
      consentWords(person.consents, {
        patient: patient.id ?? '',
        keeper,
        now,
        policy,
        get: get<Organization>,
      });
    return show(
      c,
      { title: 'Person', done },
      <PersonPage
        person={person}
        consents={consents}
        withoutConsent={withoutConsent(policy)}
        completeness={lacking}
        openedUntil={until}
        may={{
          refer: allows(actor, 'create', 'ServiceRequest'),
          stay: allows(actor, 'create', 'Encounter') && keeper === actor.organization,
          disclosures: may(actor, 'list-disclosures'),
        }}
        reader={actor.organization}
        now={now}
        zone={zone}
      />,
    );
  });
  return app;
}

const done = {
  registered: 'The person is registered.',
  stay: 'The stay is saved.',
  day: 'The expected discharge is changed.',
  discharged: 'The discharge is recorded.',
  emergency:
    'The record is open to your organization for a limited time. The organization that keeps it was told.',
};

/** Of the case that the reader's organization carries; undefined where it carries none. */
async function completenessOf({ episodes }: Person, { repository }: Room, parts: Parts) {
  const [episode] = episodes;
  if (!episode?.id) return undefined;
  const call = { parts, repository, type: 'EpisodeOfCare', id: episode.id, query: new URLSearchParams() };
  try {
    const { kind, ...answer } = await completeness.run(call);
    return kind === 'resource' && 'resource' in answer ? (answer.resource as Parameters) : undefined;
  } catch (error) {
    // A network may have taken away the list of what a case should have: then nothing is said of it.
    if (error instanceof HubError && error.kind === 'not-found') return undefined;
    throw error;
  }
}
