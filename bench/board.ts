import type { Browser } from 'playwright-core';
import { actorOf } from '../src/access/roles.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import type { DemoHub } from '../test/harness/demo-hub.ts';
import { fulfill } from '../test/harness/referral.ts';
import type { Visit } from '../test/harness/visit.ts';

/** Milliseconds. */
export interface Scrolled {
  /** 95 % of the frames were drawn within. */
  frame: number;
  /** The longest time in which the page could not answer, while it was scrolled. */
  longTask: number;
}

const hospital = 'general-hospital';
const center = 'southside-cmhc';

/** Referrals of made-up people, each asked of a center. */
export async function sendMany({ running: { hub } }: DemoHub, count: number): Promise<void> {
  const planner = hub.repository(
    actorOf({ account: 'bench', organization: hospital, role: 'discharge-planner' }),
  );
  for (let sent = 0; sent < count; sent += 50)
    await planner.write(Array.from({ length: Math.min(50, count - sent) }, (_, at) => one(sent + at)).flat());
}

function one(number: number): WriteOperation[] {
  const [patient, request] = ['1', '2'].map(
    kind => `urn:uuid:00000000-0000-4000-8000-${kind}${String(number).padStart(11, '0')}`,
  ) as [string, string];
  const [from, to] = [hospital, center].map(id => ({ reference: `Organization/${id}` }));
  return [
    {
      kind: 'create',
      fullUrl: patient,
      resource: {
        resourceType: 'Patient',
        name: [{ family: `Example ${number}`, given: ['Sample'] }],
        birthDate: '1980-01-01',
      },
    },
    {
      kind: 'create',
      fullUrl: request,
      resource: {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        subject: { reference: patient },
        ...(from ? { requester: from } : {}),
        code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '136' }] },
      },
    },
    {
      kind: 'create',
      resource: {
        resourceType: 'Task',
        status: 'requested',
        intent: 'order',
        code: fulfill,
        focus: { reference: request },
        for: { reference: patient },
        ...(from ? { requester: from } : {}),
        ...(to ? { owner: to } : {}),
      },
    },
  ];
}

/** Scrolls the board from its top to its end, as fast as somebody who looks for a name. */
export async function scrolled(browser: Browser, base: string, someone: Visit): Promise<Scrolled> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies([...someone.cookies].map(([name, value]) => ({ name, value, url: base })));
  const page = await context.newPage();
  await page.goto(`${base}/referrals`, { waitUntil: 'load' });
  const measured = await page.evaluate(scrolling);
  await context.close();
  return measured;
}

async function scrolling(): Promise<Scrolled> {
  let longTask = 0;
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) longTask = Math.max(longTask, duration);
  }).observe({ type: 'longtask' });
  const frames: number[] = [];
  let last = performance.now();
  while (window.scrollY + window.innerHeight < document.documentElement.scrollHeight - 2) {
    window.scrollBy(0, 400);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  frames.sort((a, b) => a - b);
  return { frame: frames[Math.floor(frames.length * 0.95)] ?? 0, longTask };
}
