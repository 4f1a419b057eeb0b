import { Hono } from 'hono';
import { type Ability, roles, rolesFor } from '../../access/roles.ts';
import type { SignedInPerson } from '../../auth/people.ts';
import { HubError } from '../../errors.ts';
import { page } from '../page.ts';
import { type Env, fieldsOf, mendable, type PageContext, requirePerson } from './desk.ts';
import { PeoplePage } from './people-page.tsx';
import type { PeoplePages } from './routes.tsx';

const notices: Record<string, string> = {
  invited: 'The invitation is on its way.',
  suspended: 'Suspended: their sessions and tokens for this organization are ended.',
  resumed: 'They may sign in again.',
  role: 'The role is changed, from their next request on.',
};

const has = (person: SignedInPerson, ability: Ability): boolean =>
  roles[person.role].abilities.includes(ability);

/** The people of an organization, for its administrators; those of every one, for the network’s. */
export function peopleRoutes({
  people,
  hubOrganization,
  organizations,
  nameOf,
  who,
}: PeoplePages): Hono<Env> {
  const app = new Hono<Env>();
  const { management } = people;

  /** The organization that is meant: one’s own, unless one manages them all. */
  const meant = (c: PageContext, of: string | undefined): { person: SignedInPerson; id: string } => {
    const { person } = requirePerson(c);
    if (!has(person, 'manage-people'))
      throw new HubError(
        'forbidden',
        'Your role does not include managing people. See /roles for those that do.',
      );
    return { person, id: of && has(person, 'manage-network') ? of : person.organization };
  };

  const peoplePage = async (
    c: PageContext,
    of: string | undefined,
    how: { problem?: HubError; given?: Record<string, string> } = {},
  ) => {
    const { person, id } = meant(c, of);
    const [listed, name, header, all] = await Promise.all([
      management.list(person, id),
      nameOf(id),
      who(c),
      has(person, 'manage-network') ? organizations() : [],
    ]);
    const props = {
      organization: { id, name },
      organizations: all,
      people: listed,
      possible: rolesFor(id, hubOrganization),
      self: person.account,
      token: c.var.desk.token,
      notice: notices[c.req.query('notice') ?? ''],
    };
    return page(<PeoplePage who={header} {...props} {...how} />);
  };

  app.get('/people', async c => c.html(await peoplePage(c, c.req.query('of'))));

  const change = (
    path: string,
    notice: string,
    act: (person: SignedInPerson, id: string, fields: Record<string, string>) => Promise<unknown>,
  ) =>
    app.post(path, async c => {
      const fields = await fieldsOf(c);
      const { person, id } = meant(c, fields.of);
      try {
        await act(person, id, fields);
      } catch (error) {
        const problem = mendable(error);
        return c.html(await peoplePage(c, fields.of, { problem, given: fields }), problem.status as 400);
      }
      return c.redirect(`/people?notice=${notice}&of=${encodeURIComponent(id)}`, 303);
    });

  change('/people/invite', 'invited', (by, organization, { email = '', name = '', role = '' }) =>
    management.invite({ email, name, organization, role }, by),
  );
  change('/people/suspend', 'suspended', (by, organization, { account = '' }) =>
    management.suspend(account, by, organization),
  );
  change('/people/resume', 'resumed', (by, organization, { account = '' }) =>
    management.resume(account, by, organization),
  );
  change('/people/role', 'role', (by, organization, { account = '', role = '' }) =>
    management.changeRole(account, organization, role, by),
  );
  return app;
}
