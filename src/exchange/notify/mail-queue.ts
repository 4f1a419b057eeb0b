import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import { parkedTasks, settle } from '../../events/by-hand.ts';
import type { About, Channel } from '../../events/delivery/channel.ts';
import { NotDelivered } from '../../events/delivery/not-delivered.ts';
import { isDeliverTask, parkOperation } from '../../events/park.ts';
import type { Repository } from '../../fhir/repository.ts';
import type { NewDelivery, Outbox, StoredDelivery } from '../../store/outbox-types.ts';
import type { Mail, SendMail } from '../mail.ts';
import type { Seal } from '../subscriptions/secrets.ts';

export const mailChannel = 'mail';

/** What waits as mail: a whole one, sealed since it may hold a link that signs somebody in; or a notice to write. */
type Waiting = { sealed: string } | { notice: string };

export interface MailQueue {
  /** Resolves when the mail is in the database: it is sent soon, and again where the server did not take it. */
  sendMail: SendMail;
  channel: Channel;
}

export interface MailQueueOptions {
  outbox: Outbox;
  clock: Clock;
  seal: Seal;
  /** Hands a mail over. */
  transport: SendMail;
  /** The mail of a notice (a Communication's id); undefined when it is not to be sent. */
  write(notice: string): Promise<{ mail: Mail; sent(): Promise<void> } | undefined>;
  /** As the hub, to tell the operator of a mail that is never taken. */
  hub: Repository;
  hubOrganization: string;
  /** Lets the channel be served. */
  soon(channel: string): void;
}

/** The delivery of a notice, for the outbox. */
export const noticeDelivery = (notice: string, at: number): NewDelivery => ({
  channel: mailChannel,
  event: `notice ${notice}`,
  thread: notice,
  payload: { notice } satisfies Waiting,
  at,
});

/** Mail that survives a restart, and a mail server that is down for a while. */
export function createMailQueue(options: MailQueueOptions): MailQueue {
  const { outbox, clock, seal, transport, soon } = options;
  const placeOf = (event: string) => `mail ${event}`;

  const hand = async (mail: Mail) => {
    try {
      await transport(mail);
    } catch (error) {
      if (error instanceof HubError) throw new NotDelivered(error.message);
      throw error;
    }
  };

  async function send({ seq, event, payload }: StoredDelivery): Promise<'done' | 'withheld'> {
    const waiting = payload as Waiting | null;
    if (!waiting) return 'done';
    if ('notice' in waiting) {
      const written = await options.write(waiting.notice);
      if (!written) return 'withheld';
      await hand(written.mail);
      await written.sent();
    } else await hand(JSON.parse(seal.open(placeOf(event), waiting.sealed)) as Mail);
    await outbox.forget(seq);
    return 'done';
  }

  return {
    async sendMail(mail) {
      const event = randomUUID();
      const payload: Waiting = { sealed: seal.close(placeOf(event), JSON.stringify(mail)) };
      const at = clock.now().getTime();
      await outbox.add([{ channel: mailChannel, event, thread: event, payload, at }]);
      soon(mailChannel);
    },
    channel: {
      owns: name => name === mailChannel,
      state: async () => 'open',
      send,
      async park({ attempts }, error) {
        const { hub, hubOrganization } = options;
        const told = new HubError('unavailable', `A mail was not taken: ${error}`);
        const now = clock.now();
        const failure = { bot: 'deliver', present: false, error: told, attempts: attempts + 1, now };
        await hub.write([parkOperation({ ...failure, hubOrganization })], { purpose: 'deliver' });
        return { keep: false };
      },
      about: async ({ parked, payload }) => (parked ? aboutMail(payload as Waiting | null) : undefined),
      async retry({ seq, channel }, now) {
        await outbox.retry(channel, now, { only: seq });
        const left = await outbox.failing({ least: Number.MAX_SAFE_INTEGER, limit: 1_000 });
        if (left.every(one => one.channel !== channel)) await settleTask(options.hub);
      },
    },
  };
}

function aboutMail(waiting: Waiting | null): About {
  if (!waiting || !('notice' in waiting))
    return { kind: 'mail', text: 'A mail: an invitation, a link or a code' };
  return { kind: 'mail', text: `A notice to a person: Communication/${waiting.notice}` };
}

/** Nothing of the mail is parked any more: nobody has to look. */
async function settleTask(hub: Repository): Promise<void> {
  for (const task of (await parkedTasks(hub)).filter(isDeliverTask)) await settle(hub, task);
}
