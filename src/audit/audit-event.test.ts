import type { AuditEvent } from '@medplum/fhirtypes';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDefinitions } from '../fhir/definitions/test-definitions.ts';
import { createValidator } from '../fhir/validation/validator.ts';
import { batchesOf, eventsIn, headOf } from '../store/audit/batch.ts';
import { keysOf } from '../store/audit/keys.ts';
import { auditEventOf } from './audit-event.ts';
import { codesOf } from './codes.ts';
import { type AuditRecord, auditKinds, fromRow } from './entry.ts';
import { eventWriter } from './to-event.ts';
import { partsOf } from './view.ts';

const site = { hubOrganization: 'hub', baseUrl: 'https://hub.test/fhir' };
const base: AuditRecord = {
  seq: 12,
  at: Date.parse('2026-03-02T09:00:00Z'),
  kind: 'read',
  outcome: 'success',
  agent: { kind: 'client', id: 'ehr', organization: 'center' },
  interaction: 'read',
  type: 'Task',
  entities: [{ type: 'Task', id: '1', version: '2', owner: 'hospital', patient: 'a' }],
  request: { id: 'r-1', address: '192.0.2.7' },
};
const eventOf = (record: AuditRecord): AuditEvent => {
  const [part] = partsOf(record, record);
  return auditEventOf(record, part ?? { entities: [] }, site);
};
const roles = (event: AuditEvent) => event.agent.map(agent => agent.type?.coding?.[0]?.code);

describe('an event as an AuditEvent', () => {
  it('of a read is the PatientRead of BALP', () => {
    expect(eventOf(base)).toMatchObject({
      id: '12',
      meta: { profile: ['https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead'] },
      type: { code: 'rest' },
      subtype: [{ code: 'read' }],
      action: 'R',
      recorded: '2026-03-02T09:00:00.000Z',
      outcome: '0',
      entity: [
        { type: { code: 'XrequestId' }, what: { identifier: { value: 'r-1' } } },
        { type: { code: '1' }, role: { code: '1' }, what: { reference: 'Patient/a' } },
        { type: { code: '2' }, role: { code: '4' }, what: { reference: 'Task/1/_history/2' } },
      ],
    });
    expect(eventOf(base).agent[0]).toMatchObject({
      requestor: true,
      network: { address: '192.0.2.7', type: '2' },
    });
    expect(roles(eventOf(base))).toEqual(['110152', '110153', 'PROV']);
  });
  it('of a search keeps what was asked in base64, and in clear only what kind of thing it was', () => {
    const event = eventOf({
      ...base,
      kind: 'search',
      interaction: 'search-type',
      query: 'patient.name=Rivera&_count=5',
    });
    const query = event.entity?.find(one => one.role?.code === '24');
    expect(query?.description).toBe('Task by patient.name, _count');
    expect(Buffer.from(query?.query ?? '', 'base64').toString()).toBe(
      'GET https://hub.test/fhir/Task?patient.name=Rivera&_count=5',
    );
    expect(event.action).toBe('E');
    expect(roles(event)).toEqual(['110153', '110152', 'PROV']);
  });
  it('of a failure says so, and claims no profile', () => {
    const event = eventOf({ ...base, outcome: 'refused', why: 'forbidden' });
    expect([event.outcome, event.outcomeDesc, event.meta?.profile]).toEqual(['4', 'forbidden', undefined]);
  });
  it('of a person names the person as who asked', () => {
    const event = eventOf({ ...base, agent: { kind: 'person', id: 'account-1', organization: 'center' } });
    expect(event.agent.filter(agent => agent.requestor).map(agent => agent.who?.identifier?.value)).toEqual([
      'account-1',
    ]);
  });
  it('has no subtype of another interaction', () => {
    expect(eventOf({ ...base, interaction: 'vread' }).subtype).toEqual([
      expect.objectContaining({ code: 'vread' }),
    ]);
  });
});

describe('every kind of event', () => {
  let validate: (resource: unknown) => unknown[];
  beforeAll(async () => {
    validate = createValidator(await testDefinitions());
  });

  it.each(auditKinds)('%s is valid R4 and comes back from its row', kind => {
    const record: AuditRecord = {
      ...base,
      kind,
      interaction: codesOf[kind].subtypes[0]?.code ?? 'none',
      query: 'a=b',
    };
    expect(validate(eventOf(record))).toEqual([]);
    const { seq, at, ...entry } = record;
    const written = eventWriter()(entry, at);
    const [batch = ''] = batchesOf([written]);
    expect(eventsIn({ seq, batch }).map(fromRow)).toEqual([record]);
    const keys = ['a:ehr', 'e:Task/1', `k:${kind}`, 'p:a', 'v:center', 'v:hospital'];
    expect(headOf(batch).keys.sort()).toEqual(keys);
    expect(eventsIn({ seq, batch }).map(row => keysOf(row.event).sort())).toEqual([keys]);
  });
});
