import type { AuditEvent, Bundle, Condition, Organization, Patient, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Link } from '../../src/auth/links/link.ts';
import { linkActor } from '../../src/auth/links/link-access.ts';
import { system } from '../../src/fhir/canonical.ts';
import { onSqlite } from '../harness/databases.ts';
import { refer, reference, treatingOrganization } from '../harness/referral.ts';
import { type LinkWorld, linkWorld, shelterEmail, type Visitor, visitor } from './link-world.ts';

const codeIn = (text: string | undefined) => /\b(\d{6})\b/.exec(text ?? '')?.[1] ?? '';

onSqlite('a link', database => {
  let world: LinkWorld;
  beforeAll(async () => {
    world = await linkWorld(database);
  });
  afterAll(() => world.stop());

  const whole = async (offer: Parameters<LinkWorld['task']>[0]) => JSON.stringify(await world.task(offer));

  /** Answers as somebody who reads the shelter's mail. */
  async function answer(browser: Visitor, url: string, fields: Record<string, string>) {
    const asked = await browser.post(url, fields);
    if (asked.status !== 200) return asked;
    const [mail] = await world.mails();
    return browser.post(url, { ...fields, code: codeIn(mail?.text) });
  }

  it('is sent to the address in the directory, without health information, and only once', async () => {
    const { mail, referral } = await world.offer();
    expect(mail.to).toContain(shelterEmail);
    expect(mail.text).not.toMatch(/Okonjo|Amara|Homelessness/);
    expect(mail.subject).not.toMatch(/Okonjo|Homelessness/);
    world.hub.clock.advance({ minutes: 6 });
    await world.hub.settle();
    expect(await world.mails()).toEqual([]);
    expect(referral.task.status).toBe('requested');
  });

  it('opened by a scanner changes nothing, and shows initials and the need, but no name', async () => {
    const offer = await world.offer();
    const before = await whole(offer);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await visitor().get(offer.url, { method });
      expect(page.status).toBe(200);
      if (method === 'GET') expect(page.text).toContain('A. O.');
      expect(page.text).not.toMatch(/Amara|Okonjo|555-0177/);
    }
    expect(await whole(offer)).toBe(before);
    expect(await world.mails()).toEqual([]);
    const options = await visitor().get(offer.url, { method: 'OPTIONS' });
    expect(options.status).toBe(404);
  });

  it('has headers and a title that give nothing away', async () => {
    const { url } = await world.offer();
    const { headers, text } = await visitor().get(url);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('set-cookie')).toBeNull();
    expect(text).toContain('<title>A request for your organization</title>');
    expect(text).not.toContain('<script');
    expect(new URL(url).pathname).toMatch(/^\/l\/[\w-]{16}\.[\w-]{43}$/);
  });

  it('asks who answers for a code that only the contact gets, and accepts once', async () => {
    const offer = await world.offer();
    const browser = visitor();
    const asked = await browser.post(offer.url, { event: 'accept' });
    expect(asked.text).toContain('d•••@harbor-shelter.example');
    expect((await world.task(offer)).status).toBe('requested');
    const [mail] = await world.mails();
    const wrong = await browser.post(offer.url, {
      event: 'accept',
      code: codeIn(mail?.text) === '000000' ? '111111' : '000000',
    });
    expect([wrong.status, (await world.task(offer)).status]).toEqual([403, 'requested']);
    const accepted = await browser.post(offer.url, { event: 'accept', code: codeIn(mail?.text) });
    expect(accepted.status).toBe(303);
    expect((await world.task(offer)).status).toBe('accepted');

    const page = await browser.get(offer.url);
    expect(page.text).toContain('Amara Okonjo');
    expect(page.text).toContain('(320) 555-0177');
    expect((await visitor().get(offer.url)).text).not.toMatch(/Amara|555-0177/);
    const again = await browser.post(offer.url, { event: 'accept' });
    expect(again.status).toBe(409);
    expect((await browser.post(offer.url, { event: 'decline', reason: 'payer' })).status).toBe(409);
    expect((await world.task(offer)).status).toBe('accepted');
  });

  it('two answers at once have one winner', async () => {
    const offer = await world.offer();
    const [one, two] = [visitor(), visitor()];
    await one.post(offer.url, { event: 'accept' });
    const [first] = await world.mails();
    await one.post(offer.url, { event: 'show', code: codeIn(first?.text) });
    await two.post(offer.url, { event: 'accept' });
    const [second] = await world.mails();
    await two.post(offer.url, { event: 'show', code: codeIn(second?.text) });
    const answers = await Promise.all([
      one.post(offer.url, { event: 'accept' }),
      two.post(offer.url, { event: 'decline', reason: 'no-capacity' }),
    ]);
    expect(answers.map(({ status }) => status).filter(status => status === 303)).toHaveLength(1);
    const { status } = await world.task(offer);
    expect(status).toBe(answers[0]?.status === 303 ? 'accepted' : 'rejected');
  });

  it('declines with a coded reason, and opens nothing afterwards', async () => {
    const offer = await world.offer();
    const browser = visitor();
    expect((await browser.post(offer.url, { event: 'decline' })).status).toBe(400);
    expect((await browser.post(offer.url, { event: 'decline', reason: 'other' })).status).toBe(400);
    const done = await answer(browser, offer.url, {
      event: 'decline',
      reason: 'other',
      comment: 'The roof leaks',
    });
    expect(done.status).toBe(303);
    const task = await world.task(offer);
    expect([task.status, task.statusReason?.coding?.[0]?.code, task.statusReason?.text]).toEqual([
      'rejected',
      'other',
      'The roof leaks',
    ]);
    const closed = await browser.get(offer.url);
    expect(closed.status).toBe(410);
    expect(closed.text).toContain('General Hospital');
    expect(closed.text).toContain('(320) 555-0110');
    expect(closed.text).not.toMatch(/A\. O\.|Okonjo|Homelessness/);
    expect((await browser.post(offer.url, { event: 'accept' })).status).toBe(410);
  });

  it('goes from the start to the outcome, and each step is a version of the Task', async () => {
    const offer = await world.offer();
    const browser = visitor();
    await answer(browser, offer.url, { event: 'accept' });
    for (const [event, status] of [
      ['start', 'in-progress'],
      ['record-visit', 'in-progress'],
    ] as const) {
      expect((await browser.post(offer.url, { event })).status, event).toBe(303);
      expect((await world.task(offer)).status).toBe(status);
    }
    const done = await browser.post(offer.url, { event: 'complete', reason: 'enrolled' });
    expect(done.status).toBe(303);
    const task = await world.task(offer);
    expect([task.status, task.output?.[0]?.valueCodeableConcept?.coding?.[0]?.code]).toEqual([
      'completed',
      'enrolled',
    ]);
    expect((await browser.get(offer.url)).status).toBe(410);
    const history = (await world.hospital.get(`/Task/${task.id}/_history`)).json as Bundle;
    expect(history.entry).toHaveLength(5);
  });

  it.each([
    ['could not be reached', 'fail', 'unable-to-contact', 'failed'],
    ['given back', 'withdraw', 'no-capacity', 'cancelled'],
  ] as const)('%s', async (_name, event, reason, status) => {
    const offer = await world.offer();
    const browser = visitor();
    await answer(browser, offer.url, { event: 'accept' });
    expect((await browser.post(offer.url, { event, reason })).status).toBe(303);
    const task = await world.task(offer);
    expect([task.status, task.statusReason?.coding?.[0]?.code]).toEqual([status, reason]);
  });

  it('a code is tried five times, and asked for three times an hour', async () => {
    const offer = await world.offer();
    const browser = visitor();
    await browser.post(offer.url, { event: 'accept' });
    const [mail] = await world.mails();
    const right = codeIn(mail?.text);
    for (let step = 1; step <= 5; step++) {
      const guess = String((Number(right) + step) % 1_000_000).padStart(6, '0');
      expect((await browser.post(offer.url, { event: 'accept', code: guess })).status).toBe(403);
    }
    expect((await browser.post(offer.url, { event: 'accept', code: right })).status).toBe(403);
    await browser.post(offer.url, { event: 'accept' });
    await browser.post(offer.url, { event: 'accept' });
    expect((await browser.post(offer.url, { event: 'accept' })).status).toBe(429);
    expect((await world.mails()).length).toBe(2);
    expect((await world.task(offer)).status).toBe('requested');
  });

  it('a code runs out', async () => {
    const offer = await world.offer();
    const browser = visitor();
    await browser.post(offer.url, { event: 'accept' });
    const [mail] = await world.mails();
    world.hub.clock.advance({ minutes: 16 });
    const late = await browser.post(offer.url, { event: 'accept', code: codeIn(mail?.text) });
    expect([late.status, (await world.task(offer)).status]).toEqual([403, 'requested']);
  });

  it('revoked and replaced: it opens nothing', async () => {
    const offer = await world.offer();
    const { links } = world.hub.hub.linkService;
    const known = await links.ofTask(offer.referral.task.id);
    const again = await world.hospital.request('POST', `/Task/${offer.referral.task.id}/$link`, {
      resourceType: 'Parameters',
    });
    expect(again.status, again.text).toBe(200);
    expect(JSON.stringify(again.json)).not.toContain('/l/');
    const [mail] = await world.mails();
    const newer = /https?:\/\/\S+\/l\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    const old = await visitor().get(offer.url);
    expect([old.status, old.text.includes('There is a newer link')]).toEqual([410, true]);
    expect((await visitor().get(newer)).status).toBe(200);
    expect(known?.link.id).not.toBe((await links.ofTask(offer.referral.task.id))?.link.id);

    await links.revoke((await links.ofTask(offer.referral.task.id))?.link.id ?? '');
    const revoked = await visitor().post(newer, { event: 'accept' });
    expect([revoked.status, revoked.text.includes('taken back')]).toEqual([410, true]);
    expect((await world.task(offer)).status).toBe('requested');
  });

  it('taken out of the directory, an address answers nothing more', async () => {
    const offer = await world.offer();
    const { hub } = world.hub;
    const operator = hub.repository(hub.hubActor);
    const id = world.shelter.split('/')[1] ?? '';
    const listed = (await operator.read('Organization', id)).resource() as Organization;
    const write = (resource: Organization) =>
      operator.write([{ kind: 'update', type: 'Organization', id, resource, inNameOf: id }]);
    await write({ ...listed, telecom: [{ system: 'email', value: 'new@harbor-shelter.example' }] });
    const page = await visitor().post(offer.url, { event: 'accept' });
    await write(listed);
    expect([page.status, page.text.includes('taken back')]).toEqual([410, true]);
    expect(await world.mails()).toEqual([]);
  });

  it('expired', async () => {
    const offer = await world.offer();
    const start = world.hub.clock.now().toISOString();
    world.hub.clock.advance({ days: 31 });
    const page = await visitor().post(offer.url, { event: 'accept' });
    expect([page.status, page.text.includes('run out')]).toEqual([410, true]);
    world.hub.clock.set(start);
    expect((await world.task(offer)).status).toBe('requested');
  });

  it('closes when the sender cancels', async () => {
    const offer = await world.offer();
    const task = await world.task(offer);
    expect((await world.hospital.update({ ...task, status: 'cancelled' } as Task)).status).toBe(200);
    expect((await visitor().get(offer.url)).status).toBe(410);
  });

  it('is for who sent the referral to send, and for nobody else', async () => {
    const offer = await world.offer();
    const other = await world.hub.party(`other-${database.name}`);
    const refused = await other.request('POST', `/Task/${offer.referral.task.id}/$link`, {
      resourceType: 'Parameters',
    });
    expect(refused.status).toBe(404);
    const center = await world.hub.party(`center-${database.name}`);
    const { task } = await refer(world.hospital, center.organization);
    const asked = await center.request('POST', `/Task/${task.id}/$link`, { resourceType: 'Parameters' });
    expect(asked.status).toBe(403);
  });

  it('is sent to nobody who has an account, and not to the hub itself', async () => {
    const { hub } = world.hub;
    const operator = hub.repository(hub.hubActor);
    const telecom: Organization['telecom'] = [{ system: 'email', value: 'help@network.example' }];
    const resource = (await operator.read('Organization', 'hub')).resource() as Organization;
    await operator.write([
      { kind: 'update', type: 'Organization', id: 'hub', resource: { ...resource, telecom } },
    ]);
    const able = await world.hub.party(`able-${database.name}`, { organization: { telecom } });
    await refer(world.hospital, able.organization);
    const { task } = await refer(world.hospital, 'Organization/hub');
    expect(await hub.linkService.sender.isDue(task)).toBe(false);
    await world.hub.settle();
    expect(await world.mails()).toEqual([]);
    await expect(hub.linkService.sender.send(task.id)).rejects.toThrow('The hub itself');
  });

  it('is made again when its mail did not leave, and not when it was taken back', async () => {
    const offer = await world.offer();
    const { links, sender } = world.hub.hub.linkService;
    const { id } = offer.referral.task;
    const task = await world.task(offer);
    expect(await sender.isDue(task)).toBe(false);
    const known = await links.ofTask(id);
    if (!known) throw new Error('there is a link');
    const { organization, contact, expires } = known.link;
    const unsent = await links.make({ task: id, organization, contact, expires });
    expect(await sender.isDue(task)).toBe(true);
    world.hub.clock.advance({ minutes: 6 });
    await world.hub.settle();
    expect(await world.mails()).toHaveLength(1);
    expect((await links.open(unsent.token))?.state).toBe('replaced');
    await links.revoke((await links.ofTask(id))?.link.id ?? '');
    expect(await sender.isDue(task)).toBe(false);
  });

  it('each use is in the audit, of the sender and of the operator', async () => {
    const offer = await world.offer();
    await visitor().get(offer.url);
    await answer(visitor(), offer.url, { event: 'decline', reason: 'duplicate' });
    const seen = (await world.hospital.get(`/AuditEvent?entity=Task/${offer.referral.task.id}&_count=100`))
      .json as Bundle<AuditEvent>;
    const uses = (seen.entry ?? []).filter(({ resource }) =>
      resource?.agent.some(({ who }) => who?.display?.startsWith('link ')),
    );
    expect(uses.length).toBeGreaterThanOrEqual(4);
  });

  it('shows nothing that needs a consent which is not there', async () => {
    const labelled = {
      security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }],
    };
    const offer = await world.offer({ patient: { meta: labelled } as Partial<Patient> });
    const page = await visitor().get(offer.url);
    expect(page.text).toContain('Not shared with you');
    expect(page.text).not.toMatch(/A\. O\./);
  });

  it('is bounded where data is read and written, not only on the page', async () => {
    const { hub } = world.hub;
    const treating = await world.hub.party(`clinic-${database.name}`, { organization: treatingOrganization });
    const referral = await refer(world.hospital, treating.organization);
    const condition = await world.hospital.create<Condition>({
      resourceType: 'Condition',
      code: { text: 'of the record' },
      subject: reference(referral.patient),
    });
    const accepted = { ...referral.task, status: 'accepted' } as Task;
    expect((await treating.update(accepted)).status).toBe(200);
    expect((await treating.get(`/Condition/${condition.id}`)).status).toBe(200);

    const task = (await treating.get(`/Task/${referral.task.id}`)).json as Task;
    const organization = treating.organization.split('/')[1] ?? '';
    const link = { id: 'l', task: referral.task.id, organization } as Link;
    const bounded = hub.repository(linkActor(link, task));
    expect((await bounded.read('Patient', referral.patient.id)).id).toBe(referral.patient.id);
    await expect(bounded.read('Condition', condition.id)).rejects.toThrow('There is no Condition');
    await expect(bounded.read('Organization', organization)).rejects.toThrow('There is no Organization');
    await expect(bounded.search('Task', new URLSearchParams())).rejects.toThrow('nothing else');
    await expect(bounded.history({ query: new URLSearchParams() })).rejects.toThrow('nothing else');
    const create = { kind: 'create', resource: { resourceType: 'Patient' } } as const;
    await expect(bounded.write([create])).rejects.toThrow('nothing else');
    const put = (resource: Task) =>
      bounded.write([{ kind: 'update', type: 'Task', id: referral.task.id, resource }]);
    const scheduled = {
      ...task,
      status: 'in-progress',
      businessStatus: { coding: [{ system: system.bserStatus, code: '5.1.1' }] },
    } as Task;
    await expect(put(scheduled)).rejects.toThrow('"schedule" is not done through a link');
    await expect(put({ ...task, note: [{ text: 'a note' }] })).rejects.toThrow('"edit" is not done');
    await put({ ...task, status: 'in-progress' });
  });

  it('speaks Spanish to who reads it, and switches', async () => {
    const { url } = await world.offer();
    const spanish = await visitor().get(url, { headers: { 'accept-language': 'es-MX,es;q=0.9,en;q=0.5' } });
    expect(spanish.text).toContain('<html lang="es">');
    expect(spanish.text).toContain('Sí, podemos ayudar');
    const switched = await visitor().get(`${url}?lang=en`, { headers: { 'accept-language': 'es' } });
    expect(switched.text).toContain('Yes, we can help');
  });

  describe('guessed', () => {
    const many = process.env.CHECK_FULL ? 10_000 : 500;
    it(`${many} times: held up after a few, and reported`, async () => {
      const offer = await world.offer();
      const { origin, pathname } = new URL(offer.url);
      const [id = ''] = pathname.slice(3).split('.');
      const counts = new Map<number, number>();
      let seed = 7;
      const next = () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        return seed;
      };
      for (let tried = 0; tried < many; tried += 25) {
        const batch = Array.from({ length: 25 }, () => {
          const secret = Array.from({ length: 6 }, () => next().toString(36))
            .join('')
            .padEnd(43, 'x')
            .slice(0, 43);
          return visitor().get(
            `${origin}/l/${next() % 2 ? id : next().toString(36).padEnd(16, 'y')}.${secret}`,
          );
        });
        for (const { status, headers } of await Promise.all(batch)) {
          counts.set(status, (counts.get(status) ?? 0) + 1);
          if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        }
      }
      expect([...counts.keys()].sort()).toEqual([404, 429]);
      // Twenty at once, and one more each three seconds.
      expect(counts.get(404)).toBeLessThan(many / 10 + 20);
      const { hub } = world.hub;
      const operator = hub.repository(hub.hubActor);
      const told = await operator.search('Task', new URLSearchParams({ code: 'link-guessing' }));
      expect(told.entries).toHaveLength(1);
      const audited = await operator.search(
        'AuditEvent',
        new URLSearchParams({ type: '110114', _count: '200' }),
      );
      const refused = audited.entries.filter(({ stored }) => stored.body.includes('"too-many-requests"'));
      expect(refused).toHaveLength(1);
      // Who has the right one is not held up by who guesses.
      expect((await visitor().get(offer.url)).status).toBe(200);
    });
  });
});
