import type { Bundle, Resource, Task } from '@medplum/fhirtypes';
import { expect } from 'vitest';
import { system } from '../../src/fhir/canonical.ts';
import { climbedOf } from '../../src/referral/escalation/climbed.ts';
import type { TestDatabase } from './databases.ts';
import { type Party, startTestHub, type TestHub } from './hub.ts';
import { refer, treatingOrganization } from './referral.ts';

/** A hospital that refers and a center that is asked, while time passes. */
export interface TwoParties {
  readonly hub: TestHub;
  /** Signed in anew whenever days have passed. */
  readonly hospital: Party;
  readonly center: Party;
  /** So many days at a time, after each of which the bots run. */
  later(...days: number[]): Promise<void>;
  /** Until the working week begins anew, so that days are business days. */
  monday(): Promise<void>;
  /** A referral that the center has accepted. */
  accepted(more?: Parameters<typeof refer>[2]): Promise<Task & { id: string }>;
  /** The Task as somebody wants it; it has to be taken. */
  answer(party: Party, task: Task): Promise<Task & { id: string }>;
  current(task: Task): Promise<Task & { id: string }>;
  /** What the hub itself sees. */
  seen<R extends Resource>(type: R['resourceType'], query: string): Promise<R[]>;
  /** That nothing any bot did has been parked. */
  expectNothingParked(): Promise<void>;
}

export const businessStatus = (code: string) => ({
  coding: [{ system: code.includes('.') ? system.bserStatus : system.referralStatus, code }],
});

/** The rungs of a ladder that were climbed for the action that is due. */
export const rungsOf = (task: Task): string[] => climbedOf(task).map(({ rung }) => rung);

export const found = <R extends Resource>({ entry = [] }: Bundle<R>): R[] =>
  entry.flatMap(({ resource }) => (resource ? [resource] : []));

export async function startTwoParties(database: TestDatabase): Promise<TwoParties> {
  const hub = await startTestHub(database);
  let hospital = await hub.party('hospital', { organization: treatingOrganization });
  let center = await hub.party('center', { organization: treatingOrganization });
  const world: TwoParties = {
    hub,
    get hospital() {
      return hospital;
    },
    get center() {
      return center;
    },
    async later(...steps) {
      for (const days of steps) {
        hub.clock.advance({ days });
        await hub.settle();
      }
      const at = hub.clock.now().getTime();
      hospital = await hub.party(`hospital-${at}`, { of: 'hospital' });
      center = await hub.party(`center-${at}`, { of: 'center' });
    },
    monday: () => world.later((8 - hub.clock.now().getUTCDay()) % 7 || 7),
    async accepted(more) {
      const { task } = await refer(hospital, center.organization, more);
      return world.answer(center, { ...task, status: 'accepted' });
    },
    async answer(party, task) {
      const { status, text, json } = await party.update(task);
      expect(status, text).toBe(200);
      return json as Task & { id: string };
    },
    current: async task => (await hospital.get(`/Task/${task.id}`)).json,
    async seen<R extends Resource>(type: R['resourceType'], query: string) {
      const { entries } = await hub.hub.repository(hub.hub.hubActor).search(type, new URLSearchParams(query));
      return entries.map(({ stored }) => stored.resource() as R);
    },
    async expectNothingParked() {
      const parked = await world.seen<Task>('Task', 'code=investigate');
      expect(parked.map(({ description }) => description)).toEqual([]);
    },
  };
  return world;
}
