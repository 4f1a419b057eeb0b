import type { Logger } from 'pino';
import type { Actor } from '../../access/actor.ts';
import { createConfirmations } from '../../auth/links/confirmation.ts';
import { createGuessWatch } from '../../auth/links/guessing.ts';
import { createDirectory } from '../../auth/links/link-access.ts';
import { createLinkDesk, type LinkDesk } from '../../auth/links/link-desk.ts';
import { createLinks, type Links } from '../../auth/links/links.ts';
import type { Bot } from '../../events/bot.ts';
import { createRepository } from '../../fhir/create-repository.ts';
import type { Parts } from '../../fhir/parts.ts';
import { type NetworkFacts, readNetwork } from '../../network.ts';
import type { SendMail } from '../mail.ts';
import { createLinkSender, type LinkSender } from './link-sender.ts';
import { reportGuessing } from './report-guessing.ts';
import { sendLinks } from './send-links.ts';

/** All about links for organizations without an account. */
export interface LinkService {
  readonly links: Links;
  readonly desk: LinkDesk;
  readonly sender: LinkSender;
  readonly bot: Bot;
  network(): Promise<NetworkFacts>;
}

export interface LinkServiceOptions {
  parts: Parts;
  /** The hub itself. */
  itself: Actor;
  log: Pick<Logger, 'warn'>;
  /** Absent: no mail can be sent. */
  mail: SendMail | undefined;
  canAnswer(organization: string): Promise<boolean>;
  /** Where links are, without a slash at the end. */
  address: string;
}

export function createLinkService(options: LinkServiceOptions): LinkService {
  const { parts, itself, log, mail, canAnswer, address } = options;
  const { clock, audit, hubOrganization } = parts;
  const { records } = parts.store;
  const hub = () => createRepository(parts, itself);
  const network = () => readNetwork(hub(), parts.rulePacks.due);
  const links = createLinks(records, clock);
  const confirmations = createConfirmations(records, clock);
  const directory = createDirectory(hub, () => clock.now());
  const sender = createLinkSender({
    links,
    confirmations,
    directory,
    clock,
    mail,
    canAnswer,
    network,
    hubOrganization,
    address,
  });
  const watch = createGuessWatch(async guessing => {
    log.warn({ network: guessing.network, tries: guessing.tries }, 'links are being guessed');
    const agent = { kind: 'unknown', id: 'unknown' } as const;
    const request = { address: guessing.network };
    await audit.record({
      kind: 'link',
      outcome: 'refused',
      interaction: 'guessing',
      why: 'too-many-requests',
      agent,
      request,
    });
    await hub().write([reportGuessing(guessing, clock.now(), hubOrganization)], { purpose: 'link-guessing' });
  });
  const desk = createLinkDesk({
    links,
    confirmations,
    directory,
    watch,
    audit,
    clock,
    repository: (actor, request) => createRepository(parts, actor, request),
    sendCode: (link, code) => sender.sendCode(link, code),
  });
  return { links, desk, sender, bot: sendLinks(sender), network };
}
