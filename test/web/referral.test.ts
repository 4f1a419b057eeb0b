import type { DocumentReference, Slot, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from '../harness/accessible.ts';
import { signInAs } from '../harness/crawl.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { keyboardOf } from '../harness/keyboard.ts';
import { tokenIn, type Visit } from '../harness/visit.ts';
import { offerTimes, signIn, supervisorOf } from '../harness/workplace.ts';

let demo: DemoHub;
let url: string;

beforeAll(async () => {
  demo = await startDemoHub();
  url = demo.running.url;
  await offerTimes(demo, 'northside-cmhc', 'case-management', [20, 44]);
}, 60_000);
afterAll(() => demo?.stop());

/** The Task with which an organization is asked for a person. */
async function taskFor(organization: string, patient: string): Promise<string> {
  const query = new URLSearchParams({ patient: `Patient/${patient}`, owner: `Organization/${organization}` });
  const { entries } = await supervisorOf(demo, organization).search('Task', query);
  const [found] = entries;
  if (!found) throw new Error(`${organization} has no Task for ${patient}`);
  return found.stored.id;
}

/** Whose person it was told of no longer. */
async function declinedBy(organization: string): Promise<string> {
  const query = new URLSearchParams({ owner: `Organization/${organization}`, status: 'rejected' });
  const { entries } = await supervisorOf(demo, organization).search('Task', query);
  return entries[0]?.stored.id ?? '';
}

const readTask = async (organization: string, id: string) =>
  (await supervisorOf(demo, organization).read('Task', id)).resource() as Task;

describe('every page', () => {
  it.each([
    [
      'Discharge planner of General Hospital',
      async () => ['/referrals', '/referrals/referral-theo-lindqvist', '/referrals/referral-kenji-aldana'],
      'light',
    ],
    [
      'Intake of Northside CMHC',
      async () => [
        '/inbox',
        `/referrals/${await taskFor('northside-cmhc', 'amara-okonjo')}`,
        '/referrals?group=yours',
      ],
      'dark',
    ],
    [
      'Utilization reviewer of General Hospital',
      async () => ['/referrals/referral-priya-nair', '/referrals/referral-theo-lindqvist'],
      'light',
    ],
  ] as const)('is well for everybody, also with all of it unfolded (%s)', async (who, paths, scheme) => {
    const page = await signIn(demo, who);
    for (const path of await paths()) {
      const answer = await page.goto(`${url}${path}`);
      expect(answer?.status(), path).toBe(200);
      await page.locator('main details').evaluateAll(all => {
        for (const one of all) (one as HTMLDetailsElement).open = true;
      });
      expect(await faultsOf(page, scheme), path).toEqual([]);
      expect(await page.title(), path).not.toMatch(/Okonjo|Lindqvist|Aldana|Nair|bipolar/i);
    }
    await page.context().close();
  });
});

describe('the board', () => {
  it('is sorted by whose turn it is, and narrowed by links that hold codes alone', async () => {
    const page = await signIn(demo, 'Discharge planner of General Hospital');
    await page.goto(`${url}/referrals`);
    const sections = () => page.locator('main section h2').allInnerTexts();
    expect(await sections()).toEqual(['Your turn 1', 'Waiting for others 4', 'Finished 1']);
    await page.getByRole('link', { name: 'Overdue 1' }).click();
    expect(page.url()).toBe(`${url}/referrals?late=yes`);
    expect(await page.locator('main table').innerText()).toContain('Theo Lindqvist');
    expect(await sections()).toEqual(['Waiting for others 1']);
    await page.getByRole('link', { name: 'On hold 0' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Overdue 1' }).click();
    expect(await sections()).toHaveLength(3);
    await page.goto(`${url}/referrals?stage=draft&late=yes`);
    await page.getByText('No referral fits').waitFor();
    await page.context().close();
  });
});

describe('by keyboard alone', () => {
  it('intake accepts with a slot in three actions, and the slot is taken', async () => {
    const task = await taskFor('northside-cmhc', 'amara-okonjo');
    const page = await signIn(demo, 'Intake of Northside CMHC');
    await page.goto(`${url}/inbox`);
    const keyboard = keyboardOf(page);
    const item = page.getByRole('article').filter({ hasText: 'Amara Okonjo' });
    await keyboard.press(item.locator('summary', { hasText: 'Accept' }));
    const times = item.getByLabel('A free time');
    await keyboard.type(times, (await times.locator('option').nth(1).innerText()).slice(0, 6));
    await keyboard.press(item.getByRole('button', { name: 'Accept' }));
    expect(keyboard.actions).toBe(3);
    await page.getByText('Accepted. The sender sees it now.').waitFor();
    const accepted = await readTask('northside-cmhc', task);
    expect([accepted.status, accepted.businessStatus?.coding?.[0]?.code]).toEqual(['in-progress', '5.1.1']);
    const slots = await supervisorOf(demo, 'northside-cmhc').search(
      'Slot',
      new URLSearchParams({ status: 'busy' }),
    );
    expect(slots.entries.map(({ stored }) => (stored.resource() as Slot).start)).toEqual([
      accepted.executionPeriod?.start,
    ]);
    await page.context().close();
  });
});

describe('what is refused', () => {
  let page: Page;
  beforeAll(async () => {
    page = await signIn(demo, 'Intake of Harbor Shelter');
  });
  afterAll(() => page?.context().close());

  it('says what is wrong, with what was typed, and changes nothing', async () => {
    const task = await taskFor('harbor-shelter', 'samuel-tetteh');
    await page.goto(`${url}/referrals/${task}`);
    await page.locator('summary', { hasText: 'Decline' }).click();
    const form = page.locator(`form[action$="/decline"]`);
    await form.getByLabel('Reason').selectOption({ label: 'Other' });
    await Promise.all([
      page.waitForResponse(answer => answer.request().method() === 'POST' && answer.status() === 400),
      form.getByRole('button', { name: 'Decline' }).click(),
    ]);
    await page.getByRole('alert').getByText('comment is required for the reason "other"').waitFor();
    expect(await page.locator('form[action$="/decline"] select').inputValue()).toBe('other');
    expect((await readTask('harbor-shelter', task)).status).toBe('requested');
  });

  it('says that a referral has moved on, and what is possible now', async () => {
    const task = await taskFor('harbor-shelter', 'samuel-tetteh');
    await page.goto(`${url}/referrals/${task}`);
    const visitor = await signInAs(url, 'harbor-shelter', 'case-manager');
    const path = `/referrals/${task}`;
    const { text } = await visitor.get(path);
    const answer = await visitor.post(`${path}/complete`, {
      'form-token': tokenIn(text),
      closure: 'engaged',
      received: 'yes',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Nothing was changed');
    expect((await readTask('harbor-shelter', task)).status).toBe('requested');
  });
});

describe('two sides at once', () => {
  let planner: Page;
  let intake: Page;
  beforeAll(async () => {
    [planner, intake] = await Promise.all([
      signIn(demo, 'Supervisor of County Hospital'),
      signIn(demo, 'Intake of Harbor Shelter'),
    ]);
  });
  afterAll(() => Promise.all([planner, intake].map(page => page?.context().close())));

  it('ask and answer, each in three actions, from where each begins', async () => {
    await planner.goto(`${url}/referrals/referral-samuel-tetteh`);
    await intake.goto(`${url}/inbox`);
    await intake.getByRole('link', { name: 'Ask the sender' }).click();
    // The field has the focus already.
    await intake.keyboard.type('Does he take his medication himself?');
    await intake.getByRole('button', { name: 'Send the question' }).click();
    const answer = planner.getByLabel('Your answer');
    await answer.waitFor({ timeout: 1000 });
    await answer.fill('Yes, he does.');
    await planner.getByRole('button', { name: 'Send the answer' }).click();
    await planner.getByText('Your answer is sent.').waitFor();
    const said = intake.locator('.happening').filter({ hasText: 'Yes, he does.' });
    await said.waitFor({ timeout: 1000 });
    expect(await said.count()).toBe(1);
  });

  it('what one types stays when the other changes something', async () => {
    await intake.goto(`${url}/inbox`);
    await intake.locator('summary', { hasText: 'Decline' }).click();
    const form = intake.locator('form[action$="/decline"]');
    await form.getByLabel('Reason').selectOption('no-capacity');
    await form.getByLabel('Note for the other side').fill('Perhaps next');
    await planner.goto(`${url}/referrals/referral-samuel-tetteh?act=message`);
    await planner.keyboard.type('He comes on Friday.');
    const fetched = intake.waitForResponse(answer => answer.url().endsWith('/inbox'));
    await planner.getByRole('button', { name: 'Send the message' }).click();
    await (await fetched).finished();
    await intake.waitForTimeout(200);
    expect(await form.getByLabel('Reason').inputValue()).toBe('no-capacity');
    await form.getByLabel('Note for the other side').press('End');
    await intake.keyboard.type(' week');
    expect(await form.getByLabel('Note for the other side').inputValue()).toBe('Perhaps next week');
    expect(await form.isVisible()).toBe(true);
  });

  it('a sender whose places have all declined chooses again, or closes', async () => {
    await planner.goto(`${url}/referrals/referral-samuel-tetteh`);
    await intake.locator('form[action$="/decline"]').getByRole('button', { name: 'Decline' }).click();
    const again = planner.getByRole('link', { name: 'Choose another place' });
    await again.waitFor({ timeout: 1000 });
    expect(await again.getAttribute('href')).toBe('/refer/referral-samuel-tetteh/places');
    expect(await planner.locator('main').innerText()).toContain('Harbor Shelter said: Perhaps next week');
    await planner.getByRole('button', { name: 'Close it without a place' }).click();
    await planner.getByText('The request is closed.').waitFor();
  });
});

describe('documents', () => {
  const sendFile = async (someone: Visit, task: string, file: Blob, title: string) => {
    const { text } = await someone.get(`/referrals/${task}`);
    const form = new FormData();
    form.set('form-token', tokenIn(text));
    form.set('title', title);
    form.set('file', file, 'scan.pdf');
    const cookie = [...someone.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return fetch(`${url}/referrals/${task}/documents`, {
      method: 'POST',
      body: form,
      headers: { cookie, origin: url },
      redirect: 'manual',
    });
  };
  const pdf = (size: number) => new Blob([`%PDF-1.7 ${'x'.repeat(size)}`], { type: 'application/pdf' });

  it('attached by the sender are downloaded by the receiver, and by nobody else', async () => {
    const sender = await signInAs(url, 'general-hospital', 'discharge-planner');
    expect((await sendFile(sender, 'referral-theo-lindqvist', pdf(300_000), 'Medication list')).status).toBe(
      303,
    );
    const task = await taskFor('southside-cmhc', 'theo-lindqvist');
    const receiver = await signInAs(url, 'southside-cmhc', 'intake');
    const { text } = await receiver.get(`/referrals/${task}`);
    expect(text).toContain('Medication list');
    const [address = ''] = /\/referrals\/[\w-]+\/documents\/[\w-]+/.exec(text) ?? [];
    const file = await receiver.get(address);
    expect([file.status, file.text.length]).toEqual([200, 300_009]);
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="referral-document.pdf"');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    // Northside has declined this referral.
    const stranger = await signInAs(url, 'northside-cmhc', 'intake');
    expect((await stranger.get(address)).status).toBe(404);
  });

  it('attached by the receiver are seen by the sender', async () => {
    const receiver = await signInAs(url, 'southside-cmhc', 'intake');
    const task = await taskFor('southside-cmhc', 'theo-lindqvist');
    expect((await sendFile(receiver, task, pdf(10), 'Intake note')).status).toBe(303);
    const { output } = await readTask('southside-cmhc', task);
    const [, id = ''] = output?.at(-1)?.valueReference?.reference?.split('/') ?? [];
    const seen = await supervisorOf(demo, 'general-hospital').read('DocumentReference', id);
    expect((seen.resource() as DocumentReference).description).toBe('Intake note');
  });

  it('of a kind or a size that is not taken are refused in words', async () => {
    const sender = await signInAs(url, 'general-hospital', 'discharge-planner');
    const program = await sendFile(
      sender,
      'referral-theo-lindqvist',
      new Blob(['x'], { type: 'application/x-msdownload' }),
      'x',
    );
    expect([program.status, await program.text()]).toEqual([
      422,
      expect.stringContaining('are not taken here'),
    ]);
    const large = await sendFile(sender, 'referral-theo-lindqvist', pdf(21 * 1024 * 1024), 'x');
    expect(large.status).toBe(413);
    expect(await large.text()).toContain('at most 20 MB');
  });
});

describe('a page shows nothing that its actor’s API token could not read', () => {
  it('to a center that has declined', async () => {
    const someone = await signInAs(url, 'northside-cmhc', 'intake');
    const { text, status } = await someone.get(`/referrals/${await declinedBy('northside-cmhc')}`);
    expect(status).toBe(200);
    expect(text).not.toMatch(/Lindqvist|Schizoaffective|1973-09-02|medication follow-up|Southside/);
  });

  it('to who is no party: it is not there', async () => {
    const someone = await signInAs(url, 'harbor-shelter', 'intake');
    const absent = await someone.get('/referrals/no-such-task');
    const hidden = await someone.get('/referrals/referral-theo-lindqvist');
    expect([absent.status, hidden.status]).toEqual([404, 404]);
    expect(hidden.text.replaceAll('referral-theo-lindqvist', 'no-such-task')).toBe(absent.text);
  });

  it('to a role without referrals: neither pages nor actions', async () => {
    const someone = await signInAs(url, 'general-hospital', 'auditor');
    expect((await someone.get('/referrals/referral-theo-lindqvist')).status).toBe(403);
    const { text } = await someone.get('/account');
    const answer = await someone.post('/referrals/referral-theo-lindqvist/cancel', {
      'form-token': tokenIn(text),
      comment: 'x',
    });
    expect(answer.status).toBe(403);
    expect((await readTask('general-hospital', 'referral-theo-lindqvist')).status).toBe('in-progress');
  });
});
