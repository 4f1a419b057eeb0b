import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../src/auth/accounts/passwords.ts';
import type { Origin } from '../../src/auth/accounts/sessions.ts';
import { onSqlite } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';
import { linkIn, type MailServer, startMailServer } from '../harness/mail-server.ts';
import { tokenIn, visit } from '../harness/visit.ts';

const password = 'harvest plover umbrella';

onSqlite('signing in', database => {
  let mail: MailServer;
  let hub: TestHub;
  let count = 0;
  /** The password as it is kept: made once, for it is dear. */
  let kept: string;

  beforeAll(async () => {
    mail = await startMailServer();
    hub = await startTestHub(database, { HUB_SMTP_URL: mail.url });
    for (const name of ['clinic', 'other']) await hub.party(name);
    kept = await hashPassword(password);
  });
  afterAll(async () => {
    await hub?.stop();
    await mail?.stop();
  });

  const people = () => hub.hub.people;
  const from = (address: string, cookie?: string): Origin => ({ cookie, address, browser: undefined });

  /** Somebody new, with a password. */
  async function person(role = 'case-manager'): Promise<{ email: string; account: string }> {
    const email = `p${++count}@clinic.example`;
    const invitation = { email, name: `Person ${count}`, organization: 'clinic', role };
    const { account } = await people().management.invite(invitation, 'operator', { mail: false });
    await hub.hub.store.accounts.setPassword(account, kept);
    return { email, account };
  }

  const signIn = async (email: string, secret = password) => {
    const browser = visit(hub.url);
    const page = await browser.send('/sign-in', '/sign-in', { email, password: secret });
    return { browser, page };
  };

  describe('answers', () => {
    it('are the same for a wrong password, no account, a suspended and an invited one', async () => {
      const [active, suspended] = [await person(), await person()];
      await people().management.suspend(suspended.account, 'operator');
      const invited = {
        email: 'invited@clinic.example',
        name: 'In Vited',
        organization: 'clinic',
        role: 'intake',
      };
      await people().management.invite(invited, 'operator', { mail: false });
      const tries: [string, string][] = [
        [active.email, 'not the password'],
        ['nobody@clinic.example', 'not the password'],
        [suspended.email, password],
        [invited.email, ''],
      ];
      const answers = [];
      for (const [email, secret] of tries) {
        const { page } = await signIn(email, secret);
        const token = tokenIn(page.text);
        answers.push([page.status, page.text.replaceAll(token, 'T').replaceAll(email, 'E'), page.location]);
      }
      expect(answers[0]?.[0]).toBe(403);
      expect(answers[0]?.[1]).toContain('E-mail address or password is not right');
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    });

    it('are the same whether or not a mail with a link is sent', async () => {
      const { email } = await person();
      const ask = async (address: string) => {
        const page = await visit(hub.url).send('/password/forgot', '/password/forgot', { email: address });
        return [page.status, page.text];
      };
      const answers = [await ask(email), await ask('nobody@clinic.example')];
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[0]?.[1]).toContain('If there is an account with this address');
      await mail.mailTo(email);
      expect(mail.received.some(one => one.to === 'nobody@clinic.example')).toBe(false);
    });
  });

  describe('trying passwords', () => {
    const wrong = (email: string, origin: Origin) =>
      people().passwords.signIn({ email, password: 'wrong' }, origin);
    const waits = async (email: string, origin: Origin, tries: number) => {
      const found: number[] = [];
      for (let one = 0; one < tries; one++) {
        const answer = await wrong(email, origin);
        found.push('wait' in answer ? answer.wait : -1);
        if ('wait' in answer) hub.clock.advance({ minutes: answer.wait / 60 });
      }
      return found;
    };

    it.each([true, false])('is slower and slower after five, account or not (%s)', async there => {
      const email = there ? (await person()).email : 'nobody.else@clinic.example';
      // Each wait is sat out: a try that comes too early is not listened to, and counts for nothing.
      expect(await waits(email, from('10.0.0.1'), 12)).toEqual([0, 0, 0, 0, 0, 1, 0, 2, 0, 4, 0, 8]);
    });

    it('at the same time gains nothing', async () => {
      const { email } = await person();
      const answers = await Promise.all(Array.from({ length: 20 }, () => wrong(email, from('10.0.0.2'))));
      const listened = answers.filter(one => 'wait' in one && one.wait === 0);
      expect(listened.length).toBe(5);
    });

    it('does not lock out a person elsewhere, nor on a device of their own', async () => {
      const { email, account } = await person();
      const device = (await people().passwords.rememberDevice(account, undefined)) ?? '';
      await Promise.all(Array.from({ length: 25 }, (_, host) => wrong(email, from(`10.1.0.${host}`))));
      const blocked = await people().passwords.signIn({ email, password }, from('10.2.0.1'));
      expect('wait' in blocked && blocked.wait).toBeGreaterThan(0);
      const cookie = `${people().cookies.device}=${device}`;
      expect(await people().passwords.signIn({ email, password }, from('10.2.0.1', cookie))).toHaveProperty(
        'session',
      );
      // Nobody else's device: it is of no use for this account.
      const other = (await people().passwords.rememberDevice((await person()).account, undefined)) ?? '';
      const foreign = `${people().cookies.device}=${other}`;
      expect(await wrong(email, from('10.2.0.2', foreign))).toMatchObject({ wait: expect.any(Number) });
    });

    it('is forgotten once it was right, and after a day', async () => {
      const { email } = await person();
      const home = from('10.3.0.1');
      await waits(email, home, 4);
      expect(await people().passwords.signIn({ email, password }, home)).toHaveProperty('session');
      expect(await waits(email, home, 6)).toEqual([0, 0, 0, 0, 0, 1]);
      hub.clock.advance({ days: 1, minutes: 1 });
      expect(await waits(email, home, 5)).toEqual([0, 0, 0, 0, 0]);
    });

    it('tells on the page how long to wait', async () => {
      const { email } = await person();
      for (let tries = 0; tries < 5; tries++) await signIn(email, 'wrong');
      const { page } = await signIn(email);
      expect(page.status).toBe(429);
      expect(page.headers.get('retry-after')).toBe('1');
      expect(page.text).toContain('try again in 1 seconds');
      hub.clock.advance({ minutes: 1 });
      expect((await signIn(email)).page.status).toBe(303);
    });
  });

  describe('a session', () => {
    it.each([
      ['29 minutes idle', [29], true],
      ['31 minutes idle', [31], false],
      ['used each 25 minutes for 11 hours', Array.from({ length: 26 }, () => 25), true],
      ['used each 25 minutes for more than 12 hours', Array.from({ length: 29 }, () => 25), false],
    ])('%s', async (_name, gaps, alive) => {
      const { browser } = await signIn((await person()).email);
      let last = 200;
      for (const minutes of gaps) {
        hub.clock.advance({ minutes });
        last = (await browser.get('/account')).status;
      }
      expect(last).toBe(alive ? 200 : 303);
    });

    it('has a cookie that scripts and other sites do not get, and a new id at each step', async () => {
      const { email } = await person();
      const invitation = { email, name: 'Person', organization: 'other', role: 'intake' };
      await people().management.invite(invitation, 'operator', { mail: false });
      const { browser, page } = await signIn(email);
      const [set] = page.headers.getSetCookie().filter(one => one.startsWith('hub-session='));
      expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
      const ids = [browser.cookies.get('hub-session')];
      await browser.send('/sign-in/organization', '/sign-in/organization', { organization: 'clinic' });
      ids.push(browser.cookies.get('hub-session'));
      await browser.send('/sign-in/organization', '/sign-in/organization', { organization: 'other' });
      ids.push(browser.cookies.get('hub-session'));
      expect(new Set(ids).size).toBe(3);
      for (const old of ids.slice(0, 2))
        expect(await people().fromCookie(`hub-session=${old}`)).toBeUndefined();
      expect(await people().fromCookie(`hub-session=${ids[2]}`)).toMatchObject({
        organization: 'other',
        role: 'intake',
      });
    });

    it('acts for no organization that the person is not in', async () => {
      const { browser } = await signIn((await person()).email);
      const page = await browser.send('/account', '/sign-in/organization', { organization: 'other' });
      expect(page.status).toBe(403);
    });

    it('ends alone, or with all others', async () => {
      const { email } = await person();
      const [one, two, three] = [await signIn(email), await signIn(email), await signIn(email)];
      await one.browser.send('/account', '/sign-out', {});
      expect((await one.browser.get('/account')).status).toBe(303);
      expect((await two.browser.get('/account')).status).toBe(200);
      await two.browser.send('/account', '/account/sign-out-everywhere', {});
      for (const { browser } of [two, three]) expect((await browser.get('/account')).status).toBe(303);
    });

    it('lists one’s sessions, and ends another of them, but nobody else’s', async () => {
      const { email } = await person();
      const [one, two] = [await signIn(email), await signIn(email)];
      const stranger = await signIn((await person()).email);
      const listed = (await one.browser.get('/account')).text;
      const [other = ''] = [...listed.matchAll(/name="session" value="([^"]+)"/g)].map(match => match[1]);
      await stranger.browser.send('/account', '/account/sessions/end', { session: other });
      expect((await two.browser.get('/account')).status).toBe(200);
      await one.browser.send('/account', '/account/sessions/end', { session: other });
      expect((await two.browser.get('/account')).status).toBe(303);
      expect((await one.browser.get('/account')).status).toBe(200);
    });

    it('is over at once, in every organization, when the account is suspended', async () => {
      const { email, account } = await person();
      const { browser } = await signIn(email);
      expect(await people().find(account, 'clinic')).toMatchObject({ account, role: 'case-manager' });
      await people().management.suspend(account, 'operator');
      expect((await browser.get('/account')).status).toBe(303);
      expect(await people().find(account, 'clinic')).toBeUndefined();
      expect((await signIn(email)).page.status).toBe(403);
      await people().management.resume(account, 'operator');
      expect((await browser.get('/account')).status).toBe(303);
      expect((await signIn(email)).page.status).toBe(303);
    });
  });

  describe('a link by mail', () => {
    it('is not used up by opening it, works once, and ends all sessions', async () => {
      const { email } = await person();
      const { browser } = await signIn(email);
      await visit(hub.url).send('/password/forgot', '/password/forgot', { email });
      const path = new URL(linkIn(await mail.mailTo(email), '/password/')).pathname;
      for (let scan = 0; scan < 3; scan++) expect((await visit(hub.url).get(path)).status).toBe(200);
      const guest = visit(hub.url);
      const weak = await guest.send(path, path, { password: 'password1234' });
      expect([weak.status, weak.text.includes('Many people would try')]).toEqual([422, true]);
      const done = await guest.send(path, path, { password: 'gravel tuesday lantern' });
      expect([done.status, done.location]).toEqual([303, '/sign-in?notice=new-password']);
      expect((await browser.get('/account')).status).toBe(303);
      expect((await guest.get(path)).status).toBe(410);
      expect((await signIn(email)).page.status).toBe(403);
      expect((await signIn(email, 'gravel tuesday lantern')).page.status).toBe(303);
    });

    it.each([
      ['reset', 59, 200],
      ['reset', 61, 410],
      ['invitation', 7 * 24 * 60 - 1, 200],
      ['invitation', 7 * 24 * 60 + 1, 410],
    ])('for a %s after %i minutes: %i', async (purpose, minutes, status) => {
      const invited = purpose === 'invitation';
      const email = invited ? `late${++count}@clinic.example` : (await person()).email;
      if (invited) {
        const invitation = { email, name: 'La Te', organization: 'clinic', role: 'intake' };
        await people().management.invite(invitation, 'operator');
      } else people().anew.askReset(email, from('10.4.0.1'));
      const link = linkIn(await mail.mailTo(email), invited ? '/invitation/' : '/password/');
      hub.clock.advance({ minutes });
      expect((await visit(hub.url).get(new URL(link).pathname)).status).toBe(status);
    });

    it('of two at the same time, one chooses the password', async () => {
      const invitation = {
        email: `twice${++count}@clinic.example`,
        name: 'Tw Ice',
        organization: 'clinic',
        role: 'intake',
      };
      const { link = '' } = await people().management.invite(invitation, 'operator', { mail: false });
      const secret = link.split('/').at(-1) ?? '';
      const results = await Promise.allSettled(
        ['harvest plover umbrella', 'gravel tuesday lantern'].map(one =>
          people().anew.accept(secret, one, from('10.4.0.2')),
        ),
      );
      expect(results.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    it('is not sent more often than somebody may want it', async () => {
      const { email } = await person();
      for (let one = 0; one < 10; one++) people().anew.askReset(email, from('10.4.0.3'));
      await mail.mailTo(email);
      await new Promise(resolve => setTimeout(resolve, 300));
      expect(mail.received.filter(one => one.to === email).length).toBeLessThanOrEqual(3);
    });
  });

  describe('a form', () => {
    it.each([
      ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
      [
        'from another site of the domain',
        { origin: 'https://sub.hub.example', 'sec-fetch-site': 'same-site' },
      ],
      ['from nowhere', { origin: 'null' }],
      ['without a word where it is from', {}],
    ])('%s is refused, and does nothing', async (_name, headers: Record<string, string>) => {
      const { browser } = await signIn((await person()).email);
      const token = tokenIn((await browser.get('/account')).text);
      const page = await browser.post('/account/sign-out-everywhere', { 'form-token': token }, headers);
      expect(page.status).toBe(403);
      expect((await browser.get('/account')).status).toBe(200);
    });

    it.each([
      ['without a token', ''],
      ['with a wrong token', 'A'.repeat(43)],
    ])('%s is refused, and does nothing', async (_name, token) => {
      const { browser } = await signIn((await person()).email);
      const page = await browser.post('/account/sign-out-everywhere', { 'form-token': token });
      expect(page.status).toBe(403);
      expect(page.text).toContain('nothing was done');
      expect((await browser.get('/account')).status).toBe(200);
    });

    it('with the token of another browser is refused, at the sign-in too', async () => {
      const { email } = await person();
      const token = tokenIn((await visit(hub.url).get('/sign-in')).text);
      const page = await visit(hub.url).post('/sign-in', { 'form-token': token, email, password });
      expect(page.status).toBe(403);
      expect(page.headers.getSetCookie().join()).not.toContain('hub-session');
    });
  });

  describe('after the sign-in', () => {
    it.each([
      ['/oauth/interaction/abc?x=1', '/oauth/interaction/abc?x=1'],
      ['//evil.example/', '/'],
      ['/\\evil.example', '/'],
      ['https://evil.example/', '/'],
      ['javascript:alert(1)', '/'],
      ['/a/../../b', '/b'],
    ])('%j leads to %j', async (wanted, where) => {
      const browser = visit(hub.url);
      const { email } = await person();
      const on = await browser.send('/sign-in', '/sign-in', { email, password, return: wanted });
      const last = await browser.get(on.location ?? '');
      expect(last.location).toBe(where);
    });

    it('leads to the page that was asked for', async () => {
      const page = await visit(hub.url).get('/people');
      expect(page.location).toBe('/sign-in?return=%2Fpeople');
    });
  });

  describe('the second factor', () => {
    async function enrolled() {
      const known = await person('supervisor');
      const { browser, page } = await signIn(known.email);
      const on = await browser.get(page.location ?? '');
      expect(on.location).toBe('/sign-in/enrol');
      const { text } = await browser.get('/sign-in/enrol');
      const key = (/<code>([A-Z2-7 ]+)<\/code>/.exec(text)?.[1] ?? '').replaceAll(' ', '');
      const offer = /name="offer" value="([^"]+)"/.exec(text)?.[1] ?? '';
      const code = () =>
        new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: hub.clock.now().getTime() });
      const confirmed = await browser.post('/sign-in/enrol', {
        'form-token': tokenIn(text),
        offer,
        code: code(),
      });
      const recovery = [...confirmed.text.matchAll(/<code>([a-z2-9-]{14})<\/code>/g)].map(
        match => match[1] ?? '',
      );
      return { ...known, browser, code, recovery, offer, key };
    }
    const give = async (email: string, code: string) => {
      const { browser } = await signIn(email);
      return {
        browser,
        page: await browser.send('/sign-in/second-factor', '/sign-in/second-factor', { code }),
      };
    };

    it('is asked for by role, and until then there is nobody', async () => {
      const { browser } = await signIn((await person('auditor')).email);
      expect(await people().fromCookie(`hub-session=${browser.cookies.get('hub-session')}`)).toBeUndefined();
      for (const path of ['/account', '/people']) expect((await browser.get(path)).status).toBe(303);
      expect((await browser.get('/')).text).not.toContain('Sign out');
    });

    it('takes each code once', async () => {
      const { email, code } = await enrolled();
      hub.clock.advance({ minutes: 1 });
      const once = code();
      expect((await give(email, once)).page.status).toBe(303);
      expect((await give(email, once)).page.status).toBe(403);
      hub.clock.advance({ minutes: 1 });
      expect((await give(email, code())).page.status).toBe(303);
    });

    it('takes each recovery code once, and nobody else’s', async () => {
      const [one, other] = [await enrolled(), await enrolled()];
      expect(one.recovery.length).toBe(10);
      const [code = ''] = one.recovery;
      expect((await give(other.email, code)).page.status).toBe(403);
      expect((await give(one.email, code.toUpperCase().replaceAll('-', ' '))).page.status).toBe(303);
      expect((await give(one.email, code)).page.status).toBe(403);
    });

    it('is guessed slower and slower, in whatever session', async () => {
      const { email } = await enrolled();
      for (let guess = 0; guess < 5; guess++) expect((await give(email, '000000')).page.status).toBe(403);
      expect((await give(email, '000000')).page.status).toBe(429);
    });

    it('is not set up with an offer made to another session', async () => {
      const first = await enrolled();
      const { browser } = await signIn((await person('supervisor')).email);
      const page = await browser.send('/sign-in/enrol', '/sign-in/enrol', {
        offer: first.offer,
        code: first.code(),
      });
      expect(page.status).toBe(303);
      expect((await browser.get('/account')).status).toBe(303);
    });

    it('is not in the database in clear', async () => {
      const { account, key } = await enrolled();
      const stored = await hub.hub.store.accounts.byId(account);
      expect(stored?.totp).toMatch(/^v1\./);
      expect(stored?.totp).not.toContain(key);
    });
  });

  describe('managing people', () => {
    const as = async (role: string, organization: string) => {
      const email = `m${++count}@${organization}.example`;
      const invitation = { email, name: `Manager ${count}`, organization, role };
      const { account } = await people().management.invite(invitation, 'operator', { mail: false });
      const found = await people().find(account, organization);
      if (!found) throw new Error('the person is not there');
      return found;
    };
    const invitation = (organization: string, role = 'intake') => ({
      email: `n${++count}@new.example`,
      name: 'New Person',
      organization,
      role,
    });

    it.each([
      ['organization-administrator', 'clinic', 'clinic', undefined],
      ['organization-administrator', 'clinic', 'other', 'forbidden'],
      ['organization-administrator', 'clinic', 'hub', 'forbidden'],
      ['network-administrator', 'hub', 'other', undefined],
      ['supervisor', 'clinic', 'clinic', 'forbidden'],
      ['auditor', 'hub', 'clinic', 'forbidden'],
    ])('%s of %s invites to %s: %s', async (role, home, organization, refused) => {
      const by = await as(role, home);
      const done = people().management.invite(invitation(organization), by, { mail: false });
      if (refused) await expect(done).rejects.toMatchObject({ kind: refused });
      else await expect(done).resolves.toHaveProperty('link');
    });

    it('does not make a network administrator of anybody outside of the network itself', async () => {
      const by = await as('organization-administrator', 'clinic');
      const done = people().management.invite(invitation('clinic', 'network-administrator'), by, {
        mail: false,
      });
      await expect(done).rejects.toMatchObject({ kind: 'invalid', problems: [{ expression: 'role' }] });
    });

    it('suspends for one organization, and leaves the others to their own administrators', async () => {
      const { account } = await person();
      const also = {
        email: `p${count}@clinic.example`,
        name: 'Person',
        organization: 'other',
        role: 'intake',
      };
      await people().management.invite(also, 'operator', { mail: false });
      const by = await as('organization-administrator', 'clinic');
      await people().management.suspend(account, by, 'clinic');
      expect(await people().find(account, 'clinic')).toBeUndefined();
      expect(await people().find(account, 'other')).toMatchObject({ organization: 'other' });
      await expect(people().management.suspend(account, by)).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(people().management.suspend(by.account, by, 'clinic')).rejects.toMatchObject({
        kind: 'conflict',
      });
    });

    it('writes them into the directory of the organization', async () => {
      const by = await as('case-manager', 'clinic');
      const clinic = hub.hub.repository({ ...hub.hub.hubActor, kind: 'client', organization: 'clinic' });
      const stored = await clinic.read('PractitionerRole', by.practitionerRole);
      expect(stored.source).toBe('clinic');
      expect(stored.resource()).toMatchObject({
        organization: { reference: 'Organization/clinic' },
        practitioner: { reference: `Practitioner/${by.practitioner}` },
        code: [{ text: 'Case manager' }],
      });
    });

    it('changes a role from the next request on', async () => {
      const { account, email } = await person();
      const { browser } = await signIn(email);
      expect((await browser.get('/account')).text).toContain('Case manager');
      await people().management.changeRole(account, 'clinic', 'intake', 'operator');
      expect((await browser.get('/account')).text).toContain('Intake');
    });
  });
});
