import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { check, follow, loadPeople, outcome, packs } from '../harness/eligibility.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const folder = join(import.meta.dirname, '../../../shared/data/synthea');
if (!existsSync(folder)) process.stderr.write(`skipped: there is no ${folder} with patients of Synthea\n`);

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
    await loadPeople(hub, ehr, folder);
    const found = (await ehr.get('/Patient?_count=50')).json as Bundle<Patient>;
    people = (found.entry ?? []).flatMap(({ resource }) => resource ?? []);
  });
  afterAll(() => hub?.stop());

  const nameOf = ({ name }: Patient) => {
    const [family, given] = [name?.[0]?.family, name?.[0]?.given?.[0]].map(one => one?.replace(/\d+$/, ''));
    return family === 'Hagenes' ? `Hagenes (${given})` : (family ?? '');
  };

  it.skipIf(!existsSync(folder))('each answer by each pack can be followed to its facts', async () => {
    expect(people).toHaveLength(12);
    const answers: Record<string, string> = {};
    for (const person of people) {
      const all = await Promise.all(packs.map(pack => check(ehr, person, pack)));
      answers[nameOf(person)] = all.map(outcome).join(' ');
      for (const answer of all) await follow(ehr, answer, person);
    }
    expect(answers).toEqual(expected);
  });

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
        given.push(outcome(await check(ehr, person, pack)));
      }
      expect(given.join(' '), name).toBe(answers);
    }
  });
});
