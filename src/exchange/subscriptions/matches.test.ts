import type { Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../../../test/harness/hub.ts';
import { criteriaContext, readCriteria } from './criteria.ts';
import { matches } from './matches.ts';
import { createStanding } from './standing.ts';

const criteria = [
  '',
  'status=requested',
  'status=draft,requested',
  'status:not=draft',
  'owner=Organization/center',
  'owner=center',
  'owner=Organization/nobody',
  'owner=Organization/center&status=draft',
  'owner:missing=true',
  'priority=urgent',
  'priority:missing=false',
  'code=http://hl7.org/fhir/CodeSystem/task-code|fulfill',
  'code=fulfill',
  'code=http://hl7.org/fhir/CodeSystem/task-code|',
  'code=|fulfill',
  'identifier=urn:a|1',
  'identifier=urn:a|1,urn:a|2',
  'authored-on=2026-03-02',
  'authored-on=ge2026-03-02&authored-on=lt2026-03-04',
  'authored-on=gt2026-03-02',
  'authored-on=ne2026-03-02',
  'authored-on=sa2026-03-01',
  'authored-on=eb2026-03-03',
  '_tag=urn:t|x',
  '_profile=https://example.org/p',
  'based-on:missing=true',
];

const tasks: Task[] = [
  { status: 'draft' },
  { status: 'requested', priority: 'urgent', owner: { reference: 'Organization/center' } },
  { status: 'draft', owner: { reference: 'Organization/center' }, authoredOn: '2026-03-02' },
  { status: 'ready', authoredOn: '2026-03-02T10:00:00Z', identifier: [{ system: 'urn:a', value: '1' }] },
  { status: 'ready', authoredOn: '2026-03-03', identifier: [{ system: 'urn:a', value: '2' }] },
  {
    status: 'ready',
    code: { coding: [{ code: 'fulfill' }] },
    meta: { tag: [{ system: 'urn:t', code: 'x' }] },
  },
  { status: 'ready', authoredOn: '2026-03-04', meta: { profile: ['https://example.org/p'] } },
  {
    status: 'draft',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
  },
].map(one => ({ resourceType: 'Task', intent: 'order', ...one }) as Task);

eachDatabase('criteria', database => {
  let hub: TestHub;
  let center: Party;
  const stored: (Task & { id: string })[] = [];

  beforeAll(async () => {
    hub = await startTestHub(database);
    center = await hub.party('center');
    for (const task of tasks) stored.push(await center.create(task));
  });
  afterAll(() => hub.stop());

  it.each(criteria)('Task?%s matches what a search finds', async query => {
    const { parts } = hub.hub;
    const drafts = readCriteria(criteriaContext(parts), 'Task', query);
    const changed = (task: Resource) => ({ id: task.id ?? '', values: parts.extract(task) });
    const found = await center.get(`/Task?_count=100&${query}`);
    const ids = (found.json.entry ?? []).map((one: { resource: Task }) => one.resource.id).sort();
    const told = stored.filter(task => matches(changed(task), drafts)).map(task => task.id);
    expect(told.sort()).toEqual(ids);
    const standing = createStanding();
    const wanted = { type: 'Task', query, endpoint: '', content: 'empty', headers: [] } as const;
    standing.put({ id: 'one', status: 'active', end: undefined, wanted, drafts });
    const byKey = stored.filter(task => standing.wanting('Task', changed(task), 0).length > 0);
    expect(byKey.map(task => task.id).sort()).toEqual(ids);
    standing.remove('one');
    expect(stored.flatMap(task => standing.wanting('Task', changed(task), 0))).toEqual([]);
  });
});
