import type { Clock } from '../../clock.ts';
import type { Records } from '../../store/store.ts';
import { personOf } from '../smart/account-id.ts';
import { createGrants } from '../smart/grants.ts';

/** Ends what a person has allowed apps, with all tokens: in the name of one organization, or of every one. */
export function tokenEnder(
  records: Records,
  clock: Clock,
): (account: string, organization?: string) => Promise<void> {
  const grants = createGrants(records, clock);
  return async (account, organization) => {
    for (const { id, value } of await records.list('grant', clock.now().getTime())) {
      const { accountId } = value as { accountId?: unknown };
      if (typeof accountId !== 'string') continue;
      const person = personOf(accountId);
      const meant = organization === undefined || organization === person.organization;
      if (person.account === account && meant) await grants.end(id);
    }
  };
}
