import { readFileSync } from 'node:fs';
import type {
  Coverage,
  HealthcareService,
  Location,
  Organization,
  Patient,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import weights from '../../../terminology/routing-weights.json' with { type: 'json' };
import type { Candidate } from './candidate.ts';
import { explainOffer } from './explain.ts';
import { serviceFacts } from './facts.ts';
import { needOf } from './need.ts';
import { rank } from './rank.ts';
import { routingRules } from './rules.ts';

const page = readFileSync(new URL('../../../docs/routing.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'g'))].map(([, text = '']) => text);
const [entries, person, [request], standing] = blocks('json').map(text => JSON.parse(text)) as [
  Resource[],
  [Patient, Coverage],
  [ServiceRequest],
  Record<string, Pick<Candidate, 'load'>>,
];
const now = new Date('2026-03-02T15:00:00Z');
const rules = routingRules(weights);

const directory = new Map(
  entries.map(one => [`${one.resourceType}/${one.id}`, one as Organization | Location]),
);
const candidates = entries
  .filter((one): one is HealthcareService => one.resourceType === 'HealthcareService')
  .map(service => serviceFacts(service, directory))
  .filter(facts => facts !== undefined)
  .map(facts => ({ ...facts, load: 0, ...standing[facts.organization] }));
const need = needOf(
  {
    task: {},
    request,
    patient: person[0],
    coverages: [person[1]],
    source: 'hospital',
    preferred: [],
    asked: [],
    refusals: [],
    licences: rules.licences,
  },
  now,
);
const ranking = rank(need, candidates, rules, now);
const [best] = ranking.ranked;
if (!best) throw new Error('the example ranks nobody');

it('says what docs/routing.md says of its example', () => {
  expect(blocks('text')[0]).toBe(explainOffer([best], ranking));
});

it('counts as the page counts', () => {
  const own: Record<string, number> = rules.weights.routine;
  const counted = best.reasons.filter(({ criterion }) => criterion in own);
  const rows = counted.map(
    ({ criterion, value, words }) => `| ${criterion} | ${value.toFixed(2)} | ${own[criterion]} | ${words} |`,
  );
  expect(page).toContain(rows.join('\n'));
  const sum = counted.reduce((all, { criterion, value }) => all + value * (own[criterion] ?? 0), 0);
  const total = counted.reduce((all, { criterion }) => all + (own[criterion] ?? 0), 0);
  expect(Math.round((1000 * sum) / total) / 10).toBe(best.score);
  expect(page).toContain(`${sum.toFixed(2)} of ${total}: ${best.score} of 100`);
});
