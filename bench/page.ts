import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '@medplum/fhirtypes';
import type autocannon from 'autocannon';
import { prepareGround, startHub, startServer } from './hub-process.ts';
import { answerOf, connections, type Load, load, round, rounds, warmUp } from './read.ts';
import { observation, patient } from './resources.ts';
import { atLeast, median, plain, printFigures } from './table.ts';

interface Measured {
  other: Load;
  /** The same page again and again, as clients poll. */
  own: Load;
  /** The same page by a question that was never asked before: nothing can be remembered. */
  fresh: Load;
}

let questions = 0;

const neverAskedBefore = (path: string): autocannon.Request => ({
  setupRequest: request => ({ ...request, path: `${path}&_format=json;q=${questions++}` }),
});

/** A search page of twenty Observations, against an app that sends the same bytes. */
export async function benchPage(): Promise<boolean> {
  const ground = await prepareGround();
  try {
    const hub = await startHub(ground);
    const headers = { authorization: `Bearer ${ground.token}` };
    const post = (resource: NonNullable<Bundle['entry']>[number]['resource'], fullUrl?: string) => ({
      ...(fullUrl ? { fullUrl } : {}),
      resource,
      request: { method: 'POST' as const, url: resource?.resourceType ?? '' },
    });
    const uuid = 'urn:uuid:00000000-0000-4000-8000-000000000001';
    const entry = [
      post(patient(1), uuid),
      ...Array.from({ length: 40 }, (_, n) => post(observation(n, uuid))),
    ];
    const loaded = await fetch(`${hub.url}/fhir`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
    });
    const answer = await loaded.text();
    if (loaded.status !== 200) throw new Error(`the data was refused: ${answer}`);
    const person = /Patient\/[0-9a-f-]{36}/.exec(answer)?.[0];
    const path = `/fhir/Observation?patient=${person}&_count=20`;
    const page = await answerOf(hub.url + path, headers);
    const file = join(ground.env.HUB_DATA ?? '', 'page.json');
    await writeFile(file, JSON.stringify(page));
    const bare = await startServer(join(import.meta.dirname, 'bare-server.ts'), [file], {});
    await load(bare.url + path, headers, warmUp, bare);
    await load(hub.url + path, headers, warmUp, hub);
    const measured: Measured[] = [];
    for (let at = 0; at < rounds; at++) {
      measured.push({
        other: await load(bare.url + path, headers, round, bare),
        own: await load(hub.url + path, headers, round, hub),
        fresh: await load(hub.url, headers, round, hub, [neverAskedBefore(path)]),
      });
    }
    await Promise.all([hub.stop(), bare.stop()]);
    const of = (pick: (one: Measured) => number) => median(measured.map(pick));
    const ratio = of(({ own, other }) => own.perSecond / other.perSecond);
    const anew = of(({ fresh, other }) => fresh.perSecond / other.perSecond);
    return printFigures(
      "page: a person's Observations, twenty matches",
      `  ${connections} connections, ${rounds} alternating rounds of ${round} s; ${page.body.length} bytes`,
      [
        plain(
          'bare Hono app, pages/s',
          of(one => one.other.perSecond),
        ),
        plain(
          'hub, pages/s',
          of(one => one.own.perSecond),
        ),
        plain(
          'bare, processor µs/page',
          of(one => one.other.cost),
        ),
        plain(
          'hub, processor µs/page',
          of(one => one.own.cost),
        ),
        { name: 'hub / bare', value: ratio, shown: ratio.toFixed(2), floor: atLeast(0.2), aim: atLeast(0.3) },
        plain(
          'hub, never asked before, pages/s',
          of(one => one.fresh.perSecond),
        ),
        plain(
          'hub, never asked before, processor µs/page',
          of(one => one.fresh.cost),
        ),
        { name: 'hub, never asked before / bare', value: anew, shown: anew.toFixed(2) },
      ],
    );
  } finally {
    await ground.remove();
  }
}
