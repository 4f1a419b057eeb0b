import type { Encounter, Patient, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../src/access/roles.ts';
import { plannedEnd } from '../../src/care/follow-up/stay.ts';
import type { Repository } from '../../src/fhir/repository.ts';
import { type Leavers, leaversOf } from '../../src/web/workspace/planner/leaving/gather.ts';
import { gapsOf, leavingWords } from '../../src/web/workspace/planner/leaving/leaver.ts';
import { personOf } from '../../src/web/workspace/planner/person/gather.ts';
import { candidates } from '../../src/web/workspace/planner/register/candidates.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { fulfill, treatingOrganization } from '../harness/referral.ts';

onSqlite('who leaves soon', database => {
  let hub: TestHub;
  let hospital: Party;
  let repository: Repository;
  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    const organization = hospital.organization.split('/')[1] ?? '';
    repository = hub.hub.repository(actorOf({ account: 'a', organization, role: 'discharge-planner' }));
  });
  afterAll(() => hub.stop());

  const ahead = (days: number): string =>
    new Date(hub.clock.now().getTime() + days * 86_400_000).toISOString();

  const stayOf = (patient: string, about: Partial<Encounter> = {}): Encounter => ({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: patient },
    period: { start: ahead(-4) },
    serviceProvider: { reference: hospital.organization },
    ...about,
  });

  const person = (family: string, about: Partial<Patient> = {}) =>
    hospital.create<Patient>({
      resourceType: 'Patient',
      name: [{ family, given: ['Ann'] }],
      birthDate: '1990-01-02',
      ...about,
    });

  const finished = (daysAgo: number, more: Partial<Encounter> = {}): Partial<Encounter> => ({
    status: 'finished',
    period: { start: ahead(-daysAgo - 5), end: ahead(-daysAgo) },
    ...more,
  });

  const of = ({ people }: Leavers, family: string) => people.filter(({ name }) => name.endsWith(family));

  it('counts who is there, and who has left in the last seven days', async () => {
    const planned = { extension: [{ url: plannedEnd, valueDateTime: ahead(3).slice(0, 10) }] };
    const people: [string, Partial<Encounter>[], Partial<Patient>?][] = [
      ['Present', [{}]],
      ['Planned', [planned]],
      ['Left', [finished(2)]],
      ['Long-gone', [finished(9)]],
      ['Readmitted', [finished(3), planned]],
      [
        'Dead-there',
        [finished(1, { hospitalization: { dischargeDisposition: { coding: [{ code: 'exp' }] } } })],
      ],
      ['Dead', [{}], { deceasedBoolean: true }],
      ['Outpatient', [{ class: { code: 'AMB' } }]],
      ['Called-off', [{ status: 'cancelled' }]],
    ];
    for (const [family, stays, about] of people) {
      const { id } = await person(family, about);
      for (const stay of stays) await hospital.create(stayOf(`Patient/${id}`, stay));
    }
    const leavers = await leaversOf(repository, hub.clock.now());
    const listed = leavers.people.map(({ name, leaving }) => `${name}: ${leavingWords(leaving)}`);
    expect(listed.sort()).toEqual([
      'Ann Left: Left 2 days ago',
      'Ann Planned: Leaves in 3 days',
      'Ann Present: No day yet',
      'Ann Readmitted: Leaves in 3 days',
    ]);
  });

  it('shows nobody of another hospital', async () => {
    const other = await hub.party('other', { organization: treatingOrganization });
    const organization = other.organization.split('/')[1] ?? '';
    const theirs = hub.hub.repository(actorOf({ account: 'b', organization, role: 'discharge-planner' }));
    expect((await leaversOf(theirs, hub.clock.now())).people).toEqual([]);
    const { id } = await person('Hidden');
    expect(await personOf(theirs, id)).toBeUndefined();
    expect((await personOf(repository, id))?.patient.id).toBe(id);
    const typed = {
      resourceType: 'Patient',
      name: [{ family: 'Hiden', given: ['Ann'] }],
      birthDate: '1990-01-02',
    } as const;
    expect(await candidates(typed as unknown as Patient, theirs)).toEqual([]);
    const [found] = await candidates(typed as unknown as Patient, repository);
    expect(found).toMatchObject({ grade: 'possible', common: ['birth date', 'nearly the name'] });
  });

  it('finds the referrals of each of many', async () => {
    const many = Array.from({ length: 120 }, (_, at) => at);
    for (const at of many) {
      const patient = `urn:uuid:00000000-0000-4000-8000-0000000000${at % 10}0`;
      const request = `urn:uuid:00000000-0000-4000-8000-0000000000${at % 10}1`;
      const resources: [Resource, string?][] = [
        [{ resourceType: 'Patient', name: [{ family: `Many-${at}`, given: ['Ann'] }] }, patient],
        [stayOf(patient)],
        [
          {
            resourceType: 'ServiceRequest',
            status: 'draft',
            intent: 'order',
            code: { text: `Need ${at}` },
            subject: { reference: patient },
            requester: { reference: hospital.organization },
          },
          request,
        ],
        [
          {
            resourceType: 'Task',
            status: 'draft',
            intent: 'order',
            code: fulfill,
            focus: { reference: request },
            for: { reference: patient },
            requester: { reference: hospital.organization },
          },
        ],
      ];
      await repository.write(
        resources.map(([resource, fullUrl]) => ({
          kind: 'create',
          resource,
          ...(fullUrl ? { fullUrl } : {}),
        })),
      );
    }
    const leavers = await leaversOf(repository, hub.clock.now());
    expect(of(leavers, '-7').map(({ referrals }) => referrals.map(({ need }) => need))).toEqual([['Need 7']]);
    expect(leavers.people.filter(({ name }) => name.includes('Many-'))).toHaveLength(many.length);
    for (const one of leavers.people.filter(({ name }) => name.includes('Many-')))
      expect(gapsOf(one)).toEqual(['not-sent', 'no-date']);
  });
});
