import { AxeBuilder } from '@axe-core/playwright';
import type { Condition, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../src/auth/accounts/passwords.ts';
import { launchBrowser } from '../harness/browser.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { pdfText } from '../harness/pdf-text.ts';
import { fulfill, reference, treatingOrganization } from '../harness/referral.ts';
import { type Visit, visit } from '../harness/visit.ts';

const icd = 'http://hl7.org/fhir/sid/icd-10-cm';
const password = 'harvest plover umbrella';

onSqlite('the packet in the browser', database => {
  let hub: TestHub;
  let hospital: Party;
  let request: ServiceRequest & { id: string };
  let kept: string;
  let browser: Browser;
  const path = () => `/referrals/${request.id}/packet`;

  /** Somebody of that organization, signed in. */
  async function person(
    organization: string,
    role = 'intake',
    email = `${role}@${organization}.example`,
  ): Promise<Visit & { account: string }> {
    const invitation = { email, name: 'Sam Reader', organization, role };
    const { account } = await hub.hub.people.management.invite(invitation, 'operator', { mail: false });
    await hub.hub.store.accounts.setPassword(account, kept);
    const browser = visit(hub.url);
    await browser.send('/sign-in', '/sign-in', { email, password });
    return { ...browser, account };
  }

  /** What somebody reads in the PDF. */
  async function readPdf({ cookies }: Visit) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${hub.url}${path()}.pdf`, { headers: { cookie } });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { response, raw: bytes.toString('latin1'), text: pdfText(bytes) };
  }

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_LOG: 'silent' });
    [kept, browser] = await Promise.all([hashPassword(password), launchBrowser()]);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    const center = await hub.party('center', { organization: treatingOrganization });
    await hub.party('stranger', { organization: treatingOrganization });
    const patient = await hospital.create({
      resourceType: 'Patient',
      name: [{ family: 'Alder', given: ['Robin'] }],
      birthDate: '1988-08-08',
    });
    const condition = (code: string, display: string) =>
      hospital.create<Condition>({
        resourceType: 'Condition',
        subject: reference(patient),
        code: { coding: [{ system: icd, code, display }] },
      });
    const known = [await condition('F33.1', 'Depression'), await condition('F11.20', 'Opioid dependence')];
    request = await hospital.create<ServiceRequest>({
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject: reference(patient),
      requester: { reference: hospital.organization },
      code: { text: 'Case management' },
      reasonReference: known.map(reference),
    });
    await hospital.create<Task>({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: fulfill,
      focus: reference(request),
      for: reference(patient),
      requester: { reference: hospital.organization },
      owner: { reference: center.organization },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
  });

  it('sends who is not signed in to sign in, and then here', async () => {
    for (const address of [path(), `${path()}.pdf`]) {
      const { status, location } = await visit(hub.url).get(address);
      expect([status, location]).toEqual([303, `/sign-in?return=${encodeURIComponent(address)}`]);
    }
  });

  it('shows the sender all of it, as page and PDF, and tells of nobody in title, name or cache', async () => {
    const sender = await person('hospital', 'discharge-planner');
    const page = await sender.get(path());
    expect(page.status, page.text).toBe(200);
    expect(page.text).toContain('Robin Alder');
    expect(page.text).toContain('Opioid dependence');
    expect(page.text).toContain(`href="${path()}.pdf"`);
    const { response, raw, text } = await readPdf(sender);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(text).toContain('Robin Alder');
    expect(text).toContain('Opioid dependence');
    expect(/<title>(.*?)<\/title>/.exec(page.text)?.[1]).toMatch(/^Referral packet/);
    expect(raw).toContain('(Referral packet)');
    expect(raw).not.toContain('Alder');
    expect(response.headers.get('content-disposition')).toBe('inline; filename="referral-packet.pdf"');
    for (const headers of [page.headers, response.headers]) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  describe('without consent', () => {
    it('has no trace of substance use for the receiver, in page or PDF, and counts what is left out', async () => {
      const receiver = await person('center');
      const page = await receiver.get(path());
      const { raw, text } = await readPdf(receiver);
      for (const words of [page.text, raw, text]) expect(words).not.toMatch(/pioid|F11\.20/);
      for (const words of [page.text, text]) {
        expect(words).toContain('Depression');
        expect(words).toContain('One attachment is not part of this packet');
      }
    });
  });

  it.each([
    ['wide', { width: 1280, colorScheme: 'light' }],
    ['on a phone, in the dark', { width: 390, colorScheme: 'dark' }],
  ] as const)(
    'is well made %s: fits, is accessible, prints on one sheet',
    async (_, { width, colorScheme }) => {
      const reader = await person('center', 'intake', `${width}@center.example`);
      const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme });
      const cookies = [...reader.cookies].map(([name, value]) => ({ name, value, url: hub.url }));
      await context.addCookies(cookies);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', message => complaints.push(message.text()));
      const answer = await page.goto(`${hub.url}${path()}`);
      expect(answer?.status()).toBe(200);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
      const printed = (await page.pdf({ format: 'Letter' })).toString('latin1');
      expect(printed.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('is recorded as read by that person', async () => {
    const reader = await person('center', 'case-manager');
    const count = async () => {
      const seen = await hub.hub
        .repository(hub.hub.hubActor)
        .search('AuditEvent', new URLSearchParams({ entity: `ServiceRequest/${request.id}`, _count: '200' }));
      return seen.entries.filter(({ stored }) => stored.body.includes(reader.account)).length;
    };
    const before = await count();
    await reader.get(path());
    expect(await count()).toBeGreaterThan(before);
    const afterPage = await count();
    await readPdf(reader);
    expect(await count()).toBeGreaterThan(afterPage);
  });

  it('is not there for others, no more than what does not exist', async () => {
    const stranger = await person('stranger');
    const page = await stranger.get(path());
    expect(page.status).toBe(404);
    expect(page.text).not.toContain('Alder');
    expect((await stranger.get(`${path()}.pdf`)).status).toBe(404);
    const absent = await stranger.get('/referrals/nothing/packet');
    expect(absent.status).toBe(404);
    expect(absent.text.replaceAll('nothing', request.id)).toBe(page.text);
  });
});
