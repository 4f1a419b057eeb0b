import type { Management } from '../../auth/accounts/management.ts';
import type { Clients } from '../../auth/clients.ts';

/** Whether an organization can answer by itself: a client that is not suspended, or a person who is. */
export const canAnswer =
  (clients: Pick<Clients, 'list'>, people: Pick<Management, 'list'>) =>
  async (organization: string): Promise<boolean> => {
    const registered = await clients.list();
    if (registered.some(one => one.organization === organization && !one.suspended)) return true;
    return (await people.list('operator', organization)).some(({ state }) => state === 'active');
  };
