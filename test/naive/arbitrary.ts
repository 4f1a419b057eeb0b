import type { Observation, Patient, Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import type { Condition, Held } from './world.ts';

export const organizations = ['north', 'south', 'west'];

const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const codes = ['a', 'b', 'c'];
const coding = fc.record({ system: fc.constantFrom(loinc, 'urn:other'), code: fc.constantFrom(...codes) });
/** An Observation does not repeat its code in a component. */
const ofComponent = fc.record({
  coding: fc.array(
    fc.record({ system: fc.constantFrom(loinc, 'urn:other'), code: fc.constantFrom('d', 'e') }),
    { minLength: 1, maxLength: 2 },
  ),
});
const concept = fc.record({ coding: fc.array(coding, { minLength: 1, maxLength: 2 }) });
const names = ['Müller', 'Muller', 'MÜLLER', 'Ng', 'Nguyen', "O'Neil"];
const dates = ['1980', '1980-02', '1980-02-29', '1981-01-01', '1980-12-31'];
const moments = [
  '2026-03-01',
  '2026-03',
  '2026-03-01T10:00:00Z',
  '2026-03-01T23:30:00-05:00',
  '2026-03-02T04:30:00Z',
  '2026-03-02T00:00:00+14:00',
  '2026-02-28',
];
const period = fc.constantFrom(
  { start: '2026-03-01T10:00:00Z', end: '2026-03-02T04:30:00Z' },
  { start: '2026-03-01' },
  { end: '2026-02-28' },
  { start: '2026-02-01', end: '2026-04' },
);
/** With its unit in words: the interpreter of the naive side takes 5 mg and 5 kg for one value where there is none. */
const quantity = fc
  .record({
    value: fc.constantFrom(5, 5.4, 5.5, 4.5, 100, -3),
    code: fc.constantFrom('mg', 'kg'),
    system: fc.constant(ucum),
  })
  .map(one => ({ ...one, unit: one.code }));
const security = maybe(fc.constantFrom([{ code: 'SUD' }], [{ code: 'R' }]));

const patient = (id: string): fc.Arbitrary<Patient & { id: string }> =>
  fc
    .record({
      gender: maybe(fc.constantFrom('male' as const, 'female' as const, 'other' as const)),
      birthDate: maybe(fc.constantFrom(...dates)),
      name: maybe(
        fc.array(
          fc.record({
            family: fc.constantFrom(...names),
            given: fc.array(fc.constantFrom(...names), { maxLength: 2, minLength: 1 }),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      ),
      identifier: maybe(
        fc.array(fc.record({ system: fc.constantFrom('urn:a', 'urn:b'), value: fc.constantFrom('1', '2') }), {
          minLength: 1,
          maxLength: 2,
        }),
      ),
      active: maybe(fc.boolean()),
      security,
    })
    .map(({ security, ...rest }) =>
      present({ resourceType: 'Patient' as const, id, ...rest, meta: security && { security } }),
    ) as fc.Arbitrary<Patient & { id: string }>;

const observation = (id: string, subject: string): fc.Arbitrary<Observation & { id: string }> =>
  fc
    .record({
      code: concept,
      status: fc.constantFrom('final' as const, 'amended' as const),
      value: fc.oneof(
        quantity.map(valueQuantity => ({ valueQuantity })),
        concept.map(valueCodeableConcept => ({ valueCodeableConcept })),
        fc.constant({}),
      ),
      effective: fc.oneof(
        fc.constantFrom(...moments).map(effectiveDateTime => ({ effectiveDateTime })),
        period.map(effectivePeriod => ({ effectivePeriod })),
        fc.constant({}),
      ),
      component: maybe(
        fc.array(fc.record({ code: ofComponent, valueQuantity: quantity }), { minLength: 1, maxLength: 2 }),
      ),
      performer: maybe(fc.constant([{ reference: 'Practitioner/who' }])),
      security,
    })
    .map(({ value, effective, security, ...rest }) =>
      present({
        resourceType: 'Observation' as const,
        id,
        subject: { reference: `Patient/${subject}` },
        ...rest,
        ...value,
        ...effective,
        meta: security && { security },
      }),
    ) as fc.Arbitrary<Observation & { id: string }>;

/** A few people of several organizations with what is known of them; ids end in a mark of the run. */
export function population(
  mark: string,
): fc.Arbitrary<{ held: Held[]; relations: { patient: string; org: string }[] }> {
  const ids = Array.from({ length: 5 }, (_, at) => `p${at}-${mark}`);
  const people = fc.tuple(...ids.map(id => fc.tuple(patient(id), fc.constantFrom(...organizations))));
  const facts = fc.array(fc.tuple(fc.nat(ids.length - 1), fc.nat(1)), { minLength: 4, maxLength: 14 });
  return fc
    .tuple(
      people,
      facts,
      fc.array(fc.tuple(fc.nat(ids.length - 1), fc.constantFrom(...organizations)), { maxLength: 4 }),
    )
    .chain(([people, facts, links]) =>
      fc
        .tuple(...facts.map(([who], at) => observation(`o${at}-${mark}`, ids[who] ?? '')))
        .map(observations => ({
          held: [
            {
              resource: {
                resourceType: 'Practitioner',
                id: 'who',
                name: [{ family: 'Nguyen' }],
              } as Resource & { id: string },
              source: 'north',
            },
            ...people.map(([resource, source]): Held => ({ resource, source, patient: resource.id })),
            ...observations.map((resource, at): Held => {
              const [who = 0] = facts[at] ?? [];
              return { resource, source: people[who]?.[1] ?? '', patient: ids[who] ?? '' };
            }),
          ],
          relations: links.map(([who, org]) => ({ patient: ids[who] ?? '', org })),
        })),
    );
}

const prefix = fc.constantFrom('', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap');
const prefixed = (values: readonly string[]) =>
  fc.tuple(prefix, fc.constantFrom(...values)).map(parts => parts.join(''));
/** `ap` on dates depends on today. */
const dated = (values: readonly string[]) => prefixed(values).filter(one => !one.startsWith('ap'));
const token = fc.constantFrom(
  'a',
  'b',
  'd',
  `${loinc}|d`,
  `${loinc}|a`,
  'urn:other|b',
  '|a',
  `${loinc}|`,
  'z',
);
const amount = fc
  .tuple(
    prefixed(['5', '5.4', '5.0', '4.5', '100', '99', '-3', '0']),
    fc.constantFrom('', '', `|${ucum}|mg`, '||kg'),
  )
  .map(parts => parts.join(''));
const moment = dated([
  '2026',
  '2026-03',
  '2026-03-01',
  '2026-03-02',
  '2026-03-01T10:00:00Z',
  '2026-03-02T04:30:00Z',
  '2026-03-01T23:30:00-05:00',
  '2026-03-02T04:30Z',
]);

type Named = [name: fc.Arbitrary<string>, value: fc.Arbitrary<string>];

const ofPatient: Named[] = [
  [fc.constantFrom('gender', 'gender:not'), fc.constantFrom('male', 'female', 'other')],
  [fc.constant('birthdate'), dated([...dates, '1979', '1980-03'])],
  [
    fc.constantFrom('name', 'family', 'given', 'name:exact', 'family:contains'),
    fc.constantFrom(...names, 'mu', 'LLE', 'n'),
  ],
  [fc.constantFrom('identifier', 'identifier:not'), fc.constantFrom('1', 'urn:a|1', 'urn:b|', 'urn:c|1')],
  [fc.constantFrom('active', 'active:not'), fc.constantFrom('true', 'false')],
  [fc.constantFrom('gender:missing', 'birthdate:missing', 'name:missing'), fc.constantFrom('true', 'false')],
];
const ofObservation: Named[] = [
  [fc.constantFrom('code', 'code:not', 'combo-code', 'component-code'), token],
  [fc.constant('status'), fc.constantFrom('final', 'amended')],
  [fc.constant('value-concept'), token],
  [fc.constantFrom('value-quantity', 'combo-value-quantity', 'component-value-quantity'), amount],
  [fc.constant('date'), moment],
  [
    fc.constantFrom('code-value-quantity', 'combo-code-value-quantity', 'component-code-value-quantity'),
    fc.tuple(token, amount).map(parts => parts.join('$')),
  ],
  [
    fc.constantFrom('code-value-concept', 'combo-code-value-concept'),
    fc.tuple(token, token).map(parts => parts.join('$')),
  ],
  [
    fc.constantFrom('value-quantity:missing', 'date:missing', 'performer:missing'),
    fc.constantFrom('true', 'false'),
  ],
];

const conditionOf = (of: readonly Named[], before = ''): fc.Arbitrary<Condition> =>
  fc.oneof(
    ...of.map(([name, value]) =>
      fc.tuple(name, fc.uniqueArray(value, { minLength: 1, maxLength: 2 })).map(
        ([name, values]): Condition => ({
          name: `${before}${name}`,
          values: name.endsWith(':missing') ? values.slice(0, 1) : values,
        }),
      ),
    ),
  );

export interface AskedSearch {
  type: 'Patient' | 'Observation';
  conditions: Condition[];
  sort: string | undefined;
  count: number;
}

/** A search by a few conditions, chained and reversed ones among them. */
export function asked(ids: readonly string[]): fc.Arbitrary<AskedSearch> {
  const reference = fc.constantFrom(...ids.map(id => `Patient/${id}`));
  const patients = fc.oneof(
    { weight: 4, arbitrary: conditionOf(ofPatient) },
    { weight: 1, arbitrary: conditionOf(ofObservation, '_has:Observation:patient:') },
    { weight: 1, arbitrary: conditionOf(ofPatient, '_has:Observation:subject:patient.') },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 2 })
        .map((values): Condition => ({ name: '_id', values })),
    },
  );
  const observations = fc.oneof(
    { weight: 4, arbitrary: conditionOf(ofObservation) },
    { weight: 1, arbitrary: conditionOf(ofPatient, 'patient.') },
    { weight: 1, arbitrary: conditionOf(ofPatient, 'subject:Patient.') },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('Nguyen', 'x')
        .map((value): Condition => ({ name: 'performer:Practitioner.family', values: [value] })),
    },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(reference, { minLength: 1, maxLength: 2 })
        .map((values): Condition => ({ name: 'subject', values })),
    },
  );
  const search = (type: AskedSearch['type'], condition: fc.Arbitrary<Condition>, sorts: string[]) =>
    fc.record({
      type: fc.constant(type),
      conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
      sort: maybe(fc.constantFrom(...sorts)),
      count: fc.constantFrom(2, 3, 50),
    });
  return fc.oneof(
    search('Patient', patients, ['birthdate', '-birthdate']),
    search('Observation', observations, ['date', '-date', 'status']),
  );
}
