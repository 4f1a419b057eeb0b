import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GuidanceResponse, Parameters, Patient } from '@medplum/fhirtypes';
import { expect } from 'vitest';
import { importFiles } from '../../src/exchange/import/import.ts';
import { findSources } from '../../src/exchange/import/source-files.ts';
import type { Party, TestHub } from './hub.ts';

export const packs = ['minnesota-like', 'pennsylvania-like', 'ccbhc'] as const;

/** Publishes the packs, and loads a folder of Bundles as history of who loads. */
export async function loadPeople(hub: TestHub, by: Party, folder: string): Promise<void> {
  const plans = packs.map(name =>
    JSON.parse(
      readFileSync(join(import.meta.dirname, `../../terminology/plan-eligibility-${name}.json`), 'utf8'),
    ),
  );
  const publish = plans.map(
    resource => ({ kind: 'update', type: 'PlanDefinition', id: resource.id, resource }) as const,
  );
  await hub.hub.repository(hub.hub.hubActor).write(publish);
  const actor = await hub.hub.authorization.authenticate(`Bearer ${by.token}`);
  const { files } = await findSources([folder]);
  await importFiles(files, {
    parts: hub.hub.parts,
    repository: hub.hub.repository({ ...actor, importing: true }),
    restart: false,
    listener: {
      skipped: () => {},
      refused: refusal => expect(refusal, 'what is loaded is taken').toBeUndefined(),
      ended: () => {},
      moved: () => {},
    },
  });
}

export async function check(by: Party, { id }: Patient, pack: string): Promise<GuidanceResponse> {
  const program = { name: 'program', valueString: `eligibility-${pack}` };
  const body: Parameters = { resourceType: 'Parameters', parameter: [program] };
  const answer = await by.request('POST', `/Patient/${id}/$check-eligibility`, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

const partsOf = ({ contained }: GuidanceResponse) =>
  (contained?.[0] as Parameters | undefined)?.parameter ?? [];

export const outcome = (answer: GuidanceResponse): string | undefined => partsOf(answer)[0]?.valueCode;

/** Every criterion rests on versions that can be read and are this person's, or says what is missing. */
export async function follow(by: Party, answer: GuidanceResponse, { id }: Patient): Promise<number> {
  let followed = 0;
  for (const { part = [] } of partsOf(answer).slice(1)) {
    const finding = part.find(({ name }) => name === 'finding')?.valueCode;
    const facts = part.flatMap(({ name, valueReference }) =>
      name === 'fact' ? [valueReference?.reference ?? ''] : [],
    );
    if (finding === 'missing') expect(part.find(({ name }) => name === 'missing')?.valueString).toBeTruthy();
    else expect(facts.length, part[0]?.valueCode).toBeGreaterThan(0);
    for (const fact of new Set(facts.slice(0, 3))) {
      expect(fact).toMatch(/^[A-Z]\w+\/[^/]+\/_history\/1$/);
      const { status, json } = await by.get(`/${fact}`);
      expect(status).toBe(200);
      const about =
        json.subject?.reference ?? json.participant?.[0]?.actor?.reference ?? `Patient/${json.id}`;
      expect(about).toBe(`Patient/${id}`);
      followed++;
    }
  }
  return followed;
}
