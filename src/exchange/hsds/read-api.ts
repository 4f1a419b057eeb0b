import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import { HubError } from '../../errors.ts';
import { type OutgoingPolicy, type OutgoingTarget, outgoingTarget } from '../outgoing-url.ts';

/** How much is read of one answer, and how many pages of services at most. */
const mostBytes = 32 * 1024 * 1024;
const mostPages = 10_000;
/** How many services may be unreadable before the source is given up for now. */
const mostRefused = 20;
const atOnce = 4;
const patience = { headersTimeout: 30_000, bodyTimeout: 60_000 };

/** Services as they were answered, and those that were not. */
export interface ApiAnswers {
  services: unknown[];
  refused: { key: string; why: string }[];
}

/**
 * All services of an HSDS API (https://docs.openreferral.org/en/3.0/hsds/api_reference.html): the pages of
 * `/services`, then each as `/services/{id}` has it whole. Follows no redirect.
 */
export async function readApi(base: string, policy: OutgoingPolicy): Promise<ApiAnswers> {
  const root = base.replace(/\/+$/, '');
  const target = await outgoingTarget(root, policy);
  const agent = agentFor(target);
  try {
    const ids = await listed(root, agent);
    const answers: ApiAnswers = { services: [], refused: [] };
    for (let start = 0; start < ids.length; start += atOnce) {
      const some = ids.slice(start, start + atOnce);
      const read = some.map(id => get(`${root}/services/${encodeURIComponent(id)}`, agent));
      for (const [index, one] of (await Promise.allSettled(read)).entries())
        sortIn(answers, `service:${some[index]}`, one);
    }
    return answers;
  } finally {
    await agent.close();
  }
}

/** A service that cannot be read holds up no other; where many cannot, the source is out of order. */
function sortIn(answers: ApiAnswers, key: string, answer: PromiseSettledResult<unknown>): void {
  if (answer.status === 'fulfilled') {
    answers.services.push(answer.value);
    return;
  }
  const { reason } = answer;
  if (!(reason instanceof HubError) || answers.refused.length >= mostRefused) throw reason;
  answers.refused.push({ key, why: reason.message });
}

async function listed(root: string, agent: Agent): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const answer = (await get(`${root}/services?page=${page}`, agent)) as {
      contents?: unknown;
      total_pages?: unknown;
      last_page?: unknown;
    };
    if (!Array.isArray(answer?.contents))
      throw new HubError('invalid', 'The source does not answer /services with a page of HSDS.');
    ids.push(...answer.contents.map(one => String((one as { id?: unknown }).id ?? '')).filter(Boolean));
    if (answer.last_page === true || page >= Number(answer.total_pages ?? page)) return [...new Set(ids)];
  }
  throw new HubError('invalid', `The source has more than ${mostPages} pages of services.`);
}

async function get(url: string, agent: Agent): Promise<unknown> {
  try {
    const headers = { accept: 'application/json' };
    const { statusCode, body } = await request(url, { dispatcher: agent, headers });
    if (statusCode !== 200) {
      await body.dump({ limit: 65_536 });
      throw new HubError('unprocessable', `The source answered HTTP ${statusCode} to ${pathOf(url)}.`);
    }
    return JSON.parse(await textOf(body));
  } catch (error) {
    if (error instanceof HubError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer in JSON';
    throw new HubError('unprocessable', `The source could not be read at ${pathOf(url)} (${code}).`);
  }
}

const pathOf = (url: string): string => new URL(url).pathname;

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > mostBytes) throw new HubError('too-large', 'An answer of the source is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Connects to exactly the address that was checked: a name that is asked again could answer anew. */
function agentFor({ url, address, family }: OutgoingTarget): Agent {
  const literal = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  return new Agent({
    ...patience,
    connections: atOnce,
    ...(literal
      ? {}
      : {
          connect: {
            lookup: (_host, options, answer) =>
              options.all ? answer(null, [{ address, family }]) : answer(null, address, family),
          },
        }),
  });
}
