import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../src/access/roles.ts';
import { launchBrowser, openPage } from '../harness/browser.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { linkIn, type MailServer, startMailServer } from '../harness/mail-server.ts';
import { communityOrganization, type Referral, refer, treatingOrganization } from '../harness/referral.ts';

const password = 'harvest plover umbrella';

onSqlite('people of a hub in production', database => {
  let mail: MailServer;
  let hub: TestHub;
  let hospital: Party;
  let shelter: Party;
  let referral: Referral;
  let browser: Browser;
  let admin: Page;
  let ada: Page;
  let key: string;

  beforeAll(async () => {
    mail = await startMailServer();
    const env = { HUB_ENV: 'production', HUB_SMTP_URL: mail.url, HUB_MAIL_FROM: 'Hub <hub@network.example>' };
    [hub, browser] = await Promise.all([startTestHub(database, env), launchBrowser()]);
    hospital = await hub.party('hospital', {
      organization: { name: 'General Hospital', ...treatingOrganization },
    });
    const center = await hub.party('center', {
      organization: { name: 'Northside', ...treatingOrganization },
    });
    shelter = await hub.party('shelter', { organization: { name: 'Harbor', ...communityOrganization } });
    referral = await refer(hospital, center.organization);
    const invitation = { email: 'boss@general.example', name: 'Lee Boss', organization: 'hospital' };
    await hub.hub.people.management.invite({ ...invitation, role: 'organization-administrator' }, 'operator');
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    await mail?.stop();
  });

  const at = (path: string) => `${hub.url}${path}`;
  const pathOf = (page: Page) => new URL(page.url()).pathname;
  const code = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: hub.clock.now().getTime() });
  const giveCode = async (page: Page, secret: string) => {
    await page.getByRole('textbox', { name: 'Code' }).fill(code(secret));
    await page.getByRole('button', { name: /Confirm|Go on/ }).click();
  };

  /** From the mail to the first page; gives the key of the authenticator app. */
  async function join(page: Page, email: string): Promise<string> {
    await page.goto(linkIn(await mail.mailTo(email), '/invitation/'));
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Accept the invitation' }).click();
    await page.getByRole('heading', { name: 'Set up your second factor' }).waitFor();
    const secret = (await page.locator('p code').innerText()).replaceAll(' ', '');
    await giveCode(page, secret);
    expect(await page.getByRole('listitem').count()).toBe(10);
    await page.getByRole('link', { name: 'go on' }).click();
    return secret;
  }

  const choose = async (page: Page, organization: string) => {
    await page.getByLabel(organization).check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('navigation', { name: 'Your account' }).getByText(`for ${organization}`).waitFor();
  };

  /** The FHIR data as whoever is signed in on a page may see it. */
  async function repositoryOf(page: Page) {
    const cookies = await page.context().cookies();
    const person = await hub.hub.people.fromCookie(cookies.map(one => `${one.name}=${one.value}`).join('; '));
    if (!person) throw new Error('nobody is signed in');
    return hub.hub.repository(actorOf(person));
  }

  const openMenu = (page: Page) =>
    page.getByRole('navigation', { name: 'Your account' }).locator('summary').click();

  it('an administrator joins by mail, and invites somebody by mail', async () => {
    admin = (await openPage(browser, at('/sign-in'))).page;
    await join(admin, 'boss@general.example');
    await admin.getByRole('link', { name: 'Staff accounts', exact: true }).click();
    await admin.getByLabel('Name').fill('Ada Quinn');
    await admin.getByLabel('E-mail address').fill('Ada@General.example');
    await admin.getByRole('combobox', { name: 'Role', exact: true }).selectOption('discharge-planner');
    await admin.getByRole('button', { name: 'Send the invitation' }).click();
    await admin.getByText('The invitation is on its way.').waitFor();
    const row = admin.getByRole('row').filter({ hasText: 'Ada Quinn' });
    expect(await row.innerText()).toContain('Invited, no password chosen yet');
    const first = await mail.mailTo('ada@general.example');
    expect(first).toMatchObject({ subject: 'Join General Hospital on Warm Handoff' });
    // Another organization does so too, before she has accepted: a new link takes the place of the first one.
    const other = {
      email: 'ada@general.example',
      name: 'A. Quinn',
      organization: 'shelter',
      role: 'case-manager',
    };
    await hub.hub.people.management.invite(other, 'operator');
    await mail.mailTo('ada@general.example', first);
    expect((await fetch(linkIn(first, '/invitation/'))).status).toBe(410);
  });

  it('she sets a password, takes up the second factor, and sees what her role and organization allow', async () => {
    const opened = await openPage(browser, at('/sign-in'));
    ada = opened.page;
    key = await join(ada, 'ada@general.example');
    expect(pathOf(ada)).toBe('/sign-in/organization');
    await choose(ada, 'General Hospital');
    expect(opened.complaints).toEqual([]);
    await ada.goto(at('/referrals'));
    expect(await ada.locator('main').innerText()).toContain('Rivera');
    const own = await repositoryOf(ada);
    expect((await own.read('Patient', referral.patient.id)).id).toBe(referral.patient.id);
    await expect(own.search('AuditEvent', new URLSearchParams())).rejects.toMatchObject({
      kind: 'forbidden',
    });
    const stranger = await shelter.create({ resourceType: 'Patient', name: [{ family: 'Elsewhere' }] });
    await expect(own.read('Patient', stranger.id)).rejects.toMatchObject({ kind: 'not-found' });
    await ada.goto(at('/people'));
    expect(await ada.locator('main').innerText()).toContain('Your role does not include managing people');
  });

  it('she signs out, and in again with a new code; the one before is not taken twice', async () => {
    await ada.goto(at('/account'));
    await openMenu(ada);
    await ada.getByRole('button', { name: 'Sign out', exact: true }).click();
    await ada.waitForURL('**/sign-in');
    await ada.getByLabel('E-mail address').fill('ada@general.example');
    await ada.getByLabel('Password').fill(password);
    await ada.getByRole('button', { name: 'Sign in', exact: true }).click();
    await ada.waitForURL('**/sign-in/second-factor');
    await giveCode(ada, key);
    await ada.getByText('was used already').waitFor();
    await ada.goto(at('/referrals'));
    expect(await ada.locator('main').innerText()).not.toContain('Rivera');
    hub.clock.advance({ minutes: 1 });
    await ada.goto(at('/sign-in'));
    await giveCode(ada, key);
    await choose(ada, 'General Hospital');
  });

  it('she switches the organization, and sees only what that one may see', async () => {
    const before = (await ada.context().cookies()).find(one => one.name === 'hub-session')?.value;
    await openMenu(ada);
    await ada.getByRole('link', { name: 'Switch organization' }).click();
    await choose(ada, 'Harbor');
    const after = (await ada.context().cookies()).find(one => one.name === 'hub-session')?.value;
    expect(after).not.toBe(before);
    await ada.goto(at('/referrals'));
    expect(await ada.locator('main').innerText()).not.toContain('Rivera');
    const repository = await repositoryOf(ada);
    expect(repository.actor).toMatchObject({ kind: 'person', organization: 'shelter' });
    await expect(repository.read('Patient', referral.patient.id)).rejects.toMatchObject({
      kind: 'not-found',
    });
    const written = await repository.write([
      { kind: 'create', resource: { resourceType: 'Patient', name: [{ family: 'Newly' }] } },
    ]);
    expect(written[0]?.stored?.source).toBe('shelter');
    await openMenu(ada);
    await ada.getByRole('link', { name: 'Switch organization' }).click();
    await choose(ada, 'General Hospital');
  });

  it('the administrator suspends her: her open session ends with the next request', async () => {
    await ada.goto(at('/account'));
    expect(await ada.getByRole('heading', { level: 1 }).innerText()).toBe('My account');
    await admin.goto(at('/people'));
    await admin.getByRole('button', { name: 'Suspend Ada Quinn' }).click();
    await admin.getByRole('button', { name: 'Resume Ada Quinn' }).waitFor();
    await ada.reload();
    expect(pathOf(ada)).toBe('/sign-in');
    await expect(repositoryOf(ada)).rejects.toThrow('nobody is signed in');
  });

  it('all of it is in the audit, by account, without a name or an address of mail', async () => {
    const events = await hub.hub.repository(hub.hub.hubActor).search(
      'AuditEvent',
      new URLSearchParams({
        subtype: 'suspend,invite,accept,second-factor,change-second-factor',
        _count: '100',
      }),
    );
    const all = events.entries.map(({ stored }) => stored.body);
    for (const one of ['suspend', 'invite', 'accept', 'second-factor', 'change-second-factor'])
      expect(
        all.some(body => body.includes(`"code":"${one}"`)),
        one,
      ).toBe(true);
    expect(all.join()).not.toMatch(/Quinn|general\.example/i);
  });
});
