import type { Consent } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { actor, label, policy, written } from '../../../../../test/harness/consents.ts';
import { consentWords, withoutConsent } from './consents.ts';

const names = new Map([
  ['center', 'Northside CMHC'],
  ['shelter', 'Harbor Shelter'],
]);

const known = (now = '2026-03-02T12:00:00Z', keeper = 'hospital') => ({
  patient: 'p',
  keeper,
  now: new Date(now),
  policy: policy(),
  get: ({ reference = '' }) => {
    const name = names.get(reference.split('/')[1] ?? '');
    return name === undefined ? undefined : ({ resourceType: 'Organization', name } as const);
  },
});

const of = (consent: Consent, recorder = 'hospital') => ({ consent, recorder });

it.each<[string, Consent, string, string]>([
  [
    'in force',
    written(),
    'active',
    'Substance-use records are shared with Northside CMHC, for treatment and coordination.',
  ],
  [
    'for two',
    written({ actor: [actor('center'), actor('shelter'), actor('hub')] }),
    'active',
    'Substance-use records are shared with Northside CMHC and Harbor Shelter, for treatment and coordination.',
  ],
  [
    'expired',
    written({ period: { start: '2025-03-01', end: '2025-08-31' } }),
    'expired',
    'It has expired: substance-use records are no longer shared with Northside CMHC by it.',
  ],
  ['withdrawn', written({}, { status: 'inactive' }), 'revoked', 'It was withdrawn: nothing is shared by it.'],
  [
    'not signed',
    written({}, { status: 'proposed' }),
    'proposed',
    'It is not signed yet: nothing is shared by it.',
  ],
  [
    'begins later',
    written({ period: { start: '2026-05-01', end: '2026-08-31' } }),
    'not-yet',
    'It is not in force yet: substance-use records, for Northside CMHC.',
  ],
  [
    'a denial',
    written({ type: 'deny', ...label('SUD', 'HIV') }),
    'active',
    'Substance-use records and HIV records are not shared with Northside CMHC.',
  ],
])('%s', (_, consent, state, sentence) => {
  expect(consentWords([of(consent)], known())).toMatchObject([{ state, sentence }]);
});

it('says no more than the hub itself would show, and why', () => {
  const withoutPurpose = written({ purpose: [] });
  const [flawed] = consentWords([of(withoutPurpose)], known());
  expect(flawed?.sentence).toBe(
    'It names substance-use records and Northside CMHC, but does not let all of it be shared.',
  );
  expect(flawed?.why).toContain('the purpose');
  const [ofStranger] = consentWords([of(written(), 'stranger')], known());
  expect(ofStranger?.sentence).toBe(flawed?.sentence);
});

it('what is in force comes first, and mistakes are left out', () => {
  const all = [
    of(written({}, { id: 'gone', status: 'inactive' })),
    of(written({}, { id: 'wrong', status: 'entered-in-error' })),
    of(written({}, { id: 'now' })),
  ];
  expect(consentWords(all, known()).map(({ id }) => id)).toEqual(['now', 'gone']);
});

it('without a consent: what is never shared', () => {
  expect(withoutConsent(policy())).toContain('substance-use records');
});
