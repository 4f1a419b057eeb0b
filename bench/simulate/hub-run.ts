import type { Task } from '@medplum/fhirtypes';
import { query } from '../../src/referral/routing/reader.ts';
import { HubWay } from './hub-way.ts';
import { type Difference, Mirror } from './mirror.ts';
import { begin, type Network, network } from './network.ts';
import { referrals } from './referrals.ts';
import { Simulation } from './simulation.ts';
import { loadDirectory, type WholeHub, wholeHub } from './whole-hub.ts';

export interface HubRun {
  referrals: number;
  /** Times at which the hub chose whom to ask, or gave a referral back. */
  choices: number;
  /** Where it chose otherwise than the pure functions. */
  differences: Difference[];
  /** Referrals of the hub that were not over at the end. */
  resting: number;
  /** What bots failed at. */
  faults: object[];
}

/** One seed, sent through a whole hub. */
export interface HubTask {
  seed: number;
  referrals: number;
  /** Of the network: 1 is the whole. */
  scale: number;
}

export interface HubDone extends HubTask {
  seconds: number;
  run: HubRun;
}

export async function performHub(task: HubTask): Promise<HubDone> {
  const start = performance.now();
  const run = await runHub(network(task.seed, task.scale), task.referrals);
  return { ...task, run, seconds: Math.round((performance.now() - start) / 1000) };
}

/** Sends referrals through a whole hub: bots route, places answer through the operations of the API. */
export async function runHub(network: Network, count: number): Promise<HubRun> {
  const whole = await wholeHub(begin);
  try {
    await loadDirectory(whole, network);
    const all = referrals(network, count);
    const simulation = new Simulation(network, all, new HubWay(network));
    const mirror = new Mirror(whole, network);
    // After a difference the two live in different worlds: there is nothing more to compare.
    for (let deeds = simulation.step(); deeds && mirror.differences.length === 0; deeds = simulation.step())
      await mirror.follow(deeds);
    const { choices, differences } = mirror;
    return {
      referrals: all.length,
      choices,
      differences,
      resting: await restingIn(whole),
      faults: whole.faults,
    };
  } finally {
    await whole.close();
  }
}

/** Tasks of the hub, and those by which it asks, that are not over. */
async function restingIn({ hub }: WholeHub): Promise<number> {
  const open = query({
    code: 'fulfill',
    status: ['requested', 'accepted', 'in-progress', 'on-hold'],
    _count: '1',
  });
  const search = new URLSearchParams(`${open}&_total=accurate`);
  const { total, entries } = await hub.repository(hub.hubActor).search('Task', search);
  const [first] = entries.map(({ stored }) => stored.resource() as Task);
  return total ?? (first ? 1 : 0);
}
