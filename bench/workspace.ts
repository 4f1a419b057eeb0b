import type { Browser } from 'playwright-core';
import { crawl, isHtml, signInAs, visitors } from '../test/harness/crawl.ts';
import { type DemoHub, startDemoHub } from '../test/harness/demo-hub.ts';
import type { Visit } from '../test/harness/visit.ts';
import { scrolled, sendMany } from './board.ts';
import { atMost, plain, printFigures } from './table.ts';

const rounds = 20;

interface Timed {
  kind: string;
  path: string;
  someone: Visit;
  /** Milliseconds from the request to the last byte, ascending. */
  times: number[];
}

/** Every page of the demo network, for each role: how long the hub takes, and how long until a browser can be used. */
export async function benchWorkspace(): Promise<boolean> {
  const demo = await startDemoHub();
  try {
    const pages: Timed[] = [];
    for (const [organization, role] of visitors) {
      const someone = await signInAs(demo.running.url, organization, role);
      for (const page of (await crawl(someone, { ofKind: 2 })).filter(isHtml))
        pages.push({ kind: page.kind, path: page.path, someone, times: await timesOf(someone, page.path) });
    }
    const kinds = [...Map.groupBy(pages, ({ kind }) => kind)].map(([kind, of]) => ({
      kind,
      worst: Math.max(...of.map(({ times }) => p95(times))),
    }));
    const usable = await usableTimes(demo.browser, demo.running.url, firstOfEachKind(pages));
    const board = await boardOf(demo);
    const slowest = kinds.sort((a, b) => b.worst - a.worst).slice(0, 5);
    return printFigures(
      'workspace: every page that links lead to, on the demo network',
      `  ${pages.length} pages of ${kinds.length} kinds, ${rounds} requests each, one after the other; the browser opens each kind once`,
      [
        figure('p95 of all pages, ms', p95(pages.flatMap(({ times }) => times).sort(ascending)), 50),
        ...slowest.map(({ kind, worst }) => figure(`p95 of ${kind}, ms`, worst, 50)),
        figure('usable in a browser, p95, ms', p95(usable), 300),
        plain(`p95 of a board of ${rows} referrals, ms`, board.server),
        figure('  scrolled in a browser: p95 of frames, ms', board.frame, 34),
        figure('  longest time without an answer, ms', board.longTask, 50),
      ],
    );
  } finally {
    await demo.stop();
  }
}

const rows = 500;

/** The board of a hospital that waits for the answer to as many referrals. */
async function boardOf(demo: DemoHub) {
  await sendMany(demo, rows);
  const planner = await signInAs(demo.running.url, 'general-hospital', 'discharge-planner');
  const server = p95(await timesOf(planner, '/referrals'));
  return { server, ...(await scrolled(demo.browser, demo.running.url, planner)) };
}

const figure = (name: string, value: number, most: number) => ({
  name,
  value,
  shown: value.toFixed(1),
  floor: atMost(most, ' ms'),
});

const ascending = (a: number, b: number): number => a - b;

const p95 = (sorted: readonly number[]): number => sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;

async function timesOf(someone: Visit, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await someone.get(path);
    times.push(performance.now() - begun);
  }
  return times.sort(ascending);
}

const firstOfEachKind = (pages: readonly Timed[]): Timed[] =>
  [...Map.groupBy(pages, ({ kind }) => kind).values()].flatMap(of => of.slice(0, 1));

/** Milliseconds until a page's scripts have run and it answers to clicks, each in a window that has seen no page before. */
async function usableTimes(browser: Browser, base: string, pages: readonly Timed[]): Promise<number[]> {
  const times: number[] = [];
  for (const { someone, path } of pages) {
    const context = await browser.newContext();
    await context.addCookies([...someone.cookies].map(([name, value]) => ({ name, value, url: base })));
    const page = await context.newPage();
    await page.goto(`${base}${path}`, { waitUntil: 'domcontentloaded' });
    times.push(
      await page.evaluate(() => {
        const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        return navigation?.domContentLoadedEventEnd ?? 0;
      }),
    );
    await context.close();
  }
  return times.sort(ascending);
}
