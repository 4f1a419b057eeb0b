import type { Task } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { AuditRequest } from '../../audit/entry.ts';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Repository } from '../../fhir/repository.ts';
import { type Answer, answered } from './answer.ts';
import type { Confirmations } from './confirmation.ts';
import { type EntryAnswer, writeEntry } from './entry-answer.ts';
import { type EntryView, readEntry } from './entry-view.ts';
import type { Contact, Link } from './link.ts';
import type { Asker } from './link-access.ts';
import {
  agentOf,
  type Closed,
  createEntrance,
  type EntranceOptions,
  type Valid,
  type Visit,
} from './link-entrance.ts';
import { type ReferralView, readView } from './referral-view.ts';

export type Opened = Closed | OpenedReferral | OpenedEntry;

interface OpenedLink {
  state: 'valid';
  asker: Asker;
  contact: Contact;
}

export interface OpenedReferral extends OpenedLink {
  shows: 'referral';
  view: ReferralView;
  confirmed: boolean;
}

export interface OpenedEntry extends OpenedLink {
  shows: 'entry';
  entry: EntryView;
}

/** What happened to an answer. */
export type Answered =
  | { outcome: 'closed'; opened: Closed }
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
  /**
   * What the organization says of its entry in the directory: one click, since whoever reads the contact's mail may, and
   * nothing about any person is behind it. HubError as `writeEntry`.
   */
  answerEntry(visit: Visit, answer: EntryAnswer): Promise<{ outcome: 'closed'; opened: Closed } | 'done'>;
}

export interface LinkDeskOptions extends EntranceOptions {
  confirmations: Confirmations;
  clock: Clock;
  repository(actor: Actor, request: AuditRequest): Repository;
  /** Tells the contact a code. */
  sendCode(link: Link, code: string): Promise<void>;
}

/** After an acceptance a link serves until there is an outcome, so long in milliseconds. */
const workingLifetime = 90 * 86_400_000;

/** Where links are used: each use is recorded, and what a link does is done by the one write path. */
export function createLinkDesk(options: LinkDeskOptions): LinkDesk {
  const { links, confirmations, clock } = options;
  const { enter, record } = createEntrance(options);

  async function look(visit: Visit, link: Link, standing: Valid): Promise<OpenedReferral | OpenedEntry> {
    const { actor, asker, entry } = standing;
    if (entry === undefined) return lookAtReferral(visit, link, standing);
    const view = await readEntry(options.repository(actor, visit.request), entry);
    return { state: 'valid', shows: 'entry', asker, entry: view, contact: link.contact };
  }

  async function lookAtReferral(visit: Visit, link: Link, { actor, asker }: Valid): Promise<OpenedReferral> {
    const confirmed = await confirmations.isConfirmed(visit.browser, link);
    const repository = options.repository(actor, visit.request);
    const view = await readView(repository, link.task, confirmed);
    return { state: 'valid', shows: 'referral', asker, view, contact: link.contact, confirmed };
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
      if (standing.entry !== undefined) throw notOfThisLink();
      const opened = await lookAtReferral(visit, link, standing);
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
    async answerEntry(visit, answer) {
      const entered = await enter(visit, answer.event);
      if (!('standing' in entered)) return { outcome: 'closed', opened: entered };
      const { actor, entry } = entered.standing;
      if (entry === undefined) throw notOfThisLink();
      const day = clock.now().toISOString().slice(0, 10);
      await writeEntry(options.repository(actor, visit.request), entry, answer, day);
      return 'done';
    },
  };
}

const notOfThisLink = (): HubError => new HubError('invalid', 'This link answers something else.');

async function rehearse(repository: Repository, link: Link, answer: Answer): Promise<void> {
  answered((await repository.read('Task', link.task)).resource() as Task, answer);
}

function hasMovedOn(error: unknown): boolean {
  const kinds = ['conflict', 'precondition-failed', 'unprocessable'];
  return error instanceof HubError && kinds.includes(error.kind);
}
