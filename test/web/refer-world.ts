import type { Resource, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import type { Look } from '../harness/browser.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { signIn } from '../harness/workplace.ts';

/** An organization's own system, as a client of the API. */
export interface Client {
  read<R extends Resource>(path: string): Promise<R>;
  update(resource: Resource): Promise<void>;
  /** What a search finds. */
  search<R extends Resource>(query: string): Promise<R[]>;
}

/** The demo network with somebody at General Hospital who refers. */
export interface ReferWorld {
  demo: DemoHub;
  url: string;
  hospital: Client;
  clientOf(client: string): Promise<Client>;
  /** A page of somebody who signed in with one click. */
  signedIn(who: string, look?: Look): Promise<Page>;
  planner(look?: Look): Promise<Page>;
  /** The places for a person and a need. */
  placesFor(patient: string, need: string, page?: Page): Promise<Page>;
  tasksOf(request: string): Promise<Task[]>;
}

export async function startReferWorld(): Promise<ReferWorld> {
  const demo = await startDemoHub();
  const { url, hub } = demo.running;

  async function clientOf(client: string): Promise<Client> {
    const { token } = await hub.authorization.issueToken({ client });
    const call = async (path: string, init: RequestInit = {}) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
      const response = await fetch(`${url}/fhir/${path}`, { ...init, headers });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    return {
      read: path => call(path),
      async update(resource) {
        const path = `${resource.resourceType}/${resource.id}`;
        await call(path, { method: 'PUT', body: JSON.stringify(resource) });
      },
      async search<R extends Resource>(query: string) {
        const { entry = [] } = (await call(query)) as { entry?: { resource: R }[] };
        return entry.map(({ resource }) => resource);
      },
    };
  }

  const hospital = await clientOf('general-hospital');
  const world: ReferWorld = {
    demo,
    url,
    hospital,
    clientOf,
    async signedIn(who, look) {
      const page = await signIn(demo, who, look);
      page.setDefaultTimeout(15_000);
      return page;
    },
    planner: look => world.signedIn('Discharge planner of General Hospital', look),
    async placesFor(patient, need, page) {
      const at = page ?? (await world.planner());
      await at.goto(`${url}/refer?patient=${patient}`);
      await at.getByLabel(need, { exact: true }).check();
      await at.getByRole('button', { name: 'Find places' }).click();
      return at;
    },
    tasksOf: request => hospital.search<Task>(`Task?focus=ServiceRequest/${request}`),
  };
  return world;
}

/** The id of the draft that a page is about. */
export const idIn = (page: Page): string => new URL(page.url()).pathname.split('/')[2] ?? '';

/** From the packet on: sends, and is at the referral. */
export async function send(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Send the referral' }).click();
  await page.waitForURL(/\/referrals\//);
}
