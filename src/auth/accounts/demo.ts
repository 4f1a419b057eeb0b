import { randomUUID } from 'node:crypto';
import type { Role } from '../../access/roles.ts';
import type { StoredAccount } from '../../store/accounts/types.ts';
import { randomSecret } from '../secrets.ts';
import type { AccountParts } from './parts.ts';
import { hashPassword } from './passwords.ts';
import type { Origin, Sessions } from './sessions.ts';
import { writeStaff } from './staff-entry.ts';
import { postsOf } from './visitor.ts';

const given: Record<Role, string> = {
  'discharge-planner': 'Robin',
  intake: 'Casey',
  'case-manager': 'Jordan',
  supervisor: 'Morgan',
  'utilization-reviewer': 'Avery',
  'organization-administrator': 'Quinn',
  'network-administrator': 'Emerson',
  auditor: 'Rowan',
};

/** Signs somebody fictional in, without a password and a second factor. Where there is real data it is not there. */
export type DemoSignIn = (organization: string, role: Role, from: Origin) => Promise<string | undefined>;

/** The people of the demo network, each made when somebody first looks around as them. */
export function createDemoSignIn(parts: AccountParts, sessions: Sessions): DemoSignIn {
  const { store, clock, hub, record } = parts;

  async function accountOf(organization: string, role: Role): Promise<StoredAccount> {
    const email = `${role}@${organization}.alder-county.example`;
    const known = await store.byEmail(email);
    const account = known ?? {
      id: randomUUID(),
      email,
      name: `${given[role]} ${familyName(organization)}`,
      practitioner: `demo-${organization}-${role}`,
      password: await hashPassword(randomSecret()),
      totp: null,
      suspended: false,
      created: clock.now().getTime(),
    };
    if (known || (await store.add(account))) return account;
    return (await store.byEmail(email)) ?? account;
  }

  return async (organization, role, from) => {
    const account = await accountOf(organization, role);
    const { id, practitioner, name } = account;
    const there = await store.memberships(id);
    if (there.length === 0) {
      const practitionerRole = await writeStaff(hub, { name, practitioner, organization, role });
      await store.putMembership({ account: id, organization, practitionerRole, role });
    }
    const posts = postsOf(await store.memberships(id));
    const may = !account.suspended && posts.length > 0;
    await record({ what: 'password', done: may, account: id, address: from.address });
    return may ? sessions.begin(account, posts, from, { factor: true }) : undefined;
  };
}

const families = [
  'Alder',
  'Birch',
  'Cedar',
  'Dogwood',
  'Elm',
  'Fir',
  'Gingko',
  'Hazel',
  'Juniper',
  'Larch',
  'Maple',
];

const familyName = (organization: string): string =>
  families[
    [...organization].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % families.length
  ] ?? 'Alder';
