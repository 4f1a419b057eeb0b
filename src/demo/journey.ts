import type { BotApi } from '../events/bot.ts';
import type { WriteOperation } from '../fhir/repository.ts';
import type { Moment } from './moments.ts';
import type { OrganizationId } from './organizations.ts';

/** What an organization sees when its turn comes: its own view of the hub, and the time it is then. */
export type View = Pick<BotApi, 'now' | 'read' | 'search'>;

/** One thing that one organization does at one moment: it looks, and writes as itself. */
export interface Step {
  when: Moment;
  as: OrganizationId;
  write(view: View): Promise<WriteOperation[]>;
}
