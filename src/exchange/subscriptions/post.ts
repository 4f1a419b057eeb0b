import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import { NotDelivered } from '../../events/delivery/not-delivered.ts';
import type { OutgoingTarget } from '../outgoing-url.ts';

/** How long a receiver may take for each step. A process keeps a channel longer than all of them together. */
const patience = { connect: 2_000, headersTimeout: 6_000, bodyTimeout: 1_000 };
/** How much of an answer is read, to use its connection again. */
const mostAnswer = 64 * 1024;
const mostAgents = 500;

export interface Message {
  method: 'POST' | 'PUT';
  headers: Record<string, string>;
  body: string;
}

export interface Poster {
  /** Resolves when the receiver has taken the message (2xx); NotDelivered otherwise. Follows no redirect. */
  post(target: OutgoingTarget, message: Message): Promise<void>;
  close(): Promise<void>;
}

/** Sends over connections to exactly the address that was checked, kept alive for the next message. */
export function createPoster(): Poster {
  const agents = new Map<string, Agent>();

  function agentFor({ url, address, family }: OutgoingTarget): Agent {
    const key = `${url.origin} ${address}`;
    const known = agents.get(key);
    if (known) {
      agents.delete(key);
      agents.set(key, known);
      return known;
    }
    const agent = new Agent({
      connect: {
        timeout: patience.connect,
        ...(isIP(url.hostname.replace(/^\[|\]$/g, ''))
          ? {}
          : {
              lookup: (_host, options, answer) =>
                options.all ? answer(null, [{ address, family }]) : answer(null, address, family),
            }),
      },
      headersTimeout: patience.headersTimeout,
      bodyTimeout: patience.bodyTimeout,
      connections: 4,
    });
    agents.set(key, agent);
    const [oldest, least] = agents.entries().next().value ?? [];
    if (agents.size > mostAgents && oldest !== undefined && least) {
      agents.delete(oldest);
      void least.close();
    }
    return agent;
  }

  return {
    async post(target, { method, headers, body }) {
      const status = await answerOf(() =>
        request(target.url, { method, headers, body, dispatcher: agentFor(target) }),
      );
      if (status < 200 || status > 299) throw new NotDelivered(`the receiver answered HTTP ${status}`);
    },
    async close() {
      await Promise.all([...agents.values()].map(agent => agent.destroy()));
    },
  };
}

async function answerOf(send: () => ReturnType<typeof request>): Promise<number> {
  try {
    const { statusCode, body } = await send();
    await body.dump({ limit: mostAnswer, signal: AbortSignal.timeout(patience.bodyTimeout) });
    return statusCode;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    throw new NotDelivered(`the receiver could not be reached (${code})`);
  }
}
