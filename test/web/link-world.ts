import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Organization, Task } from '@medplum/fhirtypes';
import type { TestDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { communityOrganization, type Referral, refer } from '../harness/referral.ts';

/** A hospital that asks, and a shelter that has nothing but an e-mail address. */
export interface LinkWorld {
  hub: TestHub;
  hospital: Party;
  /** `Organization/…` */
  shelter: string;
  /** A person is sent to the shelter; the link that the shelter finds in its mail. */
  offer(more?: Parameters<typeof refer>[2]): Promise<Offer>;
  /** The mails since the last look, oldest first, as plain text. */
  mails(): Promise<Mailed[]>;
  task(offer: Pick<Offer, 'referral'>): Promise<Task>;
  stop(): Promise<void>;
}

export interface Mailed {
  to: string;
  subject: string;
  text: string;
}

export interface Offer {
  referral: Referral;
  url: string;
  mail: Mailed;
}

export const shelterEmail = 'desk@harbor-shelter.example';

export async function linkWorld(database: TestDatabase): Promise<LinkWorld> {
  const hub = await startTestHub(database);
  const hospital = await hub.party('general', {
    organization: {
      name: 'General Hospital',
      telecom: [{ system: 'phone', value: '(320) 555-0110' }],
    },
  });
  const shelter = 'harbor-shelter';
  await addOrganization(hub, {
    resourceType: 'Organization',
    id: shelter,
    active: true,
    name: 'Harbor Shelter',
    ...communityOrganization,
    telecom: [
      { system: 'phone', value: '(320) 555-0130' },
      { system: 'email', value: shelterEmail },
    ],
  });
  const mails = () => takeMails(join(hub.config.data, 'mail'));
  const world: LinkWorld = {
    hub,
    hospital,
    shelter: `Organization/${shelter}`,
    mails,
    async offer(more = {}) {
      const referral = await refer(hospital, `Organization/${shelter}`, {
        ...more,
        patient: {
          name: [{ given: ['Amara'], family: 'Okonjo' }],
          telecom: [{ system: 'phone', value: '(320) 555-0177' }],
          ...more.patient,
        },
        request: {
          code: {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/service-type',
                code: '127',
                display: 'Homelessness Support',
              },
            ],
          },
          ...more.request,
        },
      });
      await hub.settle();
      const [mail] = await mails();
      const url = mail && /https?:\/\/\S+\/l\/\S+/.exec(mail.text)?.[0];
      if (!mail || !url) throw new Error('no link was sent');
      return { referral, url, mail };
    },
    async task({ referral }) {
      return (await hospital.get(`/Task/${referral.task.id}`)).json as Task;
    },
    stop: () => hub.stop(),
  };
  return world;
}

export async function addOrganization(
  { hub }: TestHub,
  resource: Organization & { id: string },
): Promise<void> {
  const { id } = resource;
  await hub
    .repository(hub.hubActor)
    .write([{ kind: 'update', type: 'Organization', id, resource, inNameOf: id }]);
}

export async function takeMails(folder: string): Promise<Mailed[]> {
  const names = await readdir(folder).catch(() => []);
  const mails = await Promise.all(
    names.sort().map(async name => {
      const mail = parseMail(await readFile(join(folder, name), 'utf8'));
      await rm(join(folder, name));
      return mail;
    }),
  );
  return mails;
}

/** As much of RFC 5322 and of quoted-printable as the hub's own mails have. */
function parseMail(source: string): Mailed {
  const [head = '', ...body] = source.replaceAll('\r\n', '\n').split('\n\n');
  const header = (name: string) => new RegExp(`^${name}: (.*(?:\\n[ \\t].*)*)`, 'im').exec(head)?.[1] ?? '';
  const encoding = header('Content-Transfer-Encoding');
  const raw = body.join('\n\n');
  const text =
    encoding === 'quoted-printable'
      ? Buffer.from(
          raw
            .replace(/=\n/g, '')
            .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ).toString('utf8')
      : encoding === 'base64'
        ? Buffer.from(raw, 'base64').toString('utf8')
        : raw;
  return { to: header('To'), subject: header('Subject'), text };
}

/** A browser without a window: it keeps its cookie, and sends forms. */
export interface Visitor {
  get(url: string, init?: RequestInit): Promise<Visited>;
  post(url: string, fields: Record<string, string>): Promise<Visited>;
}

export interface Visited {
  status: number;
  headers: Headers;
  text: string;
}

export function visitor(): Visitor {
  let cookie: string | undefined;
  async function send(url: string, init: RequestInit): Promise<Visited> {
    const headers = { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) };
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
  return {
    get: (url, init = {}) => send(url, init),
    post: (url, fields) => send(url, { method: 'POST', body: new URLSearchParams(fields) }),
  };
}
