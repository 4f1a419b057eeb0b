import type { Communication, ContactPoint, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Repository } from '../../fhir/repository.ts';
import type { AccountStore } from '../../store/accounts/types.ts';
import type { Mail } from '../mail.ts';

/** The mail of a notice: where to look, and nothing of what is there. */
export async function noticeMail(
  hub: Repository,
  notice: string,
  { now, baseUrl, accounts }: { now: Date; baseUrl: string; accounts: Pick<AccountStore, 'list'> },
): Promise<{ mail: Mail; sent(): Promise<void> } | undefined> {
  const communication = await readIfThere<Communication>(hub, `Communication/${notice}`);
  if (communication?.status !== 'preparation') return undefined;
  const to = await addressOf(hub, communication.recipient?.[0]?.reference, accounts);
  if (to === undefined) return undefined;
  const text = `Something is waiting for you in Warm Handoff.\n\nSign in to see it: ${baseUrl}/\n\nThis message says nothing more on purpose. You get it because you asked to be told; say otherwise under “My account”, or to your organization's administrator.\n`;
  return {
    mail: { to, subject: 'Something is waiting for you', text },
    async sent() {
      const resource: Communication = { ...communication, status: 'completed', sent: now.toISOString() };
      await hub.write([{ kind: 'update', type: 'Communication', id: notice, resource }], {
        purpose: 'deliver',
      });
    },
  };
}

/**
 * Of the account, which the directory does not show; of who has none that of the role, else of the person. Who is
 * suspended is not written to.
 */
async function addressOf(
  hub: Repository,
  reference: string | undefined,
  accounts: Pick<AccountStore, 'list'>,
): Promise<string | undefined> {
  const role = await readIfThere<PractitionerRole>(hub, reference ?? '');
  if (!role || role.active === false) return undefined;
  const listed = await accounts.list(role.organization?.reference?.split('/')[1]);
  const own = listed.find(({ membership }) => membership.practitionerRole === role.id);
  if (own) return own.account.suspended || own.membership.suspended ? undefined : own.account.email;
  const listedThere = mailOf(role.telecom);
  if (listedThere) return listedThere;
  const person = await readIfThere<Practitioner>(hub, role.practitioner?.reference ?? '');
  return mailOf(person?.telecom);
}

const mailOf = (telecom: readonly ContactPoint[] = []): string | undefined =>
  telecom.find(({ system, use }) => system === 'email' && use !== 'old')?.value;

async function readIfThere<R>(hub: Repository, reference: string): Promise<R | undefined> {
  const [type = '', id = ''] = reference.split('/');
  if (!type || !id) return undefined;
  try {
    return (await hub.read(type, id)).resource() as R;
  } catch (error) {
    if (error instanceof HubError && ['not-found', 'gone'].includes(error.kind)) return undefined;
    throw error;
  }
}
