import type { Task } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { Audit } from '../../audit/audit.ts';
import type { AuditEntry, AuditRequest } from '../../audit/entry.ts';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Repository } from '../../fhir/repository.ts';
import { type Answer, answered } from './answer.ts';
import type { Confirmations } from './confirmation.ts';
import type { GuessWatch } from './guessing.ts';
import type { Contact, Link, LinkState } from './link.ts';
import type { Asker, Directory } from './link-access.ts';
import type { Links } from './links.ts';
import { type ReferralView, readView } from './referral-view.ts';

/** What a browser comes with. */
export interface Visit {
  token: string;
  /** The secret of a browser that has confirmed a contact. */
  browser: string | undefined;
  request: AuditRequest;
}

export type Opened =
  /** `wait`: seconds, 0 unless too many wrong ones came from there. */
  | { state: 'unknown'; wait: number }
  | { state: Exclude<LinkState, 'valid'> | 'over'; asker: Asker }
  | OpenedReferral;

export interface OpenedReferral {
  state: 'valid';
  asker: Asker;
  view: ReferralView;
  contact: Contact;
  confirmed: boolean;
}

/** What happened to an answer. */
export type Answered =
  | { outcome: 'closed'; opened: Exclude<Opened, OpenedReferral> }
  /** The contact is not confirmed yet: it has been sent a code, or knows one already. */
  | { outcome: 'code-asked'; opened: OpenedReferral }
  | { outcome: 'code-wrong'; opened: OpenedReferral; triesLeft: number }
  /** `moved`: somebody was faster. `browser`: the browser's new secret. */
  | { outcome: 'done' | 'moved'; browser?: string };

export interface LinkDesk {
  /** Shows; changes nothing, whoever asks. */
  open(visit: Visit): Promise<Opened>;
  /**
   * An answer, or (`show`) the wish to see the name, with the code once it is there. HubError: `conflict` where the
   * referral has moved on, `invalid` for a wrong reason, `too-many-requests` for too many codes, `unavailable` where
   * a code cannot be sent.
   */
  answer(visit: Visit, wanted: Answer | 'show', code?: string): Promise<Answered>;
}

export interface LinkDeskOptions {
  links: Links;
  confirmations: Confirmations;
  directory: Directory;
  watch: GuessWatch;
  audit: Pick<Audit, 'record'>;
  clock: Clock;
  repository(actor: Actor, request: AuditRequest): Repository;
  /** Tells the contact a code. */
  sendCode(link: Link, code: string): Promise<void>;
}

/** After an acceptance a link serves until there is an outcome, so long in milliseconds. */
const workingLifetime = 90 * 86_400_000;

type Valid = Extract<Awaited<ReturnType<Directory['standing']>>, { state: 'valid' }>;

/** Where links are used: each use is recorded, and what a link does is done by the one write path. */
export function createLinkDesk(options: LinkDeskOptions): LinkDesk {
  const { links, confirmations, directory, watch, audit, clock } = options;

  const unknownAgent = { kind: 'unknown', id: 'unknown' } as const;
  const agentOf = ({ id, organization }: Link) => ({ kind: 'link', id, organization }) as const;
  const record = (entry: Omit<AuditEntry, 'kind'>) => audit.record({ kind: 'link', ...entry });

  /** The referral behind a link, or why there is none, recorded as a use of this kind. */
  async function enter(
    { token, request }: Visit,
    interaction: string,
  ): Promise<{ link: Link; standing: Valid } | Exclude<Opened, OpenedReferral>> {
    const known = await links.open(token);
    if (!known) {
      const wait = await watch.wrong(request.address ?? 'unknown');
      // What is held up is told of once, by the watch: a flood of guesses is no flood of records.
      if (wait === 0)
        await record({ outcome: 'refused', interaction, why: 'not-found', agent: unknownAgent, request });
      return { state: 'unknown', wait };
    }
    const { link } = known;
    const standing = await directory.standing(link, known.state);
    const about = standing.entity ? { entities: [standing.entity] } : {};
    const valid = standing.state === 'valid';
    await record({
      outcome: valid ? 'success' : 'refused',
      interaction,
      ...(valid ? {} : { why: 'gone' as const }),
      agent: agentOf(link),
      request,
      ...about,
    });
    if (standing.state === 'valid') return { link, standing };
    return { state: standing.state, asker: standing.asker };
  }

  async function look(visit: Visit, link: Link, { actor, asker }: Valid): Promise<OpenedReferral> {
    const confirmed = await confirmations.isConfirmed(visit.browser, link);
    const repository = options.repository(actor, visit.request);
    const view = await readView(repository, link.task, confirmed);
    return { state: 'valid', asker, view, contact: link.contact, confirmed };
  }

  async function askForCode(link: Link): Promise<void> {
    // Whoever made a link for a telephone has told its code; another cannot be sent there.
    if (link.contact.system === 'phone') return;
    await options.sendCode(link, await confirmations.newCode(link));
  }

  /** False where somebody was faster, or what is asked for has become impossible. */
  async function decide(
    { request }: Visit,
    link: Link,
    { actor, entity }: Valid,
    answer: Answer,
  ): Promise<boolean> {
    const repository = options.repository(actor, request);
    const stored = await repository.read('Task', link.task);
    const ifMatch = `W/"${stored.versionId}"`;
    const about = { interaction: answer.event, agent: agentOf(link), request, entities: [entity] };
    try {
      const resource = answered(stored.resource() as Task, answer);
      const update = { kind: 'update', type: 'Task', id: link.task, resource, ifMatch } as const;
      await repository.write([update], { purpose: 'link' });
    } catch (error) {
      await record({ ...about, outcome: 'failed', why: error instanceof HubError ? error.kind : 'error' });
      if (hasMovedOn(error)) return false;
      throw error;
    }
    await record({ ...about, outcome: 'success' });
    if (answer.event === 'accept') await links.prolong(link, clock.now().getTime() + workingLifetime);
    return true;
  }

  return {
    async open(visit) {
      const entered = await enter(visit, 'open');
      return 'standing' in entered ? look(visit, entered.link, entered.standing) : entered;
    },
    async answer(visit, wanted, code) {
      const entered = await enter(visit, wanted === 'show' ? 'show' : wanted.event);
      if (!('standing' in entered)) return { outcome: 'closed', opened: entered };
      const { link, standing } = entered;
      const opened = await look(visit, link, standing);
      // What cannot be done is said before anybody is sent a code for it.
      if (wanted !== 'show') await rehearse(options.repository(standing.actor, visit.request), link, wanted);
      let browser: string | undefined;
      if (!opened.confirmed) {
        if (code === undefined) {
          await askForCode(link);
          return { outcome: 'code-asked', opened };
        }
        const checked = await confirmations.check(link, code);
        await record({
          outcome: 'browser' in checked ? 'success' : 'refused',
          interaction: 'code',
          agent: agentOf(link),
          request: visit.request,
          entities: [standing.entity],
        });
        if ('triesLeft' in checked) return { outcome: 'code-wrong', opened, triesLeft: checked.triesLeft };
        browser = checked.browser;
      }
      const decided = wanted === 'show' || (await decide(visit, link, standing, wanted));
      return { outcome: decided ? 'done' : 'moved', ...(browser ? { browser } : {}) };
    },
  };
}

async function rehearse(repository: Repository, link: Link, answer: Answer): Promise<void> {
  answered((await repository.read('Task', link.task)).resource() as Task, answer);
}

function hasMovedOn(error: unknown): boolean {
  const kinds = ['conflict', 'precondition-failed', 'unprocessable'];
  return error instanceof HubError && kinds.includes(error.kind);
}
