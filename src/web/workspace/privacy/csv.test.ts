import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import type { AuditRow } from './audit-row.ts';
import { auditCsv } from './csv.ts';

const row: AuditRow = {
  id: '7-1',
  at: new Date('2026-03-02T15:00:00Z'),
  agentKind: 'person',
  agent: 'a',
  organization: 'center',
  did: 'searched',
  patient: '1',
  resources: ['Task/7/_history/2', 'Task/8'],
  search: 'Task by status, patient',
  purpose: '=HYPERLINK("x")',
  outcome: { tone: 'good', words: 'Done' },
};
const named = () => ({ name: 'Robin "Rob" Elm', what: 'Intake', organization: 'Center, north' });

it('is read again by what reads CSV, cell by cell', () => {
  const [read] = parse(auditCsv([row], named), { columns: true }) as Record<string, string>[];
  expect(read).toMatchObject({
    time: '2026-03-02T15:00:00.000Z',
    name: 'Robin "Rob" Elm',
    organization: 'Center, north',
    resources: 'Task/7/_history/2 Task/8',
    search: 'Task by status, patient',
    event: '7-1',
    address: '',
  });
});

it.each(['=1+1', '+1', '-1', '@x', '\t=1'])('does not let a spreadsheet reckon %j', purpose => {
  const [read] = parse(auditCsv([{ ...row, purpose }], named), { columns: true }) as Record<string, string>[];
  expect(read?.purpose).toBe(`'${purpose}`);
});
