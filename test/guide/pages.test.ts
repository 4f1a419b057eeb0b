import type { Bundle, OperationOutcome, Task } from '@medplum/fhirtypes';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownDefinitions, ownExamples } from '../../src/fhir/conformance/own-definitions.ts';
import type { RunningHub } from '../../src/main.ts';
import {
  commandOf,
  firstReferral,
  type Request,
  refusal,
  tooEarly,
} from '../../src/web/guide/first-referral.ts';
import { triesOf } from '../../src/web/guide/tries.ts';
import { violationsOf } from '../harness/accessible.ts';
import { openPage } from '../harness/browser.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';

let demo: DemoHub;
let running: RunningHub;
let browser: Browser;

beforeAll(async () => {
  demo = await startDemoHub();
  ({ running, browser } = demo);
});
afterAll(() => demo?.stop());

/** What a page links to at this hub, without what follows `#`. */
const linksIn = (html: string) => [...html.matchAll(/href="(\/[^"#]*)/g)].map(([, path]) => path ?? '');
/** Places in a page that it links to itself. */
const anchorsIn = (html: string) => [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);

describe('the guide', () => {
  it('has a page for every definition and example, and no dead link', async () => {
    const answers = new Map<string, { status: number; text: string }>();
    const open = ['/guide'];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (answers.has(path)) continue;
      const response = await fetch(running.url + path);
      const text = await response.text();
      answers.set(path, { status: response.status, text });
      if (path.startsWith('/guide') && !path.endsWith('.json')) open.push(...linksIn(text));
    }
    const wrong = [...answers]
      .filter(([, { status }]) => status !== 200)
      .map(([path, { status }]) => [path, status]);
    expect(wrong).toEqual([]);
    const pages = [...answers.keys()];
    for (const { resourceType, id } of await ownDefinitions()) {
      expect(pages).toContain(`/guide/${resourceType}/${id}`);
      expect(pages).toContain(`/guide/${resourceType}/${id}.json`);
    }
    for (const { id } of await ownExamples()) expect(pages).toContain(`/guide/example/${id}`);
    for (const [path, { text }] of answers)
      for (const id of anchorsIn(text)) expect(text, `${path}#${id}`).toContain(` id="${id}"`);
  });

  it('gives each definition as JSON as it is', async () => {
    for (const one of await ownDefinitions()) {
      const response = await fetch(`${running.url}/guide/${one.resourceType}/${one.id}.json`);
      expect(response.headers.get('content-type')).toContain('application/fhir+json');
      expect(await response.json()).toEqual(one);
    }
  });

  it('shows what a profile asks, and all codes of a code system', async () => {
    const profile = await (await fetch(`${running.url}/guide/StructureDefinition/referral-offer`)).text();
    for (const words of [
      'restriction.period.end',
      '1..1',
      'input:offeredService',
      'must support',
      'At least',
    ])
      expect(profile).toContain(words);
    const codes = await (await fetch(`${running.url}/guide/CodeSystem/decline-reason`)).text();
    const system = (await ownDefinitions()).find(({ id }) => id === 'decline-reason');
    const concepts = (system as { concept?: { code: string }[] }).concept ?? [];
    expect(concepts.length).toBeGreaterThan(10);
    for (const { code } of concepts) expect(codes).toContain(`<code>${code}</code>`);
  });

  it('says of what is not there that it is not', async () => {
    for (const path of ['/guide/StructureDefinition/nothing', '/guide/example/nothing.json', '/guide/x/y']) {
      const response = await fetch(running.url + path);
      expect(response.status, path).toBe(404);
      expect(await response.text()).toContain('The guide has no page about this.');
    }
  });
});

describe('the first referral of the guide', () => {
  it('runs as it stands against the demo network', async () => {
    const tokens = new Map<string, string>();
    const ask = async ({ as, method, path, type, body }: Request, task: string, status = 200) => {
      const known =
        tokens.get(as) ?? (await running.hub.authorization.issueToken({ client: as, ttl: 600 })).token;
      tokens.set(as, known);
      const response = await fetch(`${running.url}/fhir${path.replace('$TASK', task)}`, {
        method,
        headers: { Authorization: `Bearer ${known}`, ...(type ? { 'Content-Type': type } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const json = await response.json();
      expect(response.status, `${method} ${path}: ${JSON.stringify(json).slice(0, 2000)}`).toBe(status);
      return json;
    };
    let id = '';
    for (const request of firstReferral) {
      const answer = await ask(request, id);
      const [, , task] = (answer as Bundle).entry ?? [];
      if (request === firstReferral[0]) id = task?.response?.location?.match(/Task\/([^/]+)/)?.[1] ?? '';
      if (request === firstReferral[0]) expect(await ask(tooEarly, id, 422)).toEqual(refusal);
      if (request.method === 'GET') {
        const ids = ((answer as Bundle).entry ?? []).map(({ resource }) => resource?.id);
        expect(ids, request.what).toContain(id);
      }
    }
    const { url } = running;
    const polled = await fetch(`${url}/fhir/Task/${id}`, {
      headers: { Authorization: `Bearer ${tokens.get(firstReferral[0]?.as ?? '')}` },
    });
    const task: Task = await polled.json();
    expect(task).toMatchObject({ status: 'in-progress', businessStatus: { coding: [{ code: '5.1.1' }] } });
    const page = await (await fetch(`${url}/guide`)).text();
    for (const request of firstReferral) expect(unescaped(page)).toContain(commandOf(request, `${url}/fhir`));
  });
});

describe('the commands to try', () => {
  it('are searches that the hub has, and validations that find the examples right', async () => {
    const { token } = await running.hub.authorization.issueToken({ client: 'general-hospital', ttl: 600 });
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' };
    const examples = await ownExamples();
    let searches = 0;
    for (const definition of await ownDefinitions()) {
      if (definition.resourceType !== 'StructureDefinition') continue;
      const [example] = examples.filter(one => one.meta?.profile?.includes(definition.url));
      for (const { command } of triesOf(definition, example?.id, `${running.url}/fhir`)) {
        const [url = ''] = /http\S+\/fhir\/[^\s']+/.exec(command) ?? [];
        if (!command.includes('validate')) {
          const answer = await fetch(url, { headers });
          expect(answer.status, `${url}: ${await answer.text()}`).toBe(200);
          searches += 1;
        } else {
          const body = JSON.stringify(example);
          const answer = await fetch(url.replace('\\$', '$'), { method: 'POST', headers, body });
          const { issue } = (await answer.json()) as OperationOutcome;
          expect(
            issue.filter(one => one.severity === 'error'),
            url,
          ).toEqual([]);
        }
      }
    }
    expect(searches).toBeGreaterThan(9);
  });
});

const unescaped = (html: string) =>
  html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('one page of each kind', () => {
  const pages = [
    '/guide',
    '/guide/StructureDefinition/referral-task',
    '/guide/StructureDefinition/next-step',
    '/guide/CodeSystem/referral-status',
    '/guide/ValueSet/referral-business-status',
    '/guide/ConceptMap/referral-status-to-bser',
    '/guide/SearchParameter/task-input',
    '/guide/OperationDefinition/break-glass',
    '/guide/Library/routing-weights',
    '/guide/example/example-referral-task',
  ];

  const desktop = { width: 1280, height: 800, colorScheme: 'light' } as const;
  const phone = { width: 390, height: 844, colorScheme: 'dark' } as const;
  /** Each page at least one way; both ways where everything is checked. */
  const looks = pages.flatMap((path, index) =>
    (process.env.CHECK_FULL ? [desktop, phone] : [index % 2 ? desktop : phone]).map(look => ({
      path,
      ...look,
    })),
  );

  it.each(looks)('$path is accessible at $width px ($colorScheme)', async ({ path, ...look }) => {
    const { page, complaints } = await openPage(browser, running.url + path, look);
    expect(complaints).toEqual([]);
    expect(await violationsOf(page)).toEqual([]);
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0]).toBeLessThanOrEqual(widths[1] as number);
    await page.context().close();
  });
});
