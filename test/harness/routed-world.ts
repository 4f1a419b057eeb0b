import type { Bundle, HealthcareService, Location, Resource, Task } from '@medplum/fhirtypes';
import { expect } from 'vitest';
import { serviceType } from '../../src/referral/routing/codes.ts';
import { ageRange, catchmentArea, serviceCapacity } from '../../src/referral/routing/directory-entries.ts';
import type { TestDatabase } from './databases.ts';
import { type Party, startTestHub, type TestHub } from './hub.ts';
import { type Referral, refer, reference, treatingOrganization } from './referral.ts';
import { found } from './two-parties.ts';

export const hubsOwn = 'Organization/hub';

/** A hospital that sends to the hub, and three centers: `near` and `far` serve the home's county, `elsewhere` another. */
export interface RoutedWorld {
  readonly hub: TestHub;
  /** Signed in anew by `later`, as `near` and `far` are. */
  readonly hospital: Party;
  readonly near: Party;
  readonly far: Party;
  readonly elsewhere: Party;
  /** Of a person at home in the county, unless of one who is there already. */
  send(
    task?: Partial<Task>,
    owner?: string,
    more?: Pick<NonNullable<Parameters<typeof refer>[2]>, 'request' | 'of'>,
  ): Promise<Referral>;
  /** What a party finds. */
  found<R extends Resource>(party: Party, path: string): Promise<R[]>;
  /** Time passes, and the bots run. */
  later(by: { hours?: number; days?: number }): Promise<void>;
  /** The Tasks by which the hub asks. */
  offersOf(referral: Referral): Promise<Task[]>;
  ownersOf(referral: Referral): Promise<(string | undefined)[]>;
  current(referral: Referral): Promise<Task>;
  /** What the hub has told the sender. */
  told(referral: Referral): Promise<string>;
  /** What a center says to the offer it has. */
  answer(party: Party, referral: Referral, change: Partial<Task>): Promise<void>;
}

const position = (latitude: number) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/geolocation',
  extension: [
    { url: 'latitude', valueDecimal: latitude },
    { url: 'longitude', valueDecimal: -97.74 },
  ],
});

const site = async (center: Party, latitude: number) =>
  reference(
    await center.create<Location>({
      resourceType: 'Location',
      status: 'active',
      position: { latitude, longitude: -97.74 },
    }),
  );

const county = async (center: Party, name: string) =>
  reference(
    await center.create<Location>(catchmentArea({ name: `${name} County`, state: 'TX', county: name })),
  );

const offer = (center: Party, more: Partial<HealthcareService>) =>
  center.create<HealthcareService>({
    resourceType: 'HealthcareService',
    active: true,
    name: `Case management ${center.name}`,
    providedBy: { reference: center.organization },
    type: [serviceType('136', 'Mental Health Case Management')],
    extension: [serviceCapacity({ status: 'capacity', confirmed: '2026-03-01' })],
    ...more,
  });

export async function startRoutedWorld(database: TestDatabase): Promise<RoutedWorld> {
  const hub = await startTestHub(database);
  const party = (name: string) => hub.party(name, { organization: treatingOrganization });
  let [hospital, near, far] = [await party('hospital'), await party('near'), await party('far')];
  const elsewhere = await party('elsewhere');
  await offer(near, {
    coverageArea: [await county(near, 'Travis')],
    location: [await site(near, 30.27)],
    eligibility: [ageRange(18)],
  });
  await offer(far, { coverageArea: [await county(far, 'Travis')], location: [await site(far, 30.6)] });
  await offer(elsewhere, { coverageArea: [await county(elsewhere, 'Hays')] });
  await hub.settle();
  const world: RoutedWorld = {
    hub,
    get hospital() {
      return hospital;
    },
    get near() {
      return near;
    },
    get far() {
      return far;
    },
    elsewhere,
    send(task = {}, owner = hubsOwn, more = {}) {
      const address = [
        { use: 'home' as const, state: 'TX', district: 'Travis', extension: [position(30.27)] },
      ];
      return refer(hospital, owner, { patient: { address }, task, ...more });
    },
    found: async <R extends Resource>(by: Party, path: string) =>
      found((await by.get(path)).json as Bundle<R>),
    async later(by) {
      hub.clock.advance(by);
      const at = hub.clock.now().getTime();
      const again = (name: string) => hub.party(`${name}-${at}`, { of: name });
      [hospital, near, far] = [await again('hospital'), await again('near'), await again('far')];
      await hub.settle();
    },
    offersOf: ({ task }) => world.found(hospital, `/Task?part-of=Task/${task.id}&_sort=authored-on`),
    ownersOf: async referral => (await world.offersOf(referral)).map(({ owner }) => owner?.reference),
    current: async ({ task }) => (await hospital.get(`/Task/${task.id}`)).json as Task,
    told: async referral => ((await world.current(referral)).note ?? []).map(({ text }) => text).join('\n\n'),
    async answer(by, { patient }, change) {
      const query = `owner=${by.organization}&status=requested&patient=Patient/${patient.id}`;
      const [mine] = await world.found<Task>(by, `/Task?${query}`);
      const { status, text } = await by.update({ ...(mine as Task), ...change });
      expect(status, text).toBe(200);
      hub.clock.advance({ minutes: 1 });
      await hub.settle();
    },
  };
  return world;
}
