import type { HealthcareService, Organization, Resource } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { requireOwner } from '../../../access/writes.ts';
import { HubError } from '../../../errors.ts';
import { fieldsOf } from '../../sign-in/desk.ts';
import type { RoomContext, RoomEnv } from '../room.ts';
import { doneAt, show } from '../show.tsx';
import { ContactPage } from './contact-page.tsx';
import { withFields } from './edit.ts';
import { EditPage } from './edit-page.tsx';
import { type EntryFields, fieldsIn, fieldsOfEntry } from './entry-fields.ts';
import { keepsContact, keepsEntries, mendableHere } from './keeping.ts';
import { type ContactFields, contactFaults, contactOf, telecomWith } from './telecom.ts';

/** Where an organization's administrators correct what the directory says of it. */
export function keepingRoutes(): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();

  app.get('/directory/:id/edit', async c => {
    const { resource: service, version } = await ownResource<HealthcareService>(
      c,
      'HealthcareService',
      c.req.param('id'),
    );
    return editPage(c, fieldsOfEntry(service), version);
  });
  app.post('/directory/:id/edit', async c => {
    const id = c.req.param('id');
    const { resource: service } = await ownResource<HealthcareService>(c, 'HealthcareService', id);
    const form = await c.req.parseBody({ all: true });
    const fields = fieldsIn(textsOf(form));
    const version = textsOf(form).version?.[0] ?? '';
    try {
      const resource = withFields(service, fields, c.var.room.now.toISOString().slice(0, 10));
      await c.var.room.repository.write([
        { kind: 'update', type: 'HealthcareService', id, resource, ifMatch: `W/"${version}"` },
      ]);
    } catch (error) {
      return editPage(c, fields, version, mendableHere(error));
    }
    return doneAt(c, `/directory/${id}`, 'saved');
  });

  app.get('/directory/own/contact', async c => {
    const { resource, version } = await ownResource<Organization>(c, 'Organization', ownId(c));
    return contactPage(c, contactOf(resource.telecom), version);
  });
  app.post('/directory/own/contact', async c => {
    const id = ownId(c);
    const { resource: organization } = await ownResource<Organization>(c, 'Organization', id);
    const { phone = '', email = '', version = '' } = await fieldsOf(c);
    const fields = { phone: phone.trim(), email: email.trim() };
    try {
      const faults = contactFaults(fields);
      if (faults.length > 0) throw new HubError('invalid', faults);
      const { telecom: before, ...kept } = organization;
      const telecom = telecomWith(before, fields);
      const resource: Organization = { ...kept, ...(telecom.length > 0 ? { telecom } : {}) };
      await c.var.room.repository.write([
        { kind: 'update', type: 'Organization', id, resource, ifMatch: `W/"${version}"` },
      ]);
    } catch (error) {
      return contactPage(c, fields, version, mendableHere(error));
    }
    return doneAt(c, '/directory', 'contact');
  });

  function editPage(c: RoomContext, fields: EntryFields, version: string, problem?: HubError) {
    const id = c.req.param('id') ?? '';
    const { token } = c.var.room;
    return show(
      c,
      { title: 'Correct an entry', problem },
      <EditPage {...{ id, fields, version, token, problem }} />,
    );
  }

  function contactPage(c: RoomContext, fields: ContactFields, version: string, problem?: HubError) {
    const { token, organization } = c.var.room;
    return show(
      c,
      { title: 'How to reach us', problem },
      <ContactPage {...{ fields, version, organization, token, problem }} />,
    );
  }
  return app;
}

const ownId = (c: RoomContext): string => c.var.room.actor.organization;

/** What is to be corrected; HubError `forbidden` for who does not keep it. */
async function ownResource<R extends Resource>(
  c: RoomContext,
  type: R['resourceType'],
  id: string,
): Promise<{ resource: R; version: string }> {
  const { actor, repository } = c.var.room;
  if (!(type === 'Organization' ? keepsContact : keepsEntries)(c.var.room))
    throw new HubError(
      'forbidden',
      'Entries of the directory are kept by each organization: its services by who receives referrals and by administrators, the rest by administrators.',
    );
  const stored = await repository.read(type, id);
  requireOwner(actor, stored);
  return { resource: stored.resource() as R, version: stored.versionId };
}

type Body = Awaited<ReturnType<RoomContext['req']['parseBody']>>;

const textsOf = (form: Body | Record<string, unknown>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(form).map(([name, value]) => [
      name,
      [value].flat().filter((one): one is string => typeof one === 'string'),
    ]),
  );
