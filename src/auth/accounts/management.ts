import { randomUUID } from 'node:crypto';
import { isRole, type Role, roles, rolesFor } from '../../access/roles.ts';
import { HubError, type Problem } from '../../errors.ts';
import type { StoredAccount } from '../../store/accounts/types.ts';
import type { SignedInPerson } from '../people.ts';
import type { MailedLinks } from './links.ts';
import { mails } from './mails.ts';
import type { AccountParts } from './parts.ts';
import { normalEmail } from './password-sign-in.ts';
import { organizationName, writeStaff } from './staff-entry.ts';
import type { Post } from './visitor.ts';

/** Who manages: somebody whose role includes it, or the operator on the command line. */
export type Manager = SignedInPerson | 'operator';

export interface Invitation {
  email: string;
  name: string;
  /** Logical id. */
  organization: string;
  role: string;
}

export interface Invited {
  account: string;
  /** The page where they choose a password; absent for who has one already. */
  link?: string;
}

/** One line of the list of people: what somebody is to one organization. */
export interface Listing {
  account: string;
  name: string;
  email: string;
  organization: string;
  role: Role;
  /** `invited`: no password is chosen yet. */
  state: 'invited' | 'active' | 'suspended';
  secondFactor: boolean;
}

export interface Management {
  /**
   * Makes the account, or adds what an existing one is to another organization, writes it into the directory and
   * sends a mail; who has not accepted yet is sent a new link. Without `mail` the caller hands the link over.
   * HubError: `invalid` with every fault, `conflict` for who is there already, `forbidden`, `unavailable` for a mail
   * that was not taken.
   */
  invite(invitation: Invitation, by: Manager, how?: { mail: boolean }): Promise<Invited>;
  /** By name; of one organization or of all. */
  list(by: Manager, organization?: string): Promise<Listing[]>;
  /**
   * From the next request on nobody acts as this account: for one organization, or at all. Sessions and tokens end.
   * Only the operator and who manages the network suspend for all organizations.
   */
  suspend(account: string, by: Manager, organization?: string): Promise<void>;
  resume(account: string, by: Manager, organization?: string): Promise<void>;
  changeRole(account: string, organization: string, role: string, by: Manager): Promise<void>;
  /** For who has lost the app and the recovery codes: they set up a new one at the next sign-in. Only the operator. */
  resetSecondFactor(account: string): Promise<void>;
  /** The id of the account with the address. HubError `not-found`. */
  accountOf(email: string): Promise<string>;
}

export function createManagement(parts: AccountParts, links: MailedLinks): Management {
  const { store, clock, hub, record } = parts;

  async function accountFor({ email, name }: Invitation): Promise<StoredAccount> {
    const account: StoredAccount = {
      id: randomUUID(),
      email: normalEmail(email),
      name: name.trim(),
      practitioner: randomUUID(),
      password: null,
      totp: null,
      suspended: false,
      created: clock.now().getTime(),
    };
    if (await store.add(account)) return account;
    const known = await store.byEmail(account.email);
    if (!known) throw new HubError('unavailable', 'The account was changed at the same moment: try again.');
    return known;
  }

  async function changeState(
    what: 'suspend' | 'resume',
    account: string,
    by: Manager,
    organization: string | undefined,
  ) {
    requireManages(by, organization);
    const known = await store.byId(account);
    const posts = known ? await store.memberships(account) : [];
    if (!known || (organization !== undefined && !posts.some(one => one.organization === organization)))
      throw notHere();
    if (by !== 'operator' && by.account === account)
      throw new HubError('conflict', 'Nobody suspends themselves: ask another administrator.');
    const suspended = what === 'suspend';
    if (organization === undefined) await store.suspend(account, suspended);
    else await store.suspendMembership(account, organization, suspended);
    if (suspended) await parts.endTokens(account, organization);
    await record({
      what,
      done: true,
      account,
      practitioner: known.practitioner,
      organization,
      by: whoOf(by),
    });
  }

  return {
    async invite(invitation, by, { mail } = { mail: true }) {
      const { organization } = invitation;
      requireManages(by, organization);
      const role = requireInvitation(invitation, parts.hubOrganization);
      const called = await organizationName(hub, organization);
      const account = await accountFor(invitation);
      const posts = await store.memberships(account.id);
      const there = posts.some(one => one.organization === organization);
      if (account.suspended || (there && account.password !== null)) throw thereAlready(account.suspended);
      const { id, practitioner, name } = account;
      const practitionerRole = await writeStaff(hub, { name, practitioner, organization, role });
      await store.putMembership({ account: id, organization, practitionerRole, role });
      await record({ what: 'invite', done: true, account: id, practitioner, organization, by: whoOf(by) });
      const link = account.password === null ? await links.make(id, 'invitation') : undefined;
      if (mail) {
        const signIn = `${parts.baseUrl}/sign-in`;
        await parts.sendMail(
          link ? mails.invitation(account, called, link) : mails.added(account, called, signIn),
        );
      }
      return { account: id, ...(link ? { link } : {}) };
    },
    async list(by, organization) {
      requireManages(by, organization);
      const listed = await store.list(organization);
      return listed.flatMap(({ account, membership }) =>
        isRole(membership.role) ? [listing(account, { ...membership, role: membership.role })] : [],
      );
    },
    suspend: (account, by, organization) => changeState('suspend', account, by, organization),
    resume: (account, by, organization) => changeState('resume', account, by, organization),
    async changeRole(account, organization, wanted, by) {
      requireManages(by, organization);
      const role = requireRole(wanted, organization, parts.hubOrganization);
      const known = await store.byId(account);
      const post = (await store.memberships(account)).find(one => one.organization === organization);
      if (!known || !post) throw notHere();
      if (by !== 'operator' && by.account === account)
        throw new HubError('conflict', 'Nobody changes their own role: ask another administrator.');
      const { name, practitioner } = known;
      const practitionerRole = await writeStaff(hub, { name, practitioner, organization, role });
      await store.putMembership({ account, organization, practitionerRole, role });
      await parts.endTokens(account, organization);
      await record({ what: 'change-role', done: true, account, practitioner, organization, by: whoOf(by) });
    },
    async resetSecondFactor(account) {
      await store.setFactor(account, null, []);
      await store.endSessions(account);
      await parts.endTokens(account);
      await record({ what: 'change-second-factor', done: true, account, by: 'operator' });
    },
    async accountOf(email) {
      const account = await store.byEmail(normalEmail(email));
      if (account) return account.id;
      throw new HubError('not-found', 'There is no account with this e-mail address: see hub person list.');
    },
  };
}

function requireManages(by: Manager, organization: string | undefined): void {
  if (by === 'operator') return;
  const { abilities } = roles[by.role];
  if (abilities.includes('manage-network')) return;
  if (abilities.includes('manage-people') && organization === by.organization) return;
  throw new HubError(
    'forbidden',
    'Your role does not include managing these people. See /roles for those that do.',
  );
}

function requireInvitation(invitation: Invitation, hubOrganization: string): Role {
  const { email, name, organization, role } = invitation;
  const faults: Problem[] = [];
  if (!/^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,190}$/.test(normalEmail(email)))
    faults.push({ text: 'Give an e-mail address, such as name@hospital.example', expression: 'email' });
  if (!/^[^\p{C}]{2,100}$/u.test(name.trim()))
    faults.push({ text: 'Give the name by which others know the person', expression: 'name' });
  if (faults.length > 0) throw new HubError('invalid', faults);
  return requireRole(role, organization, hubOrganization);
}

function requireRole(role: string, organization: string, hubOrganization: string): Role {
  const possible = rolesFor(organization, hubOrganization);
  if (isRole(role) && possible.includes(role)) return role;
  throw new HubError('invalid', {
    text: `The role in this organization is one of: ${possible.join(', ')}`,
    expression: 'role',
  });
}

const listing = (account: StoredAccount, { organization, role, suspended }: Post): Listing => ({
  account: account.id,
  name: account.name,
  email: account.email,
  organization,
  role,
  state: account.suspended || suspended ? 'suspended' : account.password === null ? 'invited' : 'active',
  secondFactor: account.totp !== null,
});

const whoOf = (by: Manager) =>
  by === 'operator' ? by : { account: by.account, organization: by.organization };

const notHere = (): HubError =>
  new HubError('not-found', 'There is nobody of this account in the organization.');

const thereAlready = (suspended: boolean): HubError =>
  new HubError('conflict', {
    text: suspended
      ? 'This account is suspended: resume it first.'
      : 'This person is in the organization already: change their role instead.',
    expression: 'email',
  });
