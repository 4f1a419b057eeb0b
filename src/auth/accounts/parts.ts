import type { Clock } from '../../clock.ts';
import type { SendMail } from '../../exchange/mail.ts';
import type { Repository } from '../../fhir/repository.ts';
import type { Later } from '../../later.ts';
import type { AccountStore } from '../../store/accounts/types.ts';
import type { Seal } from '../sealing.ts';
import type { CookieNames } from './cookies.ts';
import type { PersonEvent } from './events.ts';

/** What the accounts of people are made of. */
export interface AccountParts {
  store: AccountStore;
  clock: Clock;
  /** The repository of the hub itself, which keeps the directory. */
  hub: Repository;
  /** Logical id of the hub's own Organization. */
  hubOrganization: string;
  /** Where people reach the hub, without a slash at the end. */
  baseUrl: string;
  sendMail: SendMail;
  /** Seals the secrets of second factors. */
  seal: Seal;
  /** Told of everything before the answer leaves. */
  record(event: PersonEvent): Promise<void>;
  /** Ends the tokens that apps hold for a person, of one organization or of all. */
  endTokens(account: string, organization?: string): Promise<void>;
  /** For what an answer does not wait for. */
  later: Later;
  cookies: CookieNames;
  /** Milliseconds. */
  session: { idle: number; longest: number };
  /** Whether everybody needs a second factor, or only the roles that say so. */
  secondFactor: 'everybody' | 'by-role';
  /** Whether anybody may look around as somebody fictional: never in production. */
  demo: boolean;
}
