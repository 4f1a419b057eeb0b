import { Hono } from 'hono';
import { roles } from '../../access/roles.ts';
import type { Registration } from '../../auth/clients.ts';
import type { SignedInPerson } from '../../auth/people.ts';
import { HubError } from '../../errors.ts';
import { requestOf } from '../../http/request.ts';
import { page } from '../page.ts';
import { ClientsPage, waysToSignIn } from './clients-page.tsx';
import { type Env, fieldsOf, mendable, type PageContext, requirePerson } from './desk.ts';
import type { PeoplePages } from './routes.tsx';

type Fields = Readonly<Record<string, string>>;
type Shown = Partial<Pick<Parameters<typeof ClientsPage>[0], 'secret' | 'problem' | 'given'>>;

const notices: Record<string, string> = {
  registered: 'Registered.',
  suspended: 'Suspended: its tokens are void.',
  resumed: 'It may sign in again.',
};

/**
 * The systems and apps of the network, for its administrators: a client may see more than an organization's own
 * administrator does, so that these do not register any.
 */
export function clientsRoutes({ clients, record, organizations, who }: PeoplePages): Hono<Env> {
  const app = new Hono<Env>();

  const administrator = (c: PageContext): SignedInPerson => {
    const { person } = requirePerson(c);
    if (roles[person.role].abilities.includes('manage-network')) return person;
    throw new HubError(
      'forbidden',
      'Your role does not include managing systems and apps. See /roles for those that do.',
    );
  };

  const show = async (c: PageContext, shown: Shown = {}) => {
    administrator(c);
    const [listed, all, header] = await Promise.all([clients.list(), organizations(), who(c)]);
    const notice = notices[c.req.query('notice') ?? ''];
    const props = { clients: listed, organizations: all, token: c.var.desk.token, notice };
    return page(<ClientsPage who={header} {...props} {...shown} />);
  };

  /** Does something to a client, and tells the audit who did it for which organization. */
  const act = (
    path: string,
    interaction: string,
    work: (fields: Fields) => Promise<{ organization: string; secret?: Shown['secret']; notice: string }>,
  ) =>
    app.post(path, async c => {
      const person = administrator(c);
      const fields = await fieldsOf(c);
      try {
        const { organization, secret, notice } = await work(fields);
        await record({
          kind: 'account',
          outcome: 'success',
          interaction,
          agent: { kind: 'person', id: person.account, organization: person.organization },
          entities: [{ type: 'Organization', id: organization }],
          request: requestOf(c),
        });
        if (secret) return c.html(await show(c, { secret }));
        return c.redirect(`/clients?notice=${notice}`, 303);
      } catch (error) {
        const problem = mendable(error);
        return c.html(await show(c, { problem, given: fields }), problem.status as 400);
      }
    });

  app.get('/clients', async c => c.html(await show(c)));
  act('/clients/register', 'register-client', async fields => {
    const registration = registrationOf(fields);
    const { clientId, organization } = registration;
    if (!(await organizations()).some(({ id }) => id === organization))
      throw new HubError('invalid', {
        text: 'Choose an organization of the network.',
        expression: 'organization',
      });
    const { secret } = await clients.add(registration);
    return { organization, notice: 'registered', ...(secret ? { secret: { clientId, value: secret } } : {}) };
  });
  act('/clients/secret', 'rotate-client', async ({ client = '' }) => {
    const { organization } = await clients.get(client);
    const value = await clients.rotate(client);
    return { organization, notice: 'registered', secret: { clientId: client, value } };
  });
  act('/clients/suspend', 'suspend-client', async ({ client = '' }) => {
    await clients.suspend(client);
    return { organization: (await clients.get(client)).organization, notice: 'suspended' };
  });
  act('/clients/resume', 'resume-client', async ({ client = '' }) => {
    await clients.resume(client);
    return { organization: (await clients.get(client)).organization, notice: 'resumed' };
  });
  return app;
}

function registrationOf(fields: Fields): Registration {
  const { clientId = '', name = '', organization = '', scope = '', way = '' } = fields;
  if (!Object.hasOwn(waysToSignIn, way))
    throw new HubError('invalid', { text: 'Choose how it signs in.', expression: 'way' });
  const redirectUris = linesOf(fields.redirectUris);
  const launchUrl = fields.launchUrl?.trim();
  return {
    clientId: clientId.trim(),
    name: name.trim(),
    organization,
    scope: scope.trim(),
    ...(way === 'secret' ? { secret: true } : {}),
    ...(way === 'public' ? { public: true } : {}),
    ...(way === 'keys' ? keysOf(fields) : {}),
    ...(redirectUris.length > 0 ? { redirectUris } : {}),
    ...(launchUrl ? { launchUrl } : {}),
  };
}

const linesOf = (text = ''): string[] =>
  text
    .split(/\s+/)
    .map(line => line.trim())
    .filter(Boolean);

/** Their content is judged where clients are registered. */
function keysOf({ jwks = '', jwksUri = '' }: Fields): Pick<Registration, 'jwks' | 'jwksUri'> {
  if (jwks.trim() === '') {
    if (jwksUri.trim() === '')
      throw new HubError('invalid', {
        text: 'Give the address of its keys, or the keys.',
        expression: 'jwksUri',
      });
    return { jwksUri: jwksUri.trim() };
  }
  try {
    return {
      jwks: JSON.parse(jwks) as NonNullable<Registration['jwks']>,
      ...(jwksUri.trim() ? { jwksUri: jwksUri.trim() } : {}),
    };
  } catch {
    throw new HubError('invalid', { text: 'This is not JSON: {"keys": [ … ]}.', expression: 'jwks' });
  }
}
