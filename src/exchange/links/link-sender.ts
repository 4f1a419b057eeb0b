import type { Task } from '@medplum/fhirtypes';
import type { Confirmations } from '../../auth/links/confirmation.ts';
import type { Contact, Link } from '../../auth/links/link.ts';
import type { Asked, Directory } from '../../auth/links/link-access.ts';
import { formatDue } from '../../auth/links/link-words.ts';
import type { Links, NewLink } from '../../auth/links/links.ts';
import { filled, languages, type Words } from '../../auth/links/words/words.ts';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { SentLink } from '../../fhir/parts.ts';
import type { NetworkFacts } from '../../network.ts';
import { nextStepOf } from '../../referral/lifecycle/next-step.ts';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import { isOffered, isTerminal } from '../../referral/lifecycle/state.ts';
import { isVerification } from '../../referral/routing/verifying.ts';
import type { Mail, SendMail } from '../mail.ts';

/** A link that somebody tells the contact, who is not reached by e-mail: its address, and its code by telephone. */
export interface HandedLink extends SentLink {
  url: string;
  code: string;
}

export interface LinkSender {
  /**
   * Sends the organization asked a new link by e-mail; HubError `unprocessable` where there is nothing to answer or
   * nobody to send to, `not-found` for an unknown Task, `unavailable` where mail cannot be sent.
   */
  send(task: string): Promise<SentLink>;
  /** Makes a link for an organization that has no e-mail address, or none that works. The code is told by telephone. */
  hand(task: string): Promise<HandedLink>;
  /**
   * Whether the hub sends one by itself: an unanswered offer to an organization that has no other way to answer, or an
   * entry of the directory that is to be confirmed.
   */
  isDue(task: Task): Promise<boolean>;
  sendCode(link: Link, code: string): Promise<void>;
}

export interface LinkSenderOptions {
  links: Links;
  confirmations: Confirmations;
  directory: Directory;
  clock: Clock;
  /** Absent: no mail can be sent. */
  mail: SendMail | undefined;
  /** Whether the organization can answer by itself: by a client, or a person with an account. */
  canAnswer(organization: string): Promise<boolean>;
  network(): Promise<NetworkFacts>;
  /** Its Tasks are answered by its bots: nobody is sent a link for them. */
  hubOrganization: string;
  /** Where links are, without a slash at the end: `https://hub.example/l`. */
  address: string;
}

/** An unanswered link ends after so long, in milliseconds; the offer itself usually ends sooner. */
export const linkLifetime = 30 * 86_400_000;

export function createLinkSender(options: LinkSenderOptions): LinkSender {
  const { links, confirmations, directory, clock, mail, hubOrganization } = options;
  const answersItself = async (organization: string) =>
    organization === hubOrganization || (await options.canAnswer(organization));
  const expires = () => clock.now().getTime() + linkLifetime;

  async function answerable(task: string): Promise<Asked> {
    const asked = await directory.asked(task);
    if (!asked) throw new HubError('not-found', `There is no Task/${task} with an owner.`);
    if (asked.organization === hubOrganization)
      throw new HubError('unprocessable', {
        text: 'The hub itself is asked: it answers without a link.',
        expression: 'Task.owner',
      });
    const open = !isTerminal(asked.task) && asked.task.status !== 'draft';
    if (open && asked.entry) return asked;
    if (!isReferralTask(asked.task) || !open)
      throw new HubError('unprocessable', {
        text: 'A link is for a referral that was sent and is not over, or for an entry of the directory to confirm.',
        expression: 'Task.status',
      });
    return asked;
  }

  async function post(asked: Asked, contact: Contact, { link, token }: NewLink): Promise<void> {
    const { name, timeZone } = await options.network();
    const due = nextStepOf(asked.task)?.due;
    const { entry } = asked;
    const texts = Object.values(languages).map(words =>
      filled(entry ? words.mail.entry : words.mail.offer, {
        from: name,
        to: entry?.name ?? asked.name ?? words.title,
        due: due ? formatDue(new Date(due), words, timeZone) : '–',
        url: `${options.address}/${token}`,
      }),
    );
    await deliver(mailTo(contact, ({ mail }) => (entry ? mail.entrySubject : mail.subject), texts));
    await links.markSent(link);
  }

  /** Asked again when the link has ended and the entry still is not confirmed. */
  async function isEntryDue({ id = '', status }: Task): Promise<boolean> {
    const before = status === 'requested' ? await links.ofTask(id) : undefined;
    const over = !before || before.state === 'expired' || (before.state === 'valid' && !before.link.sent);
    if (status !== 'requested' || !over) return false;
    const asked = await directory.asked(id);
    return asked?.entry !== undefined && asked.contacts.some(({ system }) => system === 'email');
  }

  async function deliver(letter: Mail): Promise<void> {
    if (!mail) throw new HubError('unavailable', 'No mail server is configured: see HUB_SMTP_URL.');
    await mail(letter);
  }

  return {
    async send(task) {
      const asked = await answerable(task);
      const contact = asked.contacts.find(({ system }) => system === 'email');
      if (!contact) throw nobodyToSendTo(asked);
      const made = await links.make({ task, organization: asked.organization, contact, expires: expires() });
      await post(asked, contact, made);
      return sentOf(made.link);
    },
    async hand(task) {
      const asked = await answerable(task);
      const contact = asked.contacts.find(({ system }) => system === 'phone');
      if (!contact)
        throw new HubError('unprocessable', {
          text: `Organization/${asked.organization} has no telephone number in the directory: add it to its telecom, or to that of the service asked.`,
          expression: 'Organization.telecom',
        });
      const made = await links.make({ task, organization: asked.organization, contact, expires: expires() });
      const code = await confirmations.newCode(made.link, linkLifetime);
      await links.markSent(made.link);
      return { ...sentOf(made.link), url: `${options.address}/${made.token}`, code };
    },
    async isDue(task) {
      const { id = '', owner } = task;
      if (mail && isVerification(task)) return isEntryDue(task);
      if (!mail || !isReferralTask(task) || !isOffered(task) || !owner) return false;
      // One that was made but never left is made again; one that was taken back is not.
      const before = await links.ofTask(id);
      if (before && (before.link.sent || before.state === 'revoked')) return false;
      // Most Tasks wait for somebody who has an account: that is known before anything is read.
      const [type, named = ''] = owner.reference?.split('/') ?? [];
      if (type === 'Organization' && (await answersItself(named))) return false;
      const asked = await directory.asked(id);
      if (!asked?.contacts.some(({ system }) => system === 'email')) return false;
      return !(await answersItself(asked.organization));
    },
    async sendCode(link, code) {
      const asked = await directory.asked(link.task);
      const texts = Object.values(languages).map(words =>
        filled(words.mail.code, { code, to: asked?.name ?? words.title }),
      );
      await deliver(mailTo(link.contact, words => words.mail.codeSubject, texts));
    },
  };
}

const sentOf = ({ id, contact, expires }: Link): SentLink => ({ id, contact, expires: new Date(expires) });

/** Nobody knows which language is read there: both are in it. */
function mailTo({ value }: Contact, subject: (words: Words) => string, texts: readonly string[]): Mail {
  return {
    to: value,
    subject: Object.values(languages).map(subject).join(' / '),
    text: texts.join('\n\n––\n\n'),
  };
}

const nobodyToSendTo = ({ organization }: Asked): HubError =>
  new HubError('unprocessable', {
    text: `Organization/${organization} has no e-mail address in the directory: add it to its telecom, or to that of the service asked. For one that is only reached by telephone the operator makes a link (hub link create --phone).`,
    expression: 'Organization.telecom',
  });
