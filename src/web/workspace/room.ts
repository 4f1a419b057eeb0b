import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Child } from 'hono/jsx';
import type { Logger } from 'pino';
import type { Actor } from '../../access/actor.ts';
import { actorOf, roles } from '../../access/roles.ts';
import type { SignedInPerson } from '../../auth/people.ts';
import { HubError } from '../../errors.ts';
import type { BotDesk } from '../../events/bot-desk.ts';
import type { Parked } from '../../events/parked.ts';
import { createRepository } from '../../fhir/create-repository.ts';
import type { Parts } from '../../fhir/parts.ts';
import type { Repository } from '../../fhir/repository.ts';
import { requestOf } from '../../http/request.ts';
import type { FeedCursor } from '../../store/types.ts';
import { type Env, requirePerson } from '../sign-in/desk.ts';
import type { PeoplePages } from '../sign-in/routes.tsx';
import { hasArea } from './areas.ts';

/** What operators do beside reading and writing resources. */
export interface Operations {
  bots: BotDesk;
  parked: Parked;
}

/** What the pages of the workspace are made of. */
export interface Workspace {
  parts: Parts;
  pages: PeoplePages;
  operations: Operations;
  log: Pick<Logger, 'error'>;
  /** The largest file that is taken, in bytes. */
  maxDocument: number;
}

/** One request of somebody who is signed in: what they may reach, and how their page is shown. */
export interface Room {
  person: SignedInPerson;
  actor: Actor;
  /** The only door to the data: what it shows is what the person's role and organization may see. */
  repository: Repository;
  /** What the organization they act for is called. */
  organization: string;
  now: Date;
  /** IANA name of where they sit, as their browser said; until it has, where the network counts due times. */
  zone: string;
  /** For the forms of the page. */
  token: string;
  /** What stands above the page. */
  who: Child;
  /** How far everything was when the page was begun: what comes after, it has yet to hear of. */
  place: FeedCursor | null;
}

export type RoomEnv = { Variables: Env['Variables'] & { room: Room } };
export type RoomContext = Context<RoomEnv>;

/** Lets in who is signed in and has this part of the workspace (`areas.ts`); others are told why not. */
export function room({ parts, pages }: Workspace, area?: string): MiddlewareHandler<RoomEnv> {
  return async (c, next) => {
    const { person } = requirePerson(c);
    if (area !== undefined && !hasArea(person.role, area)) throw notInRole(person);
    const actor = actorOf(person);
    // Before anything is read: what happens meanwhile is told rather than missed.
    const place = await parts.store.feed.head();
    const [organization, who] = await Promise.all([pages.nameOf(person.organization), pages.who(c)]);
    c.set('room', {
      person,
      actor,
      repository: createRepository(parts, actor, requestOf(c)),
      organization,
      now: parts.clock.now(),
      zone: zoneIn(getCookie(c, zoneCookie)) ?? parts.rulePacks.due.timeZone,
      token: c.var.desk.token,
      who,
      place,
    });
    await next();
  };
}

const notInRole = ({ role }: SignedInPerson): HubError =>
  new HubError(
    'forbidden',
    `This page is not part of the role ${roles[role].title}. What each role may do is at /roles.`,
  );

const zoneCookie = 'zone';

/** Where the browser says that it is, if that is a time zone. */
function zoneIn(text: string | undefined): string | undefined {
  if (text === undefined || !/^[A-Za-z0-9_+\-/]{1,64}$/.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
