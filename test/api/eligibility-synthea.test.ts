import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, GuidanceResponse, Parameters, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importFiles } from '../../src/exchange/import/import.ts';
import { findSources } from '../../src/exchange/import/source-files.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const folder = join(import.meta.dirname, '../../../shared/data/synthea');
if (!existsSync(folder)) process.stderr.write(`skipped: there is no ${folder} with patients of Synthea\n`);

const packs = ['minnesota-like', 'pennsylvania-like', 'ccbhc'] as const;

/** Checked on 1 March 2021, the last year of the data; all twelve live in Massachusetts. */
const expected: Record<string, string> = {
  Beatty: 'ineligible ineligible eligible',
  Becker: 'ineligible ineligible eligible',
  Bins: 'ineligible ineligible needs-data',
  Erdman: 'ineligible ineligible needs-data',
  Green: 'ineligible ineligible needs-data',
  'Hagenes (Beatrice)': 'ineligible ineligible needs-data',
  'Hagenes (Marlin)': 'ineligible ineligible needs-data',
  Kerluke: 'ineligible ineligible needs-data',
  Rath: 'ineligible ineligible needs-data',
  Reinger: 'ineligible ineligible needs-data',
  Turner: 'ineligible ineligible eligible',
  Weissnat: 'ineligible ineligible needs-data',
};

/** Had they lived in the state that asks: what decides, besides where they live, is what is known of them. */
const asResidents: Record<string, string> = {
  Beatty: 'needs-data needs-data',
  Weissnat: 'needs-data ineligible',
};

onSqlite('the twelve patients of Synthea', database => {
  let hub: TestHub;
  let ehr: Party;
  let people: Patient[];

  beforeAll(async () => {
    if (!existsSync(folder)) return;
    hub = await startTestHub(database);
    hub.clock.set('2021-03-01T18:00:00Z');
    ehr = await hub.party('system-ehr', { loads: true });
    const plans = packs.map(name =>
      JSON.parse(
        readFileSync(join(import.meta.dirname, `../../terminology/plan-eligibility-${name}.json`), 'utf8'),
      ),
    );
    const publish = plans.map(
      resource => ({ kind: 'update', type: 'PlanDefinition', id: resource.id, resource }) as const,
    );
    await hub.hub.repository(hub.hub.hubActor).write(publish);
    const actor = await hub.hub.authorization.authenticate(`Bearer ${ehr.token}`);
    const { files } = await findSources([folder]);
    await importFiles(files, {
      parts: hub.hub.parts,
      repository: hub.hub.repository({ ...actor, importing: true }),
      restart: false,
      listener: { skipped: () => {}, refused: () => {}, ended: () => {}, moved: () => {} },
    });
    const found = (await ehr.get('/Patient?_count=50')).json as Bundle<Patient>;
    people = (found.entry ?? []).flatMap(({ resource }) => resource ?? []);
  });
  afterAll(() => hub?.stop());

  const check = async ({ id }: Patient, pack: string): Promise<GuidanceResponse> => {
    const program = { name: 'program', valueString: `eligibility-${pack}` };
    const body: Parameters = { resourceType: 'Parameters', parameter: [program] };
    return (await ehr.request('POST', `/Patient/${id}/$check-eligibility`, body)).json;
  };
  const partsOf = ({ contained }: GuidanceResponse) =>
    (contained?.[0] as Parameters | undefined)?.parameter ?? [];
  const outcome = (answer: GuidanceResponse) => partsOf(answer)[0]?.valueCode;
  const nameOf = ({ name }: Patient) => {
    const [family, given] = [name?.[0]?.family, name?.[0]?.given?.[0]].map(one => one?.replace(/\d+$/, ''));
    return family === 'Hagenes' ? `Hagenes (${given})` : (family ?? '');
  };

  it.skipIf(!existsSync(folder))('each answer by each pack can be followed to its facts', async () => {
    expect(people).toHaveLength(12);
    const answers: Record<string, string> = {};
    for (const person of people) {
      const all = await Promise.all(packs.map(pack => check(person, pack)));
      answers[nameOf(person)] = all.map(outcome).join(' ');
      for (const answer of all) await follow(answer, person);
    }
    expect(answers).toEqual(expected);
  });

  /** Every criterion rests on versions that can be read and are this person's, or says what is missing. */
  async function follow(answer: GuidanceResponse, { id }: Patient): Promise<void> {
    for (const { part = [] } of partsOf(answer).slice(1)) {
      const finding = part.find(({ name }) => name === 'finding')?.valueCode;
      const facts = part.flatMap(({ name, valueReference }) =>
        name === 'fact' ? [valueReference?.reference ?? ''] : [],
      );
      if (finding === 'missing')
        expect(part.find(({ name }) => name === 'missing')?.valueString).toBeTruthy();
      else expect(facts.length, part[0]?.valueCode).toBeGreaterThan(0);
      for (const fact of new Set(facts.slice(0, 3))) {
        expect(fact).toMatch(/^[A-Z]\w+\/[^/]+\/_history\/1$/);
        const read = await ehr.get(`/${fact}`);
        expect(read.status).toBe(200);
        const about = read.json.subject?.reference ?? `Patient/${read.json.id}`;
        expect(about).toBe(`Patient/${id}`);
      }
    }
  }

  it.skipIf(!existsSync(folder))('is decided by what is known, had they lived in the state', async () => {
    for (const [name, answers] of Object.entries(asResidents)) {
      const person = people.find(one => nameOf(one) === name);
      if (!person) throw new Error(`no ${name}`);
      const given: (string | undefined)[] = [];
      for (const [state, pack] of [
        ['MN', 'minnesota-like'],
        ['PA', 'pennsylvania-like'],
      ] as const) {
        const stored = (await ehr.get(`/Patient/${person.id}`)).json as Patient;
        await ehr.update({ ...stored, address: [{ state }] });
        given.push(outcome(await check(person, pack)));
      }
      expect(given.join(' '), name).toBe(answers);
    }
  });
});
