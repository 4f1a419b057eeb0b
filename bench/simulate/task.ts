import type { Way } from './deeds.ts';
import { HubWay } from './hub-way.ts';
import { type Measures, measure } from './measures.ts';
import { type Network, network } from './network.ts';
import { knownWay, listWay } from './planner-ways.ts';
import { referrals } from './referrals.ts';
import { Simulation } from './simulation.ts';

export const wayNames = ['hub', 'list', 'known'] as const;
export type WayName = (typeof wayNames)[number];

/** One seed, sent in one way. */
export interface Task {
  seed: number;
  way: WayName;
  referrals: number;
  /** Of the network: 1 is the whole. */
  scale: number;
}

export interface Done extends Task {
  seconds: number;
  measures: Measures;
}

const ways: Record<WayName, (of: Network) => Way> = {
  hub: of => new HubWay(of),
  list: listWay,
  known: knownWay,
};

export function perform(task: Task): Done {
  const start = performance.now();
  const world = network(task.seed, task.scale);
  const simulation = new Simulation(world, referrals(world, task.referrals), ways[task.way](world));
  simulation.run();
  const measures = measure(simulation.sent, world);
  return { ...task, measures, seconds: Math.round((performance.now() - start) / 1000) };
}
