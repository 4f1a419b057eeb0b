import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, BundleEntry, Patient, Resource } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { check, follow, loadPeople, outcome, packs } from '../harness/eligibility.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const own = 'https://warmhandoff.example/fhir/CodeSystem';
const subject = { reference: 'urn:uuid:person' };
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
const service = (code: string) => coded('http://terminology.hl7.org/CodeSystem/service-type', code);

const icd = (code: string) => ({
  resourceType: 'Condition',
  subject,
  code: coded('http://hl7.org/fhir/sid/icd-10-cm', code),
});
const snomed = (code: string) => ({ ...icd(''), code: coded('http://snomed.info/sct', code) });
const stay = (start: string, end: string) => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  serviceType: service('141'),
  subject,
  period: { start, end },
});
const observed = (system: string, code: string, value: object) => ({
  resourceType: 'Observation',
  status: 'final',
  subject,
  code: coded(system, code),
  effectiveDateTime: '2026-01-10',
  ...value,
});
const says = (code: string) => observed(`${own}/eligibility-fact`, code, { valueBoolean: true });
const phq9 = (value: number) => observed('http://loinc.org', '44261-6', { valueQuantity: { value } });
const risk = (code: string) =>
  observed('http://loinc.org', '93374-7', {
    valueCodeableConcept: coded(`${own}/instrument-result`, code),
  });
const missed = (start: string) => ({
  resourceType: 'Appointment',
  status: 'noshow',
  start,
  end: start,
  serviceType: [service('136')],
  participant: [{ actor: subject, status: 'accepted' }],
});

/** Twelve made-up people: where they live, what is on file, and what each pack says of it on 1 March 2026, and why. */
const people: Record<string, { state?: string; file: object[]; answers: string }> = {
  Alder: {
    // Diagnosis with impairment and an opinion.
    state: 'MN',
    file: [icd('F20.9'), says('functional-impairment'), says('professional-opinion')],
    answers: 'eligible ineligible eligible',
  },
  Birch: {
    // Six days, also in words of another code system.
    state: 'PA',
    file: [snomed('13746004'), stay('2025-06-01', '2025-06-07')],
    answers: 'ineligible eligible eligible',
  },
  Cedar: {
    // Where somebody lives is not known; for CCBHC that is no matter.
    file: [icd('F20.9'), says('functional-impairment'), says('professional-opinion')],
    answers: 'needs-data needs-data eligible',
  },
  Dogwood: {
    // Two stays in 24 months.
    state: 'MN',
    file: [stay('2025-02-01', '2025-02-08'), stay('2025-05-01', '2025-05-08')],
    answers: 'eligible ineligible needs-data',
  },
  Elm: {
    // Asthma alone: the stays are not known.
    state: 'MN',
    file: [icd('J45.909')],
    answers: 'needs-data ineligible needs-data',
  },
  Fir: {
    // Substance use alone does not qualify as serious mental illness, and does for CCBHC.
    state: 'PA',
    file: [icd('F10.20'), stay('2025-06-01', '2025-06-07')],
    answers: 'ineligible ineligible eligible',
  },
  Gum: {
    // All is known, and nothing qualifies.
    state: 'AK',
    file: [icd('J45.909'), phq9(3), risk('none')],
    answers: 'ineligible ineligible ineligible',
  },
  Hazel: {
    // A positive screening.
    state: 'AK',
    file: [icd('J45.909'), phq9(12)],
    answers: 'ineligible ineligible eligible',
  },
  Ironwood: {
    // Two days are too few; the alternates are not known.
    state: 'PA',
    file: [icd('F31.1'), stay('2025-06-01', '2025-06-03')],
    answers: 'ineligible needs-data eligible',
  },
  Juniper: {
    // Nothing but an address elsewhere.
    state: 'WI',
    file: [],
    answers: 'ineligible ineligible needs-data',
  },
  Kapok: {
    // Nothing at all.
    file: [],
    answers: 'needs-data needs-data needs-data',
  },
  Larch: {
    // Three appointments missed in twelve months.
    state: 'PA',
    file: [
      icd('F20.0'),
      ...['2025-06-02', '2025-09-02', '2026-01-12'].map(day => missed(`${day}T10:00:00Z`)),
    ],
    answers: 'ineligible eligible eligible',
  },
};

/** A record as an EHR exports it: one transaction for each person. */
function record(family: string): Bundle {
  const { state, file } = people[family] ?? { file: [] };
  const patient = {
    resourceType: 'Patient',
    name: [{ family }],
    birthDate: '1980-01-01',
    ...(state ? { address: [{ state }] } : {}),
  };
  const entry = (resource: object, fullUrl: string): BundleEntry => ({
    fullUrl,
    resource: resource as Resource,
    request: { method: 'POST', url: (resource as Resource).resourceType },
  });
  const more = file.map((one, index) => entry(one, `urn:uuid:${family}-${index}`));
  return { resourceType: 'Bundle', type: 'transaction', entry: [entry(patient, subject.reference), ...more] };
}

onSqlite('twelve made-up people', database => {
  let hub: TestHub;
  let ehr: Party;
  let folder: string;
  const known = new Map<string, Patient>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'people-'));
    for (const family of Object.keys(people))
      await writeFile(
        join(folder, `${family}.json`),
        JSON.stringify(record(family)).replaceAll(subject.reference, `${subject.reference}-${family}`),
      );
    hub = await startTestHub(database);
    hub.clock.set('2026-03-01T18:00:00Z');
    ehr = await hub.party('system-ehr', { loads: true });
    await loadPeople(hub, ehr, folder);
    const found = (await ehr.get('/Patient?_count=50')).json as Bundle<Patient>;
    for (const { resource } of found.entry ?? [])
      if (resource) known.set(resource.name?.[0]?.family ?? '', resource);
  });
  afterAll(async () => {
    await hub?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(Object.keys(people))('%s: each answer by each pack can be followed to its facts', async family => {
    const person = known.get(family);
    if (!person) throw new Error(`${family} was not loaded`);
    const answers = await Promise.all(packs.map(pack => check(ehr, person, pack)));
    expect(answers.map(outcome).join(' ')).toBe(people[family]?.answers);
    for (const answer of answers) {
      const followed = await follow(ehr, answer, person);
      if (people[family]?.state) expect(followed + (answer.dataRequirement?.length ?? 0)).toBeGreaterThan(0);
    }
  });

  it('answers in as many ways as there are, by every pack', () => {
    const by = (at: number) => Object.values(people).map(({ answers }) => answers.split(' ')[at]);
    for (const at of packs.keys()) expect(new Set(by(at)).size).toBe(3);
  });
});
