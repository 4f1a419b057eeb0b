import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Appointment,
  Condition,
  Encounter,
  Observation,
  Patient,
  PlanDefinition,
  Resource,
} from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../fhir/canonical.ts';
import { type Answer, decide, type Finding, leavesDecided } from './decide.ts';
import { leavesOf, readPack } from './pack.ts';

const pack = (id: string) => {
  const path = join(import.meta.dirname, `../../../terminology/plan-${id}.json`);
  return readPack(JSON.parse(readFileSync(path, 'utf8')) as PlanDefinition);
};
const packs = {
  minnesota: pack('eligibility-minnesota-like'),
  pennsylvania: pack('eligibility-pennsylvania-like'),
  ccbhc: pack('eligibility-ccbhc'),
};
type Program = keyof typeof packs;

const moment = { now: new Date('2026-03-01T18:00:00Z'), timeZone: 'America/Chicago' };
const icd = 'http://hl7.org/fhir/sid/icd-10-cm';
const loinc = 'http://loinc.org';
const subject = { reference: 'Patient/p' };
const fact = `${canonical}/CodeSystem/eligibility-fact`;
let count = 0;
const id = () => `r${++count}`;

const lives = (...states: string[]): Patient => ({
  resourceType: 'Patient',
  id: 'p',
  ...(states.length ? { address: states.map(state => ({ state })) } : {}),
});
const condition = (code: string, more: Partial<Condition> = {}): Condition => ({
  resourceType: 'Condition',
  id: id(),
  subject,
  code: { coding: [{ system: icd, code }] },
  ...more,
});
const status = (code: string): Partial<Condition> => ({
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }],
  },
});
const snomed = (code: string): Condition =>
  condition('', { code: { coding: [{ system: 'http://snomed.info/sct', code }] } });
/** A stay in a psychiatric service. */
const stay = (start: string, end: string | undefined, more: Partial<Encounter> = {}): Encounter => ({
  resourceType: 'Encounter',
  id: id(),
  status: end ? 'finished' : 'in-progress',
  class: { code: 'IMP' },
  serviceType: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '141' }] },
  subject,
  period: { start, ...(end ? { end } : {}) },
  ...more,
});
const contact = (start: string, code: string): Encounter =>
  stay(start, start, {
    class: { code: 'AMB' },
    serviceType: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code }] },
  });
const { serviceType: _psychiatry, ...unsaid } = stay('2025-06-01', '2025-06-10');
const medical = stay('2025-06-01', '2025-06-10', {
  serviceType: { coding: [{ code: '57' }] },
  reasonCode: [{ coding: [{ system: icd, code: 'S52.5' }] }],
});
const says = (code: string, value: boolean | undefined, on = '2026-01-10'): Observation => ({
  resourceType: 'Observation',
  id: id(),
  status: 'final',
  code: { coding: [{ system: fact, code }] },
  subject,
  effectiveDateTime: on,
  ...(value === undefined ? {} : { valueBoolean: value }),
});
const score = (code: string, value: number, on = '2026-01-10'): Observation => ({
  ...says('', undefined, on),
  code: { coding: [{ system: loinc, code }] },
  valueQuantity: { value },
});
const risk = (code: string): Observation => ({
  ...says('', undefined),
  code: { coding: [{ system: loinc, code: '93374-7' }] },
  valueCodeableConcept: { coding: [{ system: `${canonical}/CodeSystem/instrument-result`, code }] },
});
const appointment = (start: string, state: Appointment['status']): Appointment => ({
  resourceType: 'Appointment',
  id: id(),
  status: state,
  start,
  serviceType: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '136' }] }],
  participant: [{ actor: subject, status: 'accepted' }],
});

const decided = (program: Program, ...resources: Resource[]) =>
  decide(
    packs[program],
    Map.groupBy(resources, one => one.resourceType),
    moment,
  );
const finding = (program: Program, code: string, ...resources: Resource[]): Finding | undefined =>
  leavesDecided(decided(program, ...resources).root).find(({ criterion }) => criterion.code === code)
    ?.finding;

const [mn, pa, cc] = ['minnesota', 'pennsylvania', 'ccbhc'] as const;
const noshow = (start: string) => appointment(start, 'noshow');

/** Each criterion: facts that meet it, facts that do not, and too little to say. */
const table: [Program, string, Record<Finding, readonly Resource[][]>][] = [
  [
    mn,
    'residency',
    {
      met: [[lives('MN')], [lives('WI', 'Minnesota')]],
      'not-met': [[lives('WI')]],
      missing: [[], [lives()]],
    },
  ],
  [
    mn,
    'inpatient-episodes',
    {
      met: [
        [stay('2024-03-05', '2024-03-09'), stay('2026-02-01', undefined)],
        // Admitted before the 24 months, discharged within them.
        [stay('2024-02-01', '2024-03-02'), stay('2025-01-01', '2025-01-04')],
        [
          condition('F25.0', { id: 'why' }),
          { ...unsaid, id: 'x', diagnosis: [{ condition: { reference: 'Condition/why' } }] },
          stay('2025-01-01', '2025-01-04'),
        ],
      ],
      'not-met': [
        [stay('2025-01-01', '2025-01-04')],
        [stay('2024-01-01', '2024-02-20'), stay('2025-01-01', '2025-01-04')],
        [medical, stay('2025-01-01', '2025-01-04')],
        [stay('2025-02-01', '2025-02-04', { status: 'entered-in-error' }), stay('2025-01-01', '2025-01-04')],
        // Nobody was admitted.
        [stay('2025-02-01', '2025-02-04', { status: 'planned' }), stay('2025-01-01', '2025-01-04')],
      ],
      missing: [
        [],
        // What the stay was for was denied since.
        [
          condition('F25.0', { id: 'why', verificationStatus: { coding: [{ code: 'refuted' }] } }),
          { ...unsaid, id: 'x', diagnosis: [{ condition: { reference: 'Condition/why' } }] },
          stay('2025-01-01', '2025-01-04'),
        ],
        [unsaid, stay('2025-01-01', '2025-01-04')],
        [stay('2020-01-01', '2020-01-09')],
      ],
    },
  ],
  [
    mn,
    'long-stay',
    {
      met: [
        [stay('2025-06-01', '2025-12-31')],
        [stay('2025-06-01', '2025-09-01'), stay('2025-09-01', '2025-12-31')],
      ],
      'not-met': [
        [stay('2025-06-01', '2025-09-01'), stay('2025-09-03', '2025-12-31')],
        // Exactly 183 nights.
        [stay('2025-06-01', '2025-12-01')],
      ],
      missing: [[], [unsaid]],
    },
  ],
  [
    mn,
    'crisis-team',
    {
      met: [[contact('2024-06-01', '135'), contact('2026-01-01', '135')]],
      'not-met': [
        [contact('2026-01-01', '135')],
        [contact('2026-01-01', '136'), contact('2026-01-02', '136')],
      ],
      missing: [[], [contact('2024-01-01', '135')]],
    },
  ],
  [
    mn,
    'diagnosis',
    {
      met: [[condition('F20.9')], [condition('F60.3')], [condition('F33.1')], [snomed('370143000')]],
      'not-met': [[condition('F41.1')], [condition('F20.9', status('resolved'))], [condition('J45')]],
      missing: [
        [],
        [
          condition('F20.9', {
            verificationStatus: { coding: [{ code: 'refuted' }] },
          }),
        ],
        // One possibility among others.
        [condition('F20.9', { verificationStatus: { coding: [{ code: 'differential' }] } })],
      ],
    },
  ],
  [
    mn,
    'impairment',
    {
      met: [[says('functional-impairment', true)]],
      'not-met': [[says('functional-impairment', false)]],
      missing: [
        [],
        [says('functional-impairment', true, '2024-01-01')],
        [says('functional-impairment', undefined)],
      ],
    },
  ],
  [
    mn,
    'opinion',
    {
      met: [[says('professional-opinion', true)]],
      'not-met': [[says('professional-opinion', false)]],
      missing: [[], [says('commitment', true)]],
    },
  ],
  [
    mn,
    'commitment',
    {
      met: [[says('commitment', true, '2023-03-02')]],
      'not-met': [[says('commitment', false)]],
      missing: [[], [says('commitment', true, '2023-02-01')]],
    },
  ],
  [pa, 'residency', { met: [[lives('PA')]], 'not-met': [[lives('NJ')]], missing: [[lives()]] }],
  [
    pa,
    'diagnosis',
    {
      met: [[condition('F33.2')], [condition('F43.12')], [condition('F42.9')], [condition('F29')]],
      'not-met': [[condition('F10.20')], [condition('F71')], [condition('F33.1')], [condition('F43.2')]],
      missing: [[], [condition('F32.A')], [snomed('370143000')]],
    },
  ],
  [
    pa,
    'inpatient-days',
    {
      met: [
        [stay('2025-06-01', '2025-06-07')],
        [stay('2025-06-01', '2025-06-04'), stay('2025-07-01', '2025-07-04')],
      ],
      'not-met': [
        [stay('2025-06-01', '2025-06-06')],
        // The same days twice.
        [stay('2025-06-01', '2025-06-05'), stay('2025-06-02', '2025-06-06')],
        // Of these only four are within the 12 months.
        [stay('2025-02-01', '2025-03-05')],
      ],
      missing: [[], [unsaid]],
    },
  ],
  [
    pa,
    'involuntary-treatment',
    {
      met: [[says('commitment', true)]],
      'not-met': [[says('commitment', false)]],
      missing: [[], [says('commitment', true, '2024-12-01')]],
    },
  ],
  [
    pa,
    'crisis-contacts',
    {
      met: [[contact('2025-06-01', '135'), contact('2025-07-01', '135')]],
      'not-met': [[contact('2025-06-01', '135')]],
      missing: [[], [contact('2024-06-01', '135'), contact('2024-07-01', '135')]],
    },
  ],
  [
    pa,
    'missed-appointments',
    {
      met: [[noshow('2025-06-01T15:00:00Z'), noshow('2025-07-01T15:00:00Z'), noshow('2025-08-01T15:00:00Z')]],
      'not-met': [
        [
          noshow('2025-06-01T15:00:00Z'),
          noshow('2025-07-01T15:00:00Z'),
          appointment('2025-08-01T15:00:00Z', 'fulfilled'),
        ],
      ],
      missing: [[], [noshow('2024-06-01T15:00:00Z')]],
    },
  ],
  [
    cc,
    'behavioral-health-condition',
    {
      met: [[condition('F41.1')], [condition('F10.20')], [condition('F90.0')]],
      'not-met': [[condition('F71')], [condition('J45')]],
      missing: [[]],
    },
  ],
  [
    cc,
    'positive-screening',
    {
      met: [[score('44261-6', 10)], [score('70274-6', 21)]],
      'not-met': [[score('44261-6', 9)]],
      missing: [[], [score('44261-6', 20, '2025-01-01')], [score('8302-2', 180)]],
    },
  ],
  [
    cc,
    'suicide-risk',
    { met: [[risk('moderate')], [risk('high')]], 'not-met': [[risk('low')], [risk('none')]], missing: [[]] },
  ],
];

describe.each(table)('%s: %s', (program, code, rows) => {
  const cases = (Object.entries(rows) as [Finding, Resource[][]][]).flatMap(([expected, all]) =>
    all.map((resources, at) => [expected, at, resources] as const),
  );
  it.each(cases)('%s (%i)', (expected, _at, resources) =>
    expect(finding(program, code, ...resources)).toBe(expected),
  );
});

it('has good, bad and missing cases for every criterion of every pack', () => {
  const tried = table.map(([program, code]) => `${program} ${code}`);
  const all = Object.entries(packs).flatMap(([program, { root }]) =>
    leavesOf(root).map(({ code }) => `${program} ${code}`),
  );
  expect(tried.toSorted()).toEqual(all.toSorted());
});

describe('criteria together', () => {
  const ill = [condition('F20.9'), says('functional-impairment', true), says('professional-opinion', true)];
  it.each<[Program, Resource[], Answer]>([
    [mn, [lives('MN'), ...ill], 'eligible'],
    [mn, [lives('WI'), ...ill], 'ineligible'],
    [mn, [lives(), ...ill], 'needs-data'],
    [mn, [lives('MN'), ...ill.slice(0, 2)], 'needs-data'],
    [mn, [lives('MN'), stay('2025-02-01', '2025-02-08'), stay('2025-05-01', '2025-05-08')], 'eligible'],
    [pa, [lives('PA'), condition('F31.1'), stay('2025-06-01', '2025-06-07')], 'eligible'],
    [pa, [lives('PA'), condition('F10.20'), stay('2025-06-01', '2025-06-07')], 'ineligible'],
    [pa, [lives('PA'), condition('F31.1'), stay('2025-06-01', '2025-06-03')], 'needs-data'],
    [cc, [condition('F41.1')], 'eligible'],
    [cc, [lives('AK'), condition('J45')], 'needs-data'],
    [cc, [condition('J45'), score('44261-6', 3), risk('none')], 'ineligible'],
  ])('%s (%#)', (program, resources, expected) =>
    expect(decided(program, ...resources).answer).toBe(expected),
  );
});

describe('a pack that is wrong is refused where it is', () => {
  const leaf = {
    id: 'one',
    extension: [{ url: `${canonical}/StructureDefinition/criterion-missing`, valueString: 'What?' }],
    input: [{ type: 'Condition' as const }],
    condition: [
      {
        kind: 'applicability' as const,
        expression: { language: 'text/fhirpath' as const, expression: 'true' },
      },
    ],
  };
  const expression = (text: string) => [
    { kind: 'applicability' as const, expression: { language: 'text/fhirpath' as const, expression: text } },
  ];
  it.each([
    ['nothing in it', [], 'PlanDefinition.action'],
    ['two roots', [leaf, leaf], 'PlanDefinition.action'],
    ['no name', [{ ...leaf, id: '' }], 'PlanDefinition.action[0].id'],
    ['no type', [{ ...leaf, input: [] }], 'PlanDefinition.action[0].input'],
    ['no condition', [{ ...leaf, condition: [] }], 'PlanDefinition.action[0].condition'],
    ['nothing to ask for', [{ ...leaf, extension: [] }], 'PlanDefinition.action[0].extension'],
    [
      'the clock of the machine',
      [{ ...leaf, condition: expression('today() > @2020') }],
      'PlanDefinition.action[0].condition[0].expression',
    ],
    ['a group without a rule', [{ id: 'all', action: [leaf] }], 'PlanDefinition.action[0].selectionBehavior'],
    [
      'a window without a unit',
      [
        {
          ...leaf,
          input: [
            { type: 'Condition' as const, dateFilter: [{ path: 'onset', valueDuration: { value: 3 } }] },
          ],
        },
      ],
      'PlanDefinition.action[0].input[0].dateFilter',
    ],
  ])('%s', (_what, action, place) => {
    const plan: PlanDefinition = { resourceType: 'PlanDefinition', url: 'urn:x', status: 'active', action };
    expect(() => readPack(plan)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ expression: place })] }),
    );
  });
});
