import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const patient = { resourceType: 'Patient', gender: 'female' };
const entry = (method: string, url: string, resource?: object, more: object = {}) => ({
  ...more,
  ...(resource ? { resource } : {}),
  request: { method, url },
});

interface Case {
  name: string;
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  status: number;
  /** What the text says: what is wrong, or what would be right. */
  says: RegExp;
  expression?: string;
}

const cases: Case[] = [
  {
    name: 'malformed JSON',
    method: 'POST',
    path: '/Patient',
    body: '{"resourceType": "Patient",',
    status: 400,
    says: /not well-formed JSON/,
  },
  { name: 'an empty body', method: 'POST', path: '/Patient', body: '', status: 400, says: /empty/ },
  {
    name: 'an array',
    method: 'POST',
    path: '/Patient',
    body: [],
    status: 400,
    says: /JSON object with a resourceType/,
  },
  {
    name: 'a wrong content type',
    method: 'POST',
    path: '/Patient',
    body: 'x',
    headers: { 'Content-Type': 'text/csv' },
    status: 415,
    says: /application\/fhir\+json/,
  },
  {
    name: 'a body that is too large',
    method: 'POST',
    path: '/Patient',
    body: JSON.stringify({ ...patient, x: 'x'.repeat(1_200_000) }),
    status: 413,
    says: /larger than 1 MB/,
  },
  {
    name: 'an unknown resource type',
    method: 'GET',
    path: '/Patiens/1',
    status: 404,
    says: /no resource type "Patiens"/,
  },
  {
    name: 'an unknown type on create',
    method: 'POST',
    path: '/Patiens',
    body: { resourceType: 'Patiens' },
    status: 404,
    says: /no resource type/,
  },
  {
    name: 'a type that does not fit the address',
    method: 'POST',
    path: '/Patient',
    body: { resourceType: 'Observation' },
    status: 400,
    says: /address is for Patient/,
    expression: 'resourceType',
  },
  {
    name: 'an unknown operation',
    method: 'POST',
    path: '/Patient/$frobnicate',
    body: patient,
    status: 404,
    says: /no operation \$frobnicate/,
  },
  {
    name: 'an unknown operation on GET',
    method: 'GET',
    path: '/Patient/1/$frobnicate',
    status: 404,
    says: /no operation/,
  },
  {
    name: 'an unknown search parameter',
    method: 'GET',
    path: '/Patient?colour=red',
    status: 400,
    says: /colour/,
  },
  { name: 'an unknown modifier', method: 'GET', path: '/Patient?name:sounds=x', status: 400, says: /sounds/ },
  {
    name: 'a value that is no date',
    method: 'GET',
    path: '/Patient?birthdate=yesterday',
    status: 400,
    says: /birthdate/,
  },
  { name: 'a negative _count', method: 'GET', path: '/Patient?_count=-1', status: 400, says: /_count/ },
  {
    name: 'an unknown _include',
    method: 'GET',
    path: '/Task?_include=Task:nowhere',
    status: 400,
    says: /nowhere/,
  },
  {
    name: 'a subscription that is sent nowhere',
    method: 'POST',
    path: '/Subscription',
    body: {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: 'Task',
      channel: { type: 'rest-hook' },
    },
    status: 422,
    says: /needs the URL/,
    expression: 'Subscription.channel.endpoint',
  },
  { name: 'an invented page', method: 'GET', path: '/Patient?_page=xyz', status: 400, says: /./ },
  {
    name: 'an unknown code',
    method: 'POST',
    path: '/Patient',
    body: { resourceType: 'Patient', gender: 'bogus' },
    status: 400,
    says: /gender|bogus/,
    expression: 'Patient.gender',
  },
  {
    name: 'an unknown element',
    method: 'POST',
    path: '/Patient',
    body: { ...patient, favourite: 'blue' },
    status: 400,
    says: /favourite/,
  },
  {
    name: 'a missing element',
    method: 'POST',
    path: '/ServiceRequest',
    body: { resourceType: 'ServiceRequest', status: 'active' },
    status: 400,
    says: /intent|subject/,
  },
  {
    name: 'a date that does not exist',
    method: 'POST',
    path: '/Patient',
    body: { ...patient, birthDate: '2023-02-30' },
    status: 400,
    says: /./,
    expression: 'Patient.birthDate',
  },
  {
    name: 'a reference to nothing',
    method: 'POST',
    path: '/Condition',
    body: { resourceType: 'Condition', subject: { reference: 'Patient/nobody' } },
    status: 422,
    says: /does not exist/,
    expression: 'Condition.subject.reference',
  },
  {
    name: 'a urn reference outside a transaction',
    method: 'POST',
    path: '/Condition',
    body: {
      resourceType: 'Condition',
      subject: { reference: 'urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9' },
    },
    status: 422,
    says: /transaction/,
  },
  {
    name: 'an absent resource',
    method: 'GET',
    path: '/Patient/absent',
    status: 404,
    says: /There is no Patient\/absent/,
  },
  {
    name: 'an update without the id in the body',
    method: 'PUT',
    path: '/Patient/x',
    body: { ...patient, id: 'y' },
    status: 404,
    says: /POST/,
  },
  {
    name: 'an answer in Turtle',
    method: 'GET',
    path: '/Patient?_format=ttl',
    status: 406,
    says: /application\/fhir\+json/,
  },
  {
    name: 'Accept: Turtle only',
    method: 'GET',
    path: '/Patient',
    headers: { Accept: 'application/fhir+turtle' },
    status: 406,
    says: /application\/fhir\+json/,
  },
  {
    name: 'a bundle of another type',
    method: 'POST',
    path: '/',
    body: { resourceType: 'Bundle', type: 'document' },
    status: 400,
    says: /transaction/,
    expression: 'Bundle.type',
  },
  { name: 'no bundle at the base', method: 'POST', path: '/', body: patient, status: 400, says: /Bundle/ },
  {
    name: 'an entry without a request',
    method: 'POST',
    path: '/',
    body: { resourceType: 'Bundle', type: 'transaction', entry: [{ resource: patient }] },
    status: 400,
    says: /request/,
    expression: 'Bundle.entry[0].request',
  },
  {
    name: 'a JSON Patch that is no array',
    method: 'PATCH',
    path: '/Patient/absent',
    body: {},
    headers: { 'Content-Type': 'application/json-patch+json' },
    status: 404,
    says: /./,
  },
  {
    name: 'a conditional delete without a condition',
    method: 'DELETE',
    path: '/Patient',
    status: 400,
    says: /condition/,
  },
  {
    name: 'a history parameter that is none',
    method: 'GET',
    path: '/Patient/_history?_sort=x',
    status: 400,
    says: /_since/,
  },
  {
    name: 'JSON nested without end',
    method: 'POST',
    path: '/Patient',
    body: `${'{"a":['.repeat(5000)}${']}'.repeat(5000)}`,
    status: 400,
    says: /nested|resourceType/,
  },
];

eachDatabase('bad input', database => {
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_MAX_BODY_MB: '1' });
    hospital = await hub.party('hospital');
  });
  afterAll(() => hub.stop());

  it.each(cases)('$name → $status', async ({ method, path, body, headers, status, says, expression }) => {
    const answer = await hospital.request(method, path, body, headers);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.json.resourceType).toBe('OperationOutcome');
    expect(answer.headers.get('content-type')).toContain('application/fhir+json');
    const issues = answer.json.issue as { details?: { text?: string }; expression?: string[] }[];
    expect(issues.map(issue => issue.details?.text ?? '').join('\n')).toMatch(says);
    if (expression) expect(issues.flatMap(issue => issue.expression ?? [])).toContain(expression);
  });

  it('takes an unknown search parameter when the caller is lenient, and says so', async () => {
    const answer = await hospital.request('GET', '/Patient?colour=red', undefined, {
      Prefer: 'handling=lenient',
    });
    expect(answer.status).toBe(200);
    const outcome = answer.json.entry.find(
      (one: { search: { mode: string } }) => one.search.mode === 'outcome',
    );
    expect(outcome.resource.issue[0].details.text).toContain('colour');
    expect(answer.json.link[0].url).not.toContain('colour');
  });

  it.each([
    ['no token', {}],
    ['garbage', { Authorization: 'Bearer garbage' }],
    ['another scheme', { Authorization: 'Basic Zm9vOmJhcg==' }],
  ])('%s → 401 with OperationOutcome', async (_name, headers) => {
    const response = await fetch(`${hub.url}/fhir/Patient`, { headers: headers as Record<string, string> });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect((await response.json()).resourceType).toBe('OperationOutcome');
  });

  describe('scopes', () => {
    it('refuses what the token does not allow, and says which scope would', async () => {
      const reader = await hub.party(`reader-${database.name}`, { scope: 'system/Patient.rs' });
      const refused = await reader.request('POST', '/Patient', patient);
      expect(refused.status).toBe(403);
      expect(refused.json.issue[0].details.text).toContain('system/Patient.c');
      expect((await reader.get('/Task')).status).toBe(403);
      expect((await reader.get('/Patient')).status).toBe(200);
    });
  });

  it('a transaction with one bad entry leaves no trace', async () => {
    const before = (await hospital.get('/Patient?_summary=count')).json.total;
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        entry('POST', 'Patient', patient),
        entry('POST', 'Patient', patient),
        entry('POST', 'Patient', { resourceType: 'Patient', gender: 'bogus' }),
      ],
    };
    const answer = await hospital.request('POST', '/', bundle);
    expect(answer.status).toBe(400);
    expect((await hospital.get('/Patient?_summary=count')).json.total).toBe(before);
  });
});
