import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const runs = process.env.CHECK_FULL ? 10_000 : 250;

const types = [
  'Patient',
  'Task',
  'ServiceRequest',
  'Observation',
  'Bundle',
  'Consent',
  'Binary',
  'Location',
  'Patiens',
  '$x',
  '_search',
  '_history',
  '',
];
const names = [
  '_id',
  '_sort',
  '_count',
  '_include',
  '_revinclude',
  '_total',
  '_elements',
  '_summary',
  '_lastUpdated',
  '_has:Task:patient:status',
  'subject',
  'subject:Patient.name',
  'patient.identifier',
  'code',
  'date',
  'name:exact',
  'identifier',
  'value-quantity',
  'near',
  '_format',
  '_page',
  '_since',
  'code:not',
  'status:missing',
  '_text',
  '_filter',
  '_content',
  '_list',
  '_type',
  '_at',
  '_cursor',
  '_pretty',
  'query',
  'variables',
  'code:text',
  'code:in',
  'class:below',
  'identifier:of-type',
  'code-value-quantity',
  'component-code-value-quantity',
  'relationship',
  'location.near',
  '__proto__',
  'constructor',
];
const values = [
  '1',
  '',
  ',',
  '|',
  'a|b',
  '%',
  '\\',
  'ge2020',
  'ge2020-13-99',
  '-1',
  '1e400',
  '5.4|http://unitsofmeasure.org|mg',
  'Patient/1',
  'Patient/',
  'true',
  '*',
  'Task:focus',
  'Task:*',
  '-_lastUpdated',
  'NaN',
  '\u0000',
  '\ud800',
  "' OR 1=1 --",
  'a$b',
  'a$5|b|c',
  'replaces$DocumentReference/1',
  '$',
  '1|2|3|km',
  '41.8|-71.4',
  '90|180|1e9|mi',
  'a|b|c',
  'http://hl7.org/fhir/ValueSet/administrative-gender',
  'http://terminology.hl7.org/CodeSystem/v3-ActCode|IMP',
  '"two words" OR three* -four',
  '"',
  '-',
  '*',
  'NEAR(a b)',
  "a' & !b:*",
  '{ Patient(id: "1") { id } }',
  '{',
  '9'.repeat(400),
];

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom(...values));
const segment = fc.oneof(
  fc.constantFrom(...types, 'hospital', '1', '_history', '*', '$everything', '$meta', '$graphql'),
  text,
);
const path = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map(parts => `/${parts.map(encode).join('/')}`);
const query = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...names), text), text), { maxLength: 4 })
  .map(pairs => pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&'));
const resource = fc.record(
  {
    resourceType: fc.constantFrom(...types.slice(0, 8)),
    id: text,
    meta: fc.anything(),
    status: fc.oneof(fc.constantFrom('active', 'requested', 'final'), fc.anything()),
    subject: fc.oneof(fc.record({ reference: text }), fc.anything()),
    code: fc.anything(),
    entry: fc.anything(),
    type: fc.oneof(fc.constantFrom('transaction', 'batch'), fc.anything()),
    name: fc.anything(),
    extension: fc.anything(),
  },
  { requiredKeys: ['resourceType'] },
);
const body = fc.oneof(
  resource.map(value => JSON.stringify(value)),
  fc.json(),
  text,
  fc
    .array(
      fc.record(
        {
          request: fc.record({
            method: fc.constantFrom('POST', 'PUT', 'GET', 'DELETE', 'PATCH', 'X'),
            url: text,
          }),
          resource,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    )
    .map(entry => JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })),
);
const headers = fc.record(
  {
    'Content-Type': fc.constantFrom(
      'application/fhir+json',
      'application/fhir+xml',
      'application/json-patch+json',
      'application/x-www-form-urlencoded',
      'text/plain',
    ),
    'If-Match': fc.constantFrom('W/"1"', '*', 'x', '"'),
    'If-None-Exist': fc.constantFrom('identifier=x', '', 'x=y', '_id='),
    'If-None-Match': fc.constantFrom('W/"1"', '*'),
    Prefer: fc.constantFrom('return=minimal', 'handling=lenient', 'x'),
    Accept: fc.constantFrom('application/fhir+json', '*/*', 'application/xml'),
  },
  { requiredKeys: [] },
);

/** A URL takes no lone surrogates. */
function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

eachDatabase('no input gives a 500', database => {
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_LOG: 'silent' });
    hospital = await hub.party('hospital', { loads: true });
    await hospital.create({ resourceType: 'Patient', name: [{ family: 'Fuzz' }] });
  });
  afterAll(() => hub.stop());

  it(
    'whatever the body, the path, the query and the headers',
    async () => {
      const request = fc.record({
        method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'),
        path,
        query,
        body,
        headers,
      });
      await fc.assert(
        fc.asyncProperty(request, async ({ method, path, query, body, headers }) => {
          const answer = await hospital.request(
            method,
            `${path}${query ? `?${query}` : ''}`,
            method === 'GET' || method === 'HEAD' ? undefined : body,
            headers as Record<string, string>,
          );
          expect(answer.status, answer.text).toBeLessThan(500);
          if (answer.status >= 400 && method !== 'HEAD')
            expect(answer.text).toMatch(
              /^(?:\{"resourceType":"OperationOutcome"|<\?xml [^>]+><OperationOutcome )/,
            );
        }),
        { numRuns: runs, seed: process.env.CHECK_FULL ? Date.now() : 20260301 },
      );
    },
    process.env.CHECK_FULL ? 600_000 : 60_000,
  );

  it(
    'whatever a search says in names that there are, an operation takes, or a history is asked for',
    async () => {
      const asked = fc.record({
        address: fc.constantFrom(
          '/Patient',
          '/Observation',
          '/Encounter',
          '/Location',
          '/HealthcareService',
          '/DocumentReference',
          '/Patient/1/Observation',
          '/Patient/1/*',
          '/Patient/1/$everything',
          '/Patient/$meta',
          '/$graphql',
          '/Patient/_history',
          '',
        ),
        pairs: fc.array(fc.tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom(...values), text)), {
          minLength: 1,
          maxLength: 3,
        }),
        lenient: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(asked, async ({ address, pairs, lenient }) => {
          const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
          const prefer: Record<string, string> = lenient ? { Prefer: 'handling=lenient' } : {};
          const answer = await hospital.request('GET', `${address}?${query}`, undefined, prefer);
          expect(answer.status, answer.text).toBeLessThan(500);
          if (answer.status >= 400) expect(answer.json?.resourceType).toBe('OperationOutcome');
        }),
        { numRuns: runs, seed: process.env.CHECK_FULL ? Date.now() : 20260302 },
      );
    },
    process.env.CHECK_FULL ? 600_000 : 60_000,
  );
});
