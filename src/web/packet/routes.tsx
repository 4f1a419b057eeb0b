import type { Bundle } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { actorOf } from '../../access/roles.ts';
import { createRepository } from '../../fhir/create-repository.ts';
import { packetOf } from '../../fhir/operations/packet.ts';
import type { Parts } from '../../fhir/parts.ts';
import { requestOf } from '../../http/request.ts';
import { page } from '../page.ts';
import { type Env, type PageContext, requirePerson } from '../sign-in/desk.ts';
import type { PeoplePages } from '../sign-in/routes.tsx';
import { printed } from './blocks.ts';
import { PacketPage } from './page.tsx';
import { printPacket } from './print.ts';

/**
 * What is sent with a referral, for people who are signed in: `:request` is the id of its ServiceRequest. It is the
 * document of `ServiceRequest/$packet` as that person may see it, and is recorded as read by them.
 */
export function packetRoutes(parts: Parts, { who }: Pick<PeoplePages, 'who'>): Hono<Env> {
  const app = new Hono<Env>();
  const documentFor = (c: PageContext, id: string): Promise<Bundle> => {
    const { person } = requirePerson(c);
    return packetOf({ parts, repository: createRepository(parts, actorOf(person), requestOf(c)), id });
  };

  app.get('/referrals/:request/packet', async c => {
    const id = c.req.param('request');
    const packet = printed(await documentFor(c, id));
    return c.html(
      page(<PacketPage who={await who(c)} packet={packet} pdf={`/referrals/${id}/packet.pdf`} />),
    );
  });

  app.get('/referrals/:request/packet.pdf', async c => {
    const document = await documentFor(c, c.req.param('request'));
    const { body, headers } = await printPacket(document, 'application/pdf');
    return c.body(body, 200, headers);
  });
  return app;
}
