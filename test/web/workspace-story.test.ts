import { join } from 'node:path';
import type { Task } from '@medplum/fhirtypes';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../harness/browser.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { offerTimes, picture, signIn, supervisorOf } from '../harness/workplace.ts';
import { takeMails } from './link-world.ts';

let demo: DemoHub;

beforeAll(async () => {
  demo = await startDemoHub();
  await Promise.all(
    ['northside-cmhc', 'southside-cmhc'].map(center =>
      offerTimes(demo, center, 'case-management', [20, 44, 68]),
    ),
  );
  // Routing and links are the work of bots.
  demo.running.hub.events.start();
}, 60_000);
afterAll(() => demo?.stop());

/** What the other side sees without doing anything, at the latest a second after it happened. */
const withinASecond = (what: Locator) => what.waitFor({ timeout: 1000 });

const happened = (page: Page, text: string | RegExp) => page.locator('.happening').filter({ hasText: text });

/** Everything that somebody does to get something done: a click, a choice, a text. */
function counted(page: Page) {
  let actions = 0;
  const one = async (work: Promise<unknown>) => {
    actions += 1;
    await work;
  };
  return {
    click: (at: Locator) => one(at.click()),
    choose: (at: Locator, option: { index?: number; label?: string }) => one(at.selectOption(option)),
    type: (at: Locator, text: string) => one(at.fill(text)),
    get actions() {
      return actions;
    },
    page,
  };
}

describe('a referral through the hub', () => {
  let planner: Page;
  const centers = new Map<string, Page>();
  let declined: string;
  let taken: string;

  beforeAll(async () => {
    planner = await signIn(demo, 'Discharge planner of General Hospital');
    for (const center of ['Northside CMHC', 'Southside CMHC']) {
      const page = await signIn(demo, `Intake of ${center}`);
      await page.goto(`${demo.running.url}/inbox`);
      centers.set(center, page);
    }
  }, 60_000);
  afterAll(async () => {
    await Promise.all([planner, ...centers.values()].map(page => page?.context().close()));
  });

  const center = (name: string): Page => {
    const page = centers.get(name);
    if (!page) throw new Error(`nobody is at ${name}`);
    return page;
  };
  const item = (name: string) => center(name).getByRole('article').filter({ hasText: 'Kenji Aldana' });

  it('is sent by the planner, and stands in the inbox of a center at once', async () => {
    await planner.goto(`${demo.running.url}/referrals`);
    await planner.getByRole('link', { name: 'Kenji Aldana' }).click();
    await planner.getByRole('button', { name: 'Send the referral' }).click();
    await planner.getByText('Sent. It has a turn').waitFor();
    await happened(planner, 'was asked').waitFor();
    const first = await happened(planner, 'was asked').first().innerText();
    declined = first.includes('Northside') ? 'Northside CMHC' : 'Southside CMHC';
    taken = declined === 'Northside CMHC' ? 'Southside CMHC' : 'Northside CMHC';
    await withinASecond(item(declined));
    await picture(planner, 'planner-sent');
  });

  it('is declined with a reason, and the planner sees why within a second', async () => {
    const intake = counted(item(declined).page());
    await intake.click(item(declined).getByText('Decline', { exact: true }).first());
    await intake.choose(item(declined).getByLabel('Reason'), { label: 'No capacity' });
    await intake.click(item(declined).getByRole('button', { name: 'Decline' }));
    await withinASecond(happened(planner, `${declined} declined: No capacity`));
    expect(intake.actions).toBeLessThanOrEqual(3);
    await intake.page.getByText('Declined. The sender sees the reason').waitFor();
    expect(await item(declined).count()).toBe(0);
  });

  it('is accepted by the second center with a slot, in three actions', async () => {
    await withinASecond(item(taken));
    await picture(center(taken), 'inbox');
    const intake = counted(center(taken));
    await intake.click(item(taken).getByText('Accept', { exact: true }).first());
    await intake.choose(item(taken).getByLabel('A free time'), { index: 1 });
    await intake.click(item(taken).getByRole('button', { name: 'Accept' }));
    expect(intake.actions).toBeLessThanOrEqual(3);
    await withinASecond(happened(planner, `${taken} accepted`));
    await withinASecond(happened(planner, `${taken} scheduled a visit for`));
    await picture(planner, 'planner-accepted');
  });

  it('lets both write, and says when what was written was read', async () => {
    const intake = center(taken);
    await intake.getByRole('link', { name: 'Kenji Aldana' }).click();
    await intake.getByRole('heading', { name: 'Kenji Aldana' }).waitFor();
    await planner.getByText('Write a message').click();
    await planner.getByLabel('Your message').fill('He prefers mornings.');
    await planner.getByRole('button', { name: 'Send the message' }).click();
    await withinASecond(happened(intake, 'He prefers mornings.'));
    expect(await happened(planner, 'He prefers mornings.').innerText()).toContain('Not read yet');
    await intake.reload();
    await withinASecond(happened(planner, 'He prefers mornings.').filter({ hasText: 'Read just now' }));
  });

  it('goes on after a missed visit with a new one, is kept and completed, and the planner closes it', async () => {
    const intake = center(taken);
    await intake.getByText('Missed visit').click();
    await intake.getByRole('button', { name: 'The person did not come' }).click();
    await withinASecond(happened(planner, 'the visit was missed'));
    await intake.getByLabel('A free time').selectOption({ index: 1 });
    await intake.getByRole('button', { name: 'Book the visit' }).click();
    await withinASecond(happened(planner, `${taken} scheduled a visit for`).nth(1));
    await intake.getByRole('button', { name: 'The visit took place' }).click();
    await intake.getByLabel('How it ended').selectOption({ label: 'Engaged' });
    await intake.getByLabel('Has the person received the service?').selectOption({ label: 'Yes' });
    await intake.getByRole('button', { name: 'Complete' }).click();
    await withinASecond(planner.getByRole('button', { name: 'Close the request' }));
    const facts = await planner.locator('.referral-facts').innerText();
    expect(facts).toContain('Engaged');
    expect(facts).toContain('Service received: yes');
    await picture(planner, 'planner-outcome');
    await planner.getByRole('button', { name: 'Close the request' }).click();
    await planner.getByText('The request is closed').waitFor();
    await planner.goto(`${demo.running.url}/referrals`);
    await planner
      .locator('section', { hasText: 'Finished' })
      .getByRole('link', { name: 'Kenji Aldana' })
      .waitFor();
    await picture(planner, 'board');
  });
});

describe('a referral to a place without an account', () => {
  it('is answered by the link, and the planner sees each answer within a second', async () => {
    const task = await bedFor('amara-okonjo', partner);
    const planner = await signIn(demo, 'Discharge planner of General Hospital');
    await planner.goto(`${demo.running.url}/referrals/${task}`);
    const address = await inMails(/https?:\/\/\S+\/l\/\S+/);
    const { page: phone } = await openPage(demo.browser, address, { width: 390, height: 844 });
    phone.setDefaultTimeout(8000);
    await picture(phone, 'link');
    await phone.getByRole('button', { name: 'Yes, we can help' }).click();
    await phone.getByLabel('Six digits').fill(await inMails(/\b\d{6}\b/));
    await phone.getByRole('button', { name: 'Confirm' }).click();
    await withinASecond(happened(planner, 'Accepted'));
    await phone.getByText('Tell how it ended').click();
    await phone.getByLabel('What came of it?').selectOption('Is enrolled with us');
    await phone.getByRole('button', { name: 'Report and close' }).click();
    await withinASecond(happened(planner, 'Completed'));
    await picture(planner, 'planner-link');
    await planner.getByRole('button', { name: 'Close the request' }).click();
    await planner.getByText('The request is closed').waitFor();
    await Promise.all([planner, phone].map(page => page.context().close()));
  });
});

/** The id of the Task with which the hospital asks a place for a bed. */
async function bedFor(patient: string, owner: string): Promise<string> {
  const subject = { reference: `Patient/${patient}` };
  const requester = { reference: 'Organization/general-hospital' };
  const urn = 'urn:uuid:00000000-0000-4000-8000-000000000002';
  const task: Task = {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
    focus: { reference: urn },
    for: subject,
    requester,
    owner: { reference: `Organization/${owner}` },
  };
  const results = await supervisorOf(demo, 'general-hospital').write([
    {
      kind: 'create',
      fullUrl: urn,
      resource: {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        subject,
        requester,
        code: { text: 'A bed from the day of discharge' },
      },
    },
    { kind: 'create', resource: task },
  ]);
  return results[1]?.stored?.id ?? '';
}

/** A place that has no account, and an address at example.org. */
const partner = 'new-leaf-house';

/** The first thing like this in a mail to the partner that was sent since somebody looked last. */
async function inMails(wanted: RegExp): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    for (const { to, text } of await takeMails(join(demo.data, 'mail'))) {
      const [found] = (to.startsWith(partner) && wanted.exec(text)) || [];
      if (found) return found;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`no mail has ${wanted}`);
}
