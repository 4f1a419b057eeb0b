import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Store } from '../store/store.ts';
import { type Authorization, createAuthorization } from './authorization.ts';
import type { People, SignedInPerson } from './people.ts';

/** An authorization server on a real port, as its tests call it. */
export interface TestServer {
  authorization: Authorization;
  origin: string;
  issuer: string;
  keyFolder: string;
  /** What was logged, as JSON lines. */
  logged: string[];
  /** Moves the hub's clock forward, in seconds. */
  advance(seconds: number): void;
  post(
    path: string,
    fields: Record<string, string> | string[][],
    headers?: Record<string, string>,
  ): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** One who is signed in when the request carries the cookie `person=<account>`. */
export const people: People = {
  async fromCookie(cookie) {
    const account = /(?:^|; )person=([a-z]+)/.exec(cookie ?? '')?.[1];
    return account === undefined ? undefined : person(account, 'h1');
  },
  find: async (account, organization) => (account === 'gone' ? undefined : person(account, organization)),
};

const person = (account: string, organization: string): SignedInPerson => ({
  account,
  organization,
  name: 'Robin Reyes',
  practitioner: `p-${account}`,
  practitionerRole: `r-${account}`,
  role: account === 'auditor' ? 'auditor' : 'case-manager',
});

/** @param sibling another process of the same hub: the same issuer and key */
export async function startServer(store: Store, sibling?: TestServer): Promise<TestServer> {
  const keyFolder = sibling?.keyFolder ?? (await mkdtemp(join(tmpdir(), 'hub-keys-')));
  const logged: string[] = [];
  const record = (...entry: unknown[]) => void logged.push(JSON.stringify(entry));
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const server = createServer((req, res) => void authorization.handler(req, res));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = sibling?.issuer ?? `${origin}/oauth`;
  const audience = `${origin}/fhir`;
  const log = { warn: record, error: record };
  const authorization = createAuthorization({
    store,
    clock,
    issuer,
    audience,
    keyFolder,
    log,
    people,
    network: 'hub',
    readQuery: async (_type, query) => [{ kind: 'token', param: 1, any: [{ sys: null, code: query }] }],
    outgoing: { allowedHosts: ['127.0.0.1'], allowHttp: true },
  });
  return {
    authorization,
    origin,
    issuer,
    keyFolder,
    logged,
    advance: seconds => {
      ahead += seconds * 1000;
    },
    async post(path, fields, headers = {}) {
      const response = await fetch(`${origin}/oauth${path}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers,
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? {} : JSON.parse(text),
      };
    },
    async close() {
      await new Promise(resolve => server.close(resolve));
      if (!sibling) await rm(keyFolder, { recursive: true });
    },
  };
}

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

export type Algorithm = 'ES384' | 'RS384';

/** A key pair of a client: what it signs with, and what it registers. */
export async function clientKey(algorithm: Algorithm, kid: string) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  return { privateKey, publicKey, jwk, algorithm, kid };
}

export type ClientKey = Awaited<ReturnType<typeof clientKey>>;

/** The claims of an assertion as SMART asks for them, with some of them otherwise. */
export function claims(client: string, issuer: string, otherwise: Record<string, unknown> = {}) {
  const exp = Math.floor(Date.now() / 1000) + 240;
  const standard = { iss: client, sub: client, aud: `${issuer}/token`, exp, jti: crypto.randomUUID() };
  return { ...standard, ...otherwise };
}

export function sign(key: ClientKey, payload: Record<string, unknown>, header: Record<string, unknown> = {}) {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'JWT', ...header })
    .sign(key.privateKey);
}

/** The fields of a token request signed with an assertion. */
export const withAssertion = (assertion: string, scope = 'system/Task.rs') => ({
  grant_type: 'client_credentials',
  scope,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
});
