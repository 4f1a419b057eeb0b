import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Sent } from '../../bench/simulate/deeds.ts';
import { rows } from '../../bench/simulate/distributions.ts';
import { draws } from '../../bench/simulate/draw.ts';
import { figures } from '../../bench/simulate/figures.ts';
import { runHub } from '../../bench/simulate/hub-run.ts';
import { HubWay } from '../../bench/simulate/hub-way.ts';
import { gini, measure } from '../../bench/simulate/measures.ts';
import { network } from '../../bench/simulate/network.ts';
import { knownWay, listWay } from '../../bench/simulate/planner-ways.ts';
import { plot } from '../../bench/simulate/plot.ts';
import { Queue } from '../../bench/simulate/queue.ts';
import { referrals } from '../../bench/simulate/referrals.ts';
import type { Service } from '../../bench/simulate/services.ts';
import { Simulation } from '../../bench/simulate/simulation.ts';
import { distributionTable, hubTable, markdownTable, seedTable } from '../../bench/simulate/tables.ts';
import { perform, wayNames } from '../../bench/simulate/task.ts';

const page = readFileSync('docs/simulation.md', 'utf8');
const scale = 0.05;
const count = 120;

describe('what the network is drawn from', () => {
  it.each(rows.map(row => [row.name, row] as const))('%s has a source, and shares that add up', (_, row) => {
    expect(row.source.startsWith('(k) assumption')).toBe(row.basis === 'assumption');
    if (row.basis !== 'assumption') expect(row.url).toMatch(/^https?:/);
    const shares = Object.values(row.shares ?? { all: 1 });
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
  });

  it('stands in the documentation as it is', () => {
    expect(page).toContain(distributionTable());
  });
});

describe('chance', () => {
  it('is the same for the same seed, stream and keys, whatever was drawn before', () => {
    const [one, other] = [draws(7), draws(7)];
    other('fits', 1, 2);
    expect(one('answered', 3, 4, 0)).toBe(other('answered', 3, 4, 0));
    expect(one('answered', 3, 4, 0)).not.toBe(draws(8)('answered', 3, 4, 0));
    expect(one('answered', 3, 4, 0)).not.toBe(one('reminded', 3, 4, 0));
  });

  it('is even', () => {
    const draw = draws(1);
    const drawn = Array.from({ length: 4000 }, (_, at) => draw('fits', at, 3));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    for (const low of [0, 0.25, 0.5, 0.75])
      expect(drawn.filter(one => one >= low && one < low + 0.25).length / 4000).toBeCloseTo(0.25, 1);
  });

  it('makes the same network and the same referrals of a seed, and others of another', () => {
    const made = (seed: number) => {
      const { places, services, ...world } = network(seed, scale);
      return JSON.stringify([
        places,
        services.map(({ id, interval }) => [id, interval]),
        referrals({ ...world, places, services }, count),
      ]);
    };
    expect(made(3)).toBe(made(3));
    expect(made(3)).not.toBe(made(4));
  });
});

/** What places say when they are asked, but for want of room: by referral, place and attempt. */
function answersIn(seed: number, wayOf: typeof listWay): Map<string, string> {
  const world = network(seed, scale);
  const simulation = new Simulation(world, referrals(world, count), wayOf(world));
  const answers = new Map<string, string>();
  for (let deeds = simulation.step(); deeds; deeds = simulation.step())
    for (const deed of deeds)
      if (deed.kind === 'declined' && deed.why !== 'no-capacity') answers.set(keyOf(deed), deed.why);
      else if (deed.kind === 'accepted') answers.set(keyOf(deed), 'accepted');
  return answers;
}

const keyOf = ({ sent, service }: { sent: Sent; service: Service }): string =>
  `${sent.referral.index} ${service.place.index}`;

it('gives the same answer to whoever asks the same place about the same person', () => {
  const all = [listWay, knownWay, (world: ReturnType<typeof network>) => new HubWay(world)].map(way =>
    answersIn(2, way),
  );
  let shared = 0;
  for (const [key, answer] of all[0] ?? [])
    for (const other of all.slice(1))
      if (other.has(key)) {
        shared++;
        expect(other.get(key), key).toBe(answer);
      }
  expect(shared).toBeGreaterThan(20);
});

describe.each(wayNames)('sent by %s', way => {
  it('every referral comes to an end, and twice to the same', () => {
    const task = { seed: 5, way, referrals: count, scale };
    const { measures } = perform(task);
    expect(measures.unserved + measures.neverAttended).toBeLessThan(0.5);
    expect(perform(task).measures).toEqual(measures);
  });
});

it('counts each referral as seen, unserved or never attended', () => {
  const world = network(1, scale);
  const simulation = new Simulation(world, referrals(world, count), listWay(world));
  simulation.run();
  const ends = simulation.sent.map(({ outcome }) => outcome.end);
  expect(ends.every(end => end !== undefined)).toBe(true);
  const { unserved, neverAttended } = measure(simulation.sent, world);
  const seen = ends.filter(end => end === 'seen').length / count;
  expect(seen + unserved + neverAttended).toBeCloseTo(1, 9);
});

it.skipIf(process.env.CHECK_FULL === undefined)(
  'a whole hub chooses as the pure functions do, and no referral rests',
  { timeout: 300_000 },
  async () => {
    const { choices, ...run } = await runHub(network(1, 0.02), 12);
    expect(run).toMatchObject({ differences: [], resting: 0, faults: [] });
    expect(choices).toBeGreaterThan(20);
  },
);

it('takes what comes first first, and what came first of the same time', () => {
  const queue = new Queue<string>();
  for (const [at, value] of [
    [3, 'c'],
    [1, 'a'],
    [2, 'b'],
    [1, 'a again'],
    [3, 'c again'],
  ] as const)
    queue.add(at, value);
  const taken = Array.from({ length: 5 }, () => queue.take()?.value);
  expect(taken).toEqual(['a', 'a again', 'b', 'c', 'c again']);
  expect(queue.take()).toBeUndefined();
});

it.each([
  ['all the same', [2, 2, 2, 2], 0],
  ['all with one of four', [0, 0, 0, 8], 0.75],
])('the Gini coefficient of %s', (_, values, expected) => {
  expect(gini(values)).toBeCloseTo(expected, 9);
});

describe('the documentation', () => {
  it('names the command, and shows a plot of each measure that is asked', () => {
    expect(page).toContain('npm run simulate -- --full');
    const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
    expect(scripts.simulate).toContain('bench/simulate/main.ts');
    for (const { name, title, asked } of figures.filter(one => one.asked)) {
      const file = `simulation/${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}.svg`;
      expect(page, `${title} (${asked})`).toContain(`(${file})`);
      expect(readFileSync(`docs/${file}`, 'utf8')).toContain('<title id="title">');
    }
  });

  it('shows what came of the runs that are kept, each of them', () => {
    const lines = readFileSync('docs/simulation/runs.jsonl', 'utf8').split('\n').filter(Boolean);
    const kept = lines.map(line => JSON.parse(line));
    const of = (kind: string) => kept.filter(one => one.kind === kind).map(({ run }) => run);
    expect(page).toContain(markdownTable(of('pure')));
    expect(page).toContain(seedTable(of('pure')));
    expect(page).toContain(hubTable(of('hub')));
    expect(new Set(kept.map(({ rules }) => rules)).size, 'all by the same rules').toBe(1);
  });

  it('draws plots that tell in words what they show', () => {
    const done = wayNames.map(way => perform({ seed: 1, way, referrals: 30, scale }));
    const [first] = figures;
    if (!first) throw new Error('no figure');
    const svg = plot(done, first);
    expect(svg).toContain('role="img"');
    expect(svg).toMatch(/<desc id="desc">1 seeds?, three ways of sending: hub from [\d.]+ to/);
    expect(svg).not.toContain('<script');
  });
});
