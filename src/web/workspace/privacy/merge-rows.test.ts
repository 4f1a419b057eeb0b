import { expect, it } from 'vitest';
import type { AuditRow } from './audit-row.ts';
import { mergeRows } from './merge-rows.ts';

const row = (minute: number, more: Partial<AuditRow> = {}): AuditRow => ({
  id: String(minute),
  at: new Date(Date.UTC(2026, 2, 2, 15, minute)),
  agentKind: 'person',
  agent: 'a',
  organization: 'center',
  did: 'read',
  patient: '1',
  resources: [`Task/${minute}`],
  outcome: { tone: 'good', words: 'Done' },
  ...more,
});

it('tells at once what the same somebody did in a few minutes', () => {
  expect(mergeRows([row(9), row(5), row(2)])).toEqual([
    { ...row(9), events: 3, since: row(2).at, resources: ['Task/9', 'Task/5', 'Task/2'] },
  ]);
});

it.each<[string, Partial<AuditRow>]>([
  ['somebody else did', { agent: 'b' }],
  ['was done for another organization', { organization: 'hospital' }],
  ['was about somebody else', { patient: '2' }],
  ['was another thing', { did: 'changed' }],
  ['was for another purpose', { purpose: 'Emergency treatment' }],
  ['was refused', { outcome: { tone: 'attention', words: 'Refused' } }],
  ['was long before', { at: new Date(Date.UTC(2026, 2, 2, 14)) }],
])('keeps apart what %s', (_, more) => {
  expect(mergeRows([row(9), row(8, more)]).map(one => one.events)).toEqual([1, 1]);
});

it('loses no event and no order', () => {
  const rows = [row(9), row(8), row(7, { did: 'changed' }), row(6), row(5)];
  const merged = mergeRows(rows);
  expect(merged.reduce((sum, one) => sum + one.events, 0)).toBe(rows.length);
  expect(merged.map(one => one.at)).toEqual([row(9).at, row(7).at, row(6).at]);
});
