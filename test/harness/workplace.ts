import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { actorOf, roleNames, roles } from '../../src/access/roles.ts';
import { organizations } from '../../src/demo/organizations.ts';
import type { Repository } from '../../src/fhir/repository.ts';
import { hubOrganization } from '../../src/hub-organization.ts';
import { type Look, newContext } from './browser.ts';
import { signInAs } from './crawl.ts';
import type { DemoHub } from './demo-hub.ts';

/**
 * An empty page of somebody of the demo network, named as on the page of signing in: `Auditor of General Hospital`.
 * They sign in without the browser; that a click does it is tried with the page of signing in.
 */
export async function signIn({ running, browser }: DemoHub, who: string, look: Look = {}): Promise<Page> {
  const [title, name] = who.split(' of ', 2);
  const all = [...organizations(), { id: hubOrganization, name: 'The network' }];
  const organization = all.find(one => one.name === name)?.id ?? who;
  const role = roleNames.find(one => roles[one].title === title) ?? who;
  const { cookies } = await signInAs(running.url, organization, role);
  const context = await newContext(browser, look);
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: running.url })));
  const page = await context.newPage();
  // What is not there by then will not come: the test says what it missed instead of waiting for its own end.
  page.setDefaultTimeout(8000);
  return page;
}

/** The data as a supervisor of that organization sees it. */
export const supervisorOf = ({ running: { hub } }: DemoHub, organization: string): Repository =>
  hub.repository(actorOf({ account: 'test', organization, role: 'supervisor' }));

/** Free times of a service of the demo network, in hours from now. */
export async function offerTimes(
  demo: DemoHub,
  organization: string,
  service: string,
  inHours: readonly number[],
): Promise<void> {
  const now = demo.running.hub.parts.clock.now().getTime();
  const at = (hours: number) => new Date(Math.ceil(now / 3_600_000 + hours) * 3_600_000).toISOString();
  const schedule = 'urn:uuid:00000000-0000-4000-8000-000000000001';
  await supervisorOf(demo, organization).write([
    {
      kind: 'create',
      fullUrl: schedule,
      resource: {
        resourceType: 'Schedule',
        active: true,
        actor: [{ reference: `HealthcareService/${organization}-${service}` }],
      },
    },
    ...inHours.map(hours => ({
      kind: 'create' as const,
      resource: {
        resourceType: 'Slot' as const,
        schedule: { reference: schedule },
        status: 'free' as const,
        start: at(hours),
        end: at(hours + 1),
      },
    })),
  ]);
}

const pictures = join(import.meta.dirname, '../web/screenshots');

/** Looks of the page as it is now, for people to look at: wide, on a phone, in the dark. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  const before = page.viewportSize() ?? { width: 1280, height: 800 };
  const take = (look: string) =>
    page.screenshot({ path: join(pictures, `${name}-${look}.png`), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 800 });
  await take('wide');
  await page.emulateMedia({ colorScheme: 'dark' });
  await take('dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await take('phone');
  await page.setViewportSize(before);
}
