/**
 * Asks a hub of its own, right and wrong, with values that are marked, and prints what it refused as one line.
 * Arguments: a folder for its data, the mark. What the hub logs goes to the same output.
 */
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { startHub } from '../../src/main.ts';

const [data = '', mark = ''] = process.argv.slice(2);
const config = readConfig({
  HUB_DATA: data,
  HUB_CACHE: join(import.meta.dirname, '../../node_modules/.cache/warm-handoff'),
  HUB_PORT: '0',
  HUB_ENV: 'test',
  HUB_LOG: 'debug',
});
const { hub, url, stop } = await startHub(config);
hub.log.info('the log is on');
const resource = { resourceType: 'Organization' as const, id: 'clinic', name: 'clinic', active: true };
await hub
  .repository(hub.hubActor)
  .write([{ kind: 'update', type: 'Organization', id: 'clinic', resource, inNameOf: 'clinic' }]);
const client = {
  clientId: 'ehr',
  name: 'ehr',
  organization: 'clinic',
  scope: 'system/*.cruds',
  secret: true,
};
await hub.authorization.clients.add(client);
const { token } = await hub.authorization.issueToken({ client: 'ehr', ttl: 3600 });

const errors: string[] = [];
let requests = 0;

async function ask(method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
  requests += 1;
  const type = 'application/fhir+json';
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': type, ...more };
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const init = { method, headers, ...(body === undefined ? {} : { body: sent }) };
  const response = await fetch(`${url}/fhir${path}`, init);
  const text = await response.text();
  if (response.status >= 400) errors.push(text);
  return text;
}

const person = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mrn', value: `${mark}-1` }],
  name: [{ family: mark, given: [mark] }],
  birthDate: '1990-01-01',
};
const made = JSON.parse(await ask('POST', '/Patient', person)) as { id: string };
const subject = { reference: `Patient/${made.id}` };
const patch = { 'Content-Type': 'application/json-patch+json' };
const other = '00000000-0000-4000-8000-000000000000';
const tries: [string, string, unknown?, Record<string, string>?][] = [
  ['POST', '/Patient', { ...person, gender: mark }],
  ['POST', '/Patient', { ...person, birthDate: mark }],
  ['POST', '/Patient', { ...person, birthDate: { family: mark } }],
  ['POST', '/Patient', { ...person, active: mark }],
  ['POST', '/Patient', { ...person, name: mark }],
  ['POST', '/Patient', { ...person, telecom: [{ system: mark, value: mark }] }],
  ['POST', '/Patient', `{"resourceType":"Patient","name":[{"family":"${mark}"`],
  ['POST', '/Patient', { ...person, resourceType: 'Person' }],
  ['POST', '/Patient', person, { 'If-None-Exist': `name:nothing=${mark}` }],
  ['POST', '/Condition', { resourceType: 'Condition', subject, onsetDateTime: mark }],
  ['POST', '/Condition', { resourceType: 'Condition', code: { text: mark } }],
  ['POST', '/Observation', { resourceType: 'Observation', status: mark, code: { text: mark }, subject }],
  ['PUT', `/Patient/${other}`, { ...person, id: other }],
  ['PUT', `/Patient/${made.id}`, { ...person, id: made.id }, { 'If-Match': 'W/"9"' }],
  ['PATCH', `/Patient/${made.id}`, [{ op: 'test', path: '/name/0/family', value: `${mark}2` }], patch],
  ['PATCH', `/Patient/${made.id}`, [{ op: 'replace', path: '/birthDate', value: mark }], patch],
  ['PATCH', `/Patient?identifier=${mark}-none`, [], patch],
  ['DELETE', `/Patient?identifier=${mark}-1&_lastUpdated=never`],
  ['GET', `/Patient?birthdate=${mark}`],
  ['GET', `/Patient?_lastUpdated=${mark}`],
  ['GET', `/Observation?value-quantity=${mark}`],
  ['GET', `/Patient?family=${mark}`],
  ['GET', `/Patient?_has:Observation:patient:date=${mark}`],
  ['GET', `/Patient?_cursor=${mark}`],
  ['GET', `/Patient?_count=${mark}`],
  ['GET', `/Patient/${made.id}/_history?_since=${mark}`],
  [
    'POST',
    '/Patient/$break-glass',
    { resourceType: 'Parameters', parameter: [{ name: 'name', valueString: mark }] },
  ],
  ['POST', '/', { resourceType: 'Bundle', type: 'transaction', entry: [{ resource: person }] }],
  [
    'POST',
    '/',
    {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: { resourceType: 'Condition', subject: { reference: `Patient?identifier=${mark}-none` } },
          request: { method: 'POST', url: 'Condition' },
        },
      ],
    },
  ],
];
for (const [method, path, body, headers] of tries) await ask(method, path, body, headers);
await stop();
process.stdout.write(`\nRESULT ${JSON.stringify({ errors, requests })}\n`);
