import type { Patient, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, describe, expect, it } from 'vitest';
import { seedDemo } from '../../src/demo/seed.ts';
import { canonical } from '../../src/fhir/canonical.ts';
import { internal } from '../../src/fhir/write/world.ts';
import { isReferralTask } from '../../src/referral/lifecycle/referral-task.ts';
import type { StoredVersion } from '../../src/store/types.ts';
import type { TestDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';
import { treatingOrganization } from '../harness/referral.ts';
import { ehr, make, offerService, playLoop } from '../scenarios/story.ts';

const profileOf: Readonly<Record<string, (resource: Resource) => string | undefined>> = {
  ServiceRequest: () => 'referral-request',
  Task: resource => taskProfile(resource as Task),
  CarePlan: () => 'service-plan',
  CareTeam: () => 'care-team',
  EpisodeOfCare: () => 'episode',
  HealthcareService: () => 'directory-service',
  Consent: () => 'part2-consent',
};

function taskProfile(task: Task): string | undefined {
  if (!isReferralTask(task)) return undefined;
  return task.partOf && task.requester?.reference === 'Organization/hub' ? 'referral-offer' : 'referral-task';
}

/** Every version of a type, whoever may see it. */
async function versions({ hub }: TestHub, type: string): Promise<StoredVersion[]> {
  const request = { type, count: 10_000 };
  return (await hub.store.history(request, internal(hub.parts))).filter(({ body }) => body);
}

/** How many versions of each profile there are of what carries referrals, and what is wrong about them. */
async function check(hub: TestHub): Promise<{ checked: Record<string, number>; wrong: string[] }> {
  const checked: Record<string, number> = {};
  const wrong: string[] = [];
  for (const [type, named] of Object.entries(profileOf)) {
    for (const { id, ver, body } of await versions(hub, type)) {
      const resource: Resource = JSON.parse(body ?? '');
      const profile = named(resource);
      if (!profile) continue;
      checked[profile] = (checked[profile] ?? 0) + 1;
      const profiles = [`${canonical}/StructureDefinition/${profile}`];
      for (const { expression, text } of await hub.hub.parts.validate(resource, { profiles }))
        wrong.push(`${type}/${id}/_history/${ver} as ${profile}: ${expression} ${text}`);
    }
  }
  return { checked, wrong };
}

describe('what the hub writes conforms to its own profiles', () => {
  const hubs: TestHub[] = [];
  const start = async () => {
    const hub = await startTestHub({ name: 'sqlite' } as TestDatabase);
    hubs.push(hub);
    return hub;
  };
  afterAll(() => Promise.all(hubs.map(hub => hub.stop())));

  it('in the demo network', { timeout: 60_000 }, async () => {
    const hub = await start();
    await seedDemo(hub.hub, hub.config);
    const { checked, wrong } = await check(hub);
    expect(wrong).toEqual([]);
    expect(Object.keys(checked).sort()).toEqual([
      'care-team',
      'directory-service',
      'episode',
      'referral-offer',
      'referral-request',
      'referral-task',
      'service-plan',
    ]);
  });

  it('on the whole loop of a referral, by plain FHIR clients', { timeout: 60_000 }, async () => {
    const hub = await start();
    const party = async (name: string) => {
      const { organization, token } = await hub.party(name, { organization: treatingOrganization });
      return ehr(hub.url, organization, token);
    };
    const hospital = await party('hospital');
    const centers = [await party('a-center'), await party('b-center')] as const;
    for (const center of centers) await offerService(center, `Case management at ${center.organization}`);
    const patient = await make<Patient>(hospital, {
      resourceType: 'Patient',
      name: [{ family: 'Example', given: ['Ida'] }],
      birthDate: '1985-07-01',
    });
    await playLoop({ hospital, centers, patient, settle: hub.settle, between: async () => undefined });
    const { checked, wrong } = await check(hub);
    expect(wrong).toEqual([]);
    expect(checked).toMatchObject({
      episode: expect.any(Number),
      'care-team': expect.any(Number),
      'service-plan': expect.any(Number),
    });
    expect(checked['referral-task']).toBeGreaterThan(5);
    expect(checked['referral-offer']).toBeGreaterThan(5);
  });
});
