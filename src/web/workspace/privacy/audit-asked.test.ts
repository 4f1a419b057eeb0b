import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAuditSearch } from '../../../audit/audit-search.ts';
import { type AuditAsked, addressOf, askedIn, queryOf } from './audit-asked.ts';
import { auditKinds } from './audit-kinds.ts';

const read = (query: string) => {
  const params = new URLSearchParams(query);
  return askedIn(name => params.get(name) ?? undefined);
};

describe('what is asked of the audit', () => {
  it.each<[string, AuditAsked]>([
    ['patient=1&kind=read&refused=yes', { patient: '1', kind: 'read', refused: true }],
    ['patient=a b&kind=everything&from=yesterday&to=2026-02-30T', {}],
    ['from=2026-03-01&to=2026-03-02', { from: '2026-03-01', to: '2026-03-02' }],
    ['organization=center&agent=0b9f-1', { organization: 'center', agent: '0b9f-1' }],
    ['from=2026-13-01', {}],
    ['from=2026-02-30', {}],
  ])('%s', (query, asked) => {
    expect(read(query)).toEqual(asked);
  });

  it('is the same in the address it makes', () => {
    const id = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    const asked = fc.record(
      {
        patient: id,
        organization: id,
        agent: id,
        kind: fc.constantFrom(...Object.keys(auditKinds)),
        refused: fc.constant(true),
        from: fc.constantFrom('2026-03-01', '2025-12-31'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(asked, one => {
        expect(read(addressOf('/audit', one).split('?')[1] ?? '')).toEqual(one);
      }),
    );
  });

  it('means days where the reader is', () => {
    const asked = { from: '2026-03-07', to: '2026-03-08' };
    // The clocks go forward on the eighth: it has 23 hours.
    expect(queryOf(asked, 'America/Chicago')).toEqual([
      ['date', 'ge2026-03-07T06:00:00Z'],
      ['date', 'lt2026-03-09T05:00:00Z'],
    ]);
    expect(queryOf(asked, 'UTC')).toEqual([
      ['date', 'ge2026-03-07T00:00:00Z'],
      ['date', 'lt2026-03-09T00:00:00Z'],
    ]);
  });

  it.each(Object.keys(auditKinds))('of the kind %s is understood by the API, and finds something', kind => {
    const { query } = readAuditSearch(new URLSearchParams(queryOf({ kind }, 'UTC')), { lenient: false });
    expect(query.kinds?.length).toBeGreaterThan(0);
  });
});
