import { join } from 'node:path';
import type { AuditEvent, Bundle, Observation } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notedHead } from '../../src/audit/sealer.ts';
import { meddle } from '../../src/store/audit/audit.harness.ts';
import { verify } from '../../src/store/audit/verify.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Referral, refer, reference, treatingOrganization } from '../harness/referral.ts';

const eventsOf = (answer: Answer): AuditEvent[] =>
  ((answer.json as Bundle<AuditEvent>).entry ?? []).flatMap(entry => entry.resource ?? []);
const references = (event: AuditEvent | undefined): string[] =>
  (event?.entity ?? []).flatMap(entity => entity.what?.reference ?? []);
const brief = (event: AuditEvent) => `${event.action} ${event.subtype?.[0]?.code} ${event.outcome}`;

eachDatabase('the audit', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let stranger: Party;
  let auditor: Party;
  let referral: Referral;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
    auditor = await hub.party('auditor', { of: 'hub', scope: 'system/AuditEvent.rs' });
    referral = await refer(hospital, center.organization);
  });
  afterAll(() => hub.stop());

  const audit = async (who: Party, query: string): Promise<AuditEvent[]> => {
    const answer = await who.get(`/AuditEvent?${query}`);
    expect(answer.status, answer.text).toBe(200);
    return eventsOf(answer);
  };
  /** The newest event of the search. */
  const last = async (who: Party, query: string) => (await audit(who, `${query}&_count=1`))[0];

  describe('records', () => {
    it.each<[what: string, path: () => string, event: string]>([
      ['a read', () => `/Task/${referral.task.id}`, 'R read 0'],
      ['a read of a version', () => `/Task/${referral.task.id}/_history/1`, 'R vread 0'],
      ['a search', () => `/Task?_id=${referral.task.id}`, 'E search-type 0'],
      ['a search of everything', () => '/?_type=Task', 'E search-system 0'],
      ['the history of a resource', () => `/Task/${referral.task.id}/_history`, 'R history-instance 0'],
      ['what is not there', () => '/Task/none', 'R read 4'],
      ['what cannot be understood', () => '/Task?nonsense=1', 'E search-type 8'],
    ])('%s before it is answered', async (_what, path, event) => {
      await center.request('GET', path(), undefined, {
        'X-Request-Id': `asked-${event.replaceAll(' ', '-')}`,
      });
      const found = await last(center, 'agent=center');
      expect(found && brief(found)).toBe(event);
      expect(found?.entity?.[0]?.what?.identifier?.value).toBe(`asked-${event.replaceAll(' ', '-')}`);
    });

    it('a create, an update and a delete with the versions they made', async () => {
      const note = await hospital.create<Observation>({
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'a note' },
        subject: reference(referral.patient),
      });
      await hospital.update({ ...note, status: 'amended' });
      await hospital.request('DELETE', `/Observation/${note.id}`);
      const about = await audit(hospital, `entity=Observation/${note.id}`);
      expect(about.map(brief)).toEqual(['D delete 0', 'U update 0', 'C create 0']);
      expect(about.map(event => references(event).at(-1))).toEqual(
        [3, 2, 1].map(version => `Observation/${note.id}/_history/${version}`),
      );
      expect(about.every(event => references(event).includes(`Patient/${referral.patient.id}`))).toBe(true);
    });

    it('a write that is refused, with what it was about', async () => {
      const { patient } = referral;
      expect((await center.update({ ...patient, active: false })).status).toBe(403);
      const found = await last(hospital, `patient=${patient.id}&action=U`);
      expect([found && brief(found), found?.outcomeDesc]).toEqual(['U update 4', 'forbidden']);
      expect(found?.agent[0]?.who?.identifier?.value).toBe('center');
    });

    it('what else a write brings about, as done by the hub', async () => {
      const found = await audit(auditor, `entity=Task/${referral.task.id}&action=C`);
      expect(found.map(event => event.agent[0]?.who?.identifier?.value)).toEqual(['hospital']);
    });

    it('each part of a Bundle, under one request', async () => {
      const entry = [
        { request: { method: 'GET', url: `Task/${referral.task.id}` } },
        { request: { method: 'GET', url: 'Task/none' } },
      ];
      const bundle = { resourceType: 'Bundle', type: 'batch', entry };
      await center.request('POST', '/', bundle, { 'X-Request-Id': 'bundled' });
      const found = (await audit(center, 'agent=center&_count=2')).map(event => [
        brief(event),
        event.entity?.[0]?.what?.identifier?.value,
      ]);
      expect(found).toEqual([
        ['R read 4', 'bundled'],
        ['R read 0', 'bundled'],
      ]);
    });

    it('who comes without a valid token', async () => {
      const nobody = await fetch(`${hub.url}/fhir/Patient`, {
        headers: { Authorization: 'Bearer nonsense' },
      });
      expect(nobody.status).toBe(401);
      const found = await last(auditor, 'subtype=unauthorized');
      expect(found).toMatchObject({
        outcome: '4',
        agent: [{ network: { address: '127.0.0.1', type: '2' } }, {}],
      });
      const sent = {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope: 'system/*.rs',
          client_id: 'hospital',
          client_secret: 'wrong',
        }),
      };
      expect((await fetch(`${hub.url}/oauth/token`, sent)).status).toBe(401);
      const refused = await last(auditor, 'type=110114&outcome=4');
      expect(refused?.agent[0]?.who?.identifier?.value).toBe('hospital');
      expect((await audit(auditor, 'type=110114&agent=center')).map(event => event.outcome)).toContain('0');
    });

    it('the reading of the audit itself', async () => {
      const [seen] = await audit(auditor, 'action=C&_count=1');
      expect((await auditor.get(`/AuditEvent/${seen?.id}`)).json).toEqual(seen);
      const [read, search] = await audit(auditor, 'agent=auditor&_count=2');
      expect(references(read)).toEqual([expect.stringMatching(`^AuditEvent/${seen?.id}`)]);
      expect(search?.entity?.find(one => one.role?.code === '24')?.description).toBe(
        'AuditEvent by action, _count',
      );
    });

    it('what bots write, as theirs', async () => {
      await refer(hospital, 'Organization/hub');
      await hub.settle();
      const kinds = new Set(
        (await audit(auditor, 'action=C,U&_count=200')).map(
          event => event.agent[0]?.who?.display?.split(' ')[0],
        ),
      );
      expect([...kinds]).toEqual(expect.arrayContaining(['bot', 'client']));
    });
  });

  describe('shows', () => {
    it('an organization what its own agents did and what was done with its resources', async () => {
      await center.get(`/Patient/${referral.patient.id}`);
      const own = await audit(hospital, `patient=${referral.patient.id}&agent=center&action=R`);
      expect(own.length).toBeGreaterThan(0);
      expect(await audit(stranger, `patient=${referral.patient.id}`)).toEqual([]);
      const others = (await audit(stranger, '_count=500')).filter(
        event => !event.agent.some(agent => agent.who?.reference === stranger.organization),
      );
      const about = others.map(event => references(event).map(one => one.replace(/\/_history.*/, '')));
      expect(about.every(found => found.length === 1 && found[0] === stranger.organization)).toBe(true);
      const [foreign] = own;
      expect((await stranger.get(`/AuditEvent/${foreign?.id}`)).status).toBe(404);
    });

    it('an owner nothing of what else was looked for', async () => {
      const asked = `/Patient?_id=${referral.patient.id}&name:contains=&family=ri,smith`;
      await center.get(asked.replace('name:contains=&', ''));
      const found = await last(hospital, `patient=${referral.patient.id}&action=E`);
      const text = Buffer.from(
        found?.entity?.find(one => one.role?.code === '24')?.query ?? '',
        'base64',
      ).toString();
      expect(text).toContain('family');
      expect(text).not.toContain('smith');
    });

    it('who asked in vain the same for what is hidden and what is not there', async () => {
      const { id } = referral.patient;
      const absent = id.replace(/.$/, end => (end === '0' ? '1' : '0'));
      const told = async (of: string) => {
        await stranger.request('GET', `/Patient/${of}`, undefined, { 'X-Request-Id': 'same' });
        const { id: _id, ...event } = (await last(stranger, `entity=Patient/${of}`)) ?? {};
        return JSON.stringify(event).replaceAll(of, '*');
      };
      expect(await told(id)).toBe(await told(absent));
      const { task } = referral;
      await stranger.get(`/Task/${task.id}`);
      expect(await audit(stranger, `patient=${id}`)).toHaveLength(1);
      expect(await audit(stranger, `patient=${absent}`)).toHaveLength(1);
      expect(await last(hospital, `patient=${id}&agent=stranger`)).toMatchObject({
        outcome: '4',
        action: 'R',
      });
    });

    it('pages that neither miss nor repeat an event', async () => {
      const whole = await audit(auditor, 'agent=center&_count=500');
      const paged: (string | undefined)[] = [];
      let path: string | undefined = '/AuditEvent?agent=center&_count=3';
      while (path) {
        const answer: Answer = await auditor.get(path);
        paged.push(...eventsOf(answer).map(event => event.id));
        const next = (answer.json as Bundle).link?.find(link => link.relation === 'next')?.url;
        path = next?.split('/fhir')[1];
      }
      expect(paged).toEqual(whole.map(event => event.id));
      expect(new Set(paged).size).toBe(paged.length);
    });

    it.each([
      ['date=ge2026-03-02', true],
      ['date=lt2026-03-02', false],
      ['date=2026-03', true],
      ['date=ge2026-01-01&date=le2026-02-28', false],
      ['type=rest', true],
      ['type=http://terminology.hl7.org/CodeSystem/audit-event-type|rest', true],
      ['agent=Organization/center', true],
      ['agent=Organization/nobody', false],
      ['outcome=0', true],
      ['outcome=12', false],
    ])('by %s: %s', async (query, some) => {
      expect((await audit(center, query)).length > 0).toBe(some);
    });

    it('what it cannot search by', async () => {
      const answer = await auditor.get('/AuditEvent?policy=x&altid=y');
      expect(answer.status).toBe(400);
      expect(answer.json.issue).toHaveLength(2);
      expect(
        (
          await auditor.request('GET', '/AuditEvent?policy=x&_count=1', undefined, {
            Prefer: 'handling=lenient',
          })
        ).status,
      ).toBe(200);
    });
  });

  it('is read with its own scope, and written by nobody', async () => {
    const narrow = await hub.party('narrow', { scope: 'system/Task.cruds' });
    expect((await narrow.get('/AuditEvent')).status).toBe(403);
    const [event] = await audit(hospital, '_count=1');
    const changed = { ...event, outcome: '0' };
    for (const [method, path] of [
      ['POST', ''],
      ['PUT', `/${event?.id}`],
      ['DELETE', `/${event?.id}`],
    ] as const) {
      const answer = await hospital.request(
        method,
        `/AuditEvent${path}`,
        method === 'DELETE' ? undefined : changed,
      );
      expect([answer.status, answer.json.issue[0].details.text]).toEqual([
        405,
        expect.stringContaining('recorded by the hub itself'),
      ]);
    }
    expect((await auditor.get(`/AuditEvent/${event?.id}/_history`)).status).toBe(405);
    expect((await auditor.get(`/AuditEvent/${event?.id}/_history/1`)).status).toBe(200);
    expect((await auditor.get('/AuditEvent/none')).status).toBe(404);
  });

  it('answers nothing while it cannot be written, and tells of the gap afterwards', async () => {
    const file = join(hub.config.data, 'audit.sqlite');
    const options = hub.config.databaseUrl === undefined ? { file } : { url: hub.config.databaseUrl };
    const { patient } = referral;
    const patients = async () =>
      (await hub.hub.store.history({ type: 'Patient', count: 500 }, everything)).length;
    const before = await patients();
    await meddle(options, 'ALTER TABLE audit RENAME TO audit_away');
    expect((await hospital.get(`/Patient/${patient.id}`)).status).toBe(503);
    expect((await hospital.request('POST', '/Patient', { resourceType: 'Patient' })).status).toBe(503);
    expect(await patients()).toBe(before);
    await meddle(options, 'ALTER TABLE audit_away RENAME TO audit');
    expect((await hospital.get(`/Patient/${patient.id}`)).status).toBe(200);
    expect(await last(auditor, 'subtype=interruption')).toMatchObject({
      type: { code: '110100' },
      outcome: '8',
    });
  });

  it('is chained, and still whole', async () => {
    await hub.hub.sealer.seal();
    const head = await hub.hub.auditStore.head();
    expect(head.rows).toBeGreaterThan(50);
    expect(await verify(hub.hub.auditStore)).toEqual({ good: head.rows, head });
    expect(await notedHead(hub.hub.store, hub.clock)).toEqual(head);
  });
});

const everything = { organization: 'hub', now: 0, types: '*', internal: true } as const;
