import { createHash, randomBytes } from 'node:crypto';
import type { Observation, Patient } from '@medplum/fhirtypes';
import type { Role } from '../../src/access/roles.ts';
import type { Registration } from '../../src/auth/clients.ts';
import type { TestDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';

/** A hub with two organizations, people who sign in, two patients, and an app. */
export interface AppWorld extends TestHub {
  /** Somebody who is signed in: the `Cookie` header of their browser. */
  signIn(name: string, role: Role, organization?: string): Promise<{ cookie: string; account: string }>;
  patients: { mine: string; other: string; foreign: string };
  /** By what they are about: category of the Observation and whose it is. */
  observations: Record<'lab' | 'vital' | 'otherLab', string>;
  secret: string;
  register(registration: Partial<Registration> & { clientId: string }): Promise<string | undefined>;
}

export const redirectUri = 'http://127.0.0.1:9/app/back';
export const password = 'correct horse battery staple';
const category = 'http://terminology.hl7.org/CodeSystem/observation-category';
export const labScope = `patient/Observation.rs?category=${category}|laboratory`;

export async function startAppWorld(
  database: TestDatabase,
  env: Record<string, string> = {},
): Promise<AppWorld> {
  const hub = await startTestHub(database, env);
  // oidc-provider reads the clock of the machine.
  hub.clock.set(new Date().toISOString());
  const clinic = await hub.party('clinic');
  const elsewhere = await hub.party('elsewhere');
  const patient = (family: string): Patient => ({
    resourceType: 'Patient',
    name: [{ family, given: ['Ada'] }],
    birthDate: '1980-05-01',
  });
  const [mine, other, foreign] = await Promise.all([
    clinic.create(patient('Lindqvist')),
    clinic.create(patient('Okonjo')),
    elsewhere.create(patient('Tetteh')),
  ]);
  const observation = (of: string, code: string): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: category, code }] }],
    code: { text: code },
    subject: { reference: `Patient/${of}` },
  });
  const [lab, vital, otherLab] = await Promise.all([
    clinic.create(observation(mine.id, 'laboratory')),
    clinic.create(observation(mine.id, 'vital-signs')),
    clinic.create(observation(other.id, 'laboratory')),
  ]);
  const register: AppWorld['register'] = async registration => {
    const { secret } = await hub.hub.authorization.clients.add({
      name: 'Growth Chart',
      organization: 'clinic',
      scope: everything,
      redirectUris: [redirectUri],
      ...registration,
    });
    return secret;
  };
  await register({ clientId: 'public-app', public: true, launchUrl: 'http://127.0.0.1:9/app/launch' });
  const secret = await register({ clientId: 'secret-app', secret: true });
  return {
    ...hub,
    patients: { mine: mine.id, other: other.id, foreign: foreign.id },
    observations: { lab: lab.id, vital: vital.id, otherLab: otherLab.id },
    secret: secret ?? '',
    register,
    signIn: (name, role, organization = 'clinic') => signIn(hub, { name, role, organization }),
  };
}

const everything = `openid fhirUser profile launch launch/patient online_access offline_access patient/*.cruds user/*.cruds system/*.rs`;

/** Invites somebody, and accepts for them. */
export async function invite(
  { hub }: Pick<TestHub, 'hub'>,
  { name, role, organization }: { name: string; role: Role; organization: string },
) {
  const email = `${name}@${organization}.example`;
  const invitation = { email, name, organization, role };
  const { link = '', account } = await hub.people.management.invite(invitation, 'operator', { mail: false });
  const from = { cookie: undefined, address: '127.0.0.1', browser: 'test' };
  const { session } = await hub.people.anew.accept(link.split('/').at(-1) ?? '', password, from);
  return { email, account, session };
}

async function signIn(world: TestHub, person: { name: string; role: Role; organization: string }) {
  const { account, session } = await invite(world, person);
  return { account, cookie: `${world.hub.people.cookies.session}=${session}` };
}

export const pkce = () => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};

/** The parameters of a right request to authorize. */
export const authorizeQuery = (world: TestHub, challenge: string): Record<string, string> => ({
  response_type: 'code',
  client_id: 'public-app',
  redirect_uri: redirectUri,
  scope: 'openid fhirUser launch/patient offline_access patient/*.rs',
  state: 'my-state',
  aud: `${world.url}/fhir`,
  code_challenge: challenge,
  code_challenge_method: 'S256',
});

/** A browser without scripts: it keeps cookies, and follows redirects within the hub. */
export class Browser {
  private readonly jar = new Map<string, string>();
  private readonly base: string;

  constructor(base: string, cookie = '') {
    this.base = base;
    this.keep(cookie);
  }

  private keep(pair: string): void {
    const at = pair.indexOf('=');
    if (at > 0) this.jar.set(pair.slice(0, at), pair.slice(at + 1));
  }

  /** One request; redirects are not followed. */
  async fetch(path: string, form?: Record<string, string>): Promise<Response> {
    const response = await fetch(new URL(path, this.base), {
      redirect: 'manual',
      headers: {
        cookie: [...this.jar].map(pair => pair.join('=')).join('; '),
        accept: 'text/html',
        ...(form ? { origin: this.base } : {}),
      },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie.split(';')[0] ?? '');
    return response;
  }

  /** Goes on as long as the hub sends it to itself; answers where it ended. */
  async go(path: string, form?: Record<string, string>): Promise<{ url: string; response: Response }> {
    let url = new URL(path, this.base).href;
    let response = await this.fetch(url, form);
    for (let steps = 0; steps < 10; steps++) {
      const to = response.headers.get('location');
      if (to === null) return { url, response };
      url = new URL(to, url).href;
      if (!url.startsWith(this.base)) return { url, response };
      response = await this.fetch(url);
    }
    throw new Error('too many redirects');
  }
}

/** The form on the page that asks: its token, and where it is sent to. */
export function formOf(html: string): { action: string; token: string } {
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1] ?? '';
  const token = /name="form-token" value="([^"]+)"/.exec(html)?.[1] ?? '';
  return { action, token };
}

/** Authorizes as a signed-in person and allows; answers the parameters that the app is sent. */
export async function authorize(
  world: TestHub,
  cookie: string,
  query: Record<string, string>,
  decision: Record<string, string> = { decision: 'allow' },
): Promise<URLSearchParams> {
  const browser = new Browser(world.url, cookie);
  const asked = await browser.go(`/oauth/auth?${new URLSearchParams(query)}`);
  if (!asked.url.startsWith(world.url)) return new URL(asked.url).searchParams;
  const { action, token } = formOf(await asked.response.text());
  const answered = await browser.go(action, { ...decision, 'form-token': token });
  if (answered.url.startsWith(world.url))
    throw new Error(`${answered.response.status} ${await answered.response.text()}`);
  return new URL(answered.url).searchParams;
}

export interface TokenAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON came back
  body: any;
}

export async function post(
  world: TestHub,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${world.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

/** The whole way, as the public app: from the request to the token answer. */
export async function tokensFor(
  world: AppWorld,
  cookie: string,
  otherwise: Record<string, string> = {},
  decision: Record<string, string> = { decision: 'allow', patient: world.patients.mine },
): Promise<TokenAnswer> {
  const { verifier, challenge } = pkce();
  const query = { ...authorizeQuery(world, challenge), ...otherwise };
  const back = await authorize(world, cookie, query, decision);
  return post(world, '/oauth/token', {
    grant_type: 'authorization_code',
    code: back.get('code') ?? '',
    redirect_uri: redirectUri,
    client_id: query.client_id ?? '',
    code_verifier: verifier,
  });
}

/** A FHIR request with a token. */
export async function fhir(
  world: TestHub,
  token: string,
  path: string,
  init: { method?: string; body?: unknown } = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${world.url}/fhir${path}`, {
    method: init.method ?? 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
