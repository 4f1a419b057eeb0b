import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Actor } from '../access/actor.ts';
import { actorOf } from '../access/roles.ts';
import type { Authorization } from '../auth/authorization.ts';
import type { People } from '../auth/people.ts';
import type { LaunchContext } from '../auth/smart/launch-context.ts';
import { HubError } from '../errors.ts';
import { createRepository } from '../fhir/create-repository.ts';
import type { Parts } from '../fhir/parts.ts';
import { readJson } from './body.ts';
import { requestOf } from './request.ts';

export interface LaunchRoutes {
  parts: Parts;
  people: People;
  authorization: Pick<Authorization, 'authenticate' | 'launches'>;
}

const longest = 64 * 1024;

/**
 * Starts a SMART EHR launch of an app: by an EHR's backend, with its token, or by a page of the hub, for who is signed
 * in. The request names the app (`client`) and what it is told: `patient`, `encounter`, `intent`,
 * `need_patient_banner`, `fhirContext`. Only what the caller may see can be named.
 */
export function launchRoutes({
  parts,
  people,
  authorization,
}: LaunchRoutes): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.post('/', async c => {
    if (c.req.header('authorization') === undefined && isForm(c)) return launchForPerson(c);
    const actor = await authorization.authenticate(c.req.header('authorization'));
    const request = await readJson(c, longest, ['application/json']);
    const { launch, url, expiresIn } = await start(c, actor, request);
    return c.json({ launch, launch_url: url, iss: parts.baseUrl, expires_in: expiresIn }, 201);
  });

  async function launchForPerson(c: Context): Promise<Response> {
    const origin = c.req.header('origin');
    if (origin !== new URL(parts.baseUrl).origin)
      throw new HubError('forbidden', 'This form was not sent from a page of the hub, so nothing was done.');
    const person = await people.fromCookie(c.req.header('cookie'));
    if (!person) throw new HubError('unauthorized', 'Sign in first.');
    const fields = await c.req.parseBody();
    const { url } = await start(c, actorOf(person), fields);
    return c.redirect(url, 303);
  }

  async function start(c: Context, actor: Actor, request: unknown) {
    const repository = createRepository(parts, actor, requestOf(c));
    for (const reference of referencesIn(request)) {
      const [type = '', id = ''] = reference.split('/');
      await repository.read(type, id);
    }
    return authorization.launches.start(actor.organization, request);
  }
  return app;
}

const isForm = (c: Context): boolean =>
  (c.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');

/** What the launch names; a request that is not well-formed is refused as such later. */
function referencesIn(request: unknown): string[] {
  const { patient, encounter, fhirContext } = (request ?? {}) as Partial<
    Record<keyof LaunchContext, unknown>
  >;
  const further = Array.isArray(fhirContext) ? fhirContext.map(one => one?.reference) : [];
  return [
    ...(typeof patient === 'string' ? [`Patient/${patient}`] : []),
    ...(typeof encounter === 'string' ? [`Encounter/${encounter}`] : []),
    ...further.filter(one => typeof one === 'string'),
  ];
}
