import { describe, expect, it } from 'vitest';
import type { AuditEntity, AuditRecord } from './entry.ts';
import { partsOf, viewOf } from './view.ts';

const task: AuditEntity = { type: 'Task', id: '1', version: '2', owner: 'hospital', patient: 'a' };
const note: AuditEntity = { type: 'Observation', id: '2', version: '1', owner: 'center', patient: 'b' };
const place: AuditEntity = { type: 'Location', id: '3', version: '1', owner: 'shelter' };
const record = (more: Partial<AuditRecord> = {}): AuditRecord => ({
  seq: 7,
  at: 0,
  kind: 'search',
  outcome: 'success',
  agent: { kind: 'client', id: 'ehr', organization: 'center' },
  type: 'Task',
  query: 'patient.name=Rivera&code=F20&code=F32',
  entities: [task, note, place],
  ...more,
});
const seen = (event: AuditRecord, organization: string) => viewOf(event, { organization, all: false });

describe('who sees what of an event', () => {
  it('shows an organization all of what its own agents did', () => {
    expect(seen(record(), 'center')).toEqual(record());
  });
  it('shows the owner of a resource that it was seen, and nothing of the rest', () => {
    expect(seen(record(), 'hospital')).toEqual(record({ entities: [task], query: 'patient.name&code' }));
  });
  it('shows nothing to others', () => {
    expect(seen(record(), 'stranger')).toBeUndefined();
    expect(seen(record({ entities: [] }), 'hospital')).toBeUndefined();
  });
  it('shows everything to the operator', () => {
    expect(viewOf(record(), { organization: 'hub', all: true })).toEqual(record());
  });

  const inVain = { kind: 'read', type: 'Patient', why: 'not-found' } as const;
  const hidden = record({
    ...inVain,
    outcome: 'refused',
    entities: [{ type: 'Patient', id: 'x', owner: 'hospital', patient: 'x', hidden: true }],
  });
  const absent = record({ ...inVain, outcome: 'not-found', entities: [{ type: 'Patient', id: 'x' }] });
  it('tells who asked in vain the same of what is hidden and of what is not there', () => {
    expect(seen(hidden, 'center')).toEqual(seen(absent, 'center'));
  });
  it('tells the owner that it was tried', () => {
    expect(seen(hidden, 'hospital')).toMatchObject({ outcome: 'refused', entities: [{ patient: 'x' }] });
    expect(seen(absent, 'hospital')).toBeUndefined();
  });
});

describe('one AuditEvent for each patient', () => {
  const parts = (event: AuditRecord, view: AuditRecord | undefined) =>
    partsOf(event, view ?? event).map(({ place, patient, entities }) => [
      place,
      patient,
      entities.map(one => one.id),
    ]);

  it.each<[string, AuditRecord, string | undefined, unknown[]]>([
    ['no resource', record({ entities: [] }), undefined, [[undefined, undefined, []]]],
    ['one patient', record({ entities: [task] }), undefined, [[undefined, 'a', ['1']]]],
    ['no patient', record({ entities: [place] }), undefined, [[undefined, undefined, ['3']]]],
    [
      'several',
      record(),
      undefined,
      [
        [1, 'a', ['1']],
        [2, 'b', ['2']],
        [3, undefined, ['3']],
      ],
    ],
    ['the same place, whoever looks', record({ entities: [note, task] }), 'hospital', [[2, 'a', ['1']]]],
  ])('%s', (_what, event, viewer, expected) => {
    expect(parts(event, viewer === undefined ? undefined : seen(event, viewer))).toEqual(expected);
  });
});
