import type { Consent, ConsentProvision, Observation } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import {
  actor,
  anyOther,
  anyTreating,
  ask,
  designated,
  facts,
  label,
  policy,
  purpose,
  shelter,
  written,
} from '../../../test/harness/consents.ts';
import { evaluate } from './evaluate.ts';
import type { ConsentPolicy } from './policy.ts';
import type { ConsentFacts, Question } from './question.ts';

const decide = (consents: ConsentFacts[], question: Question = ask(), by: ConsentPolicy = policy()) =>
  evaluate(consents, question, by)[0];

const without = (element: keyof Consent): Consent => ({ ...written(), [element]: undefined });
const inner = (...provision: ConsentProvision[]): Partial<ConsentProvision> => ({ provision });

describe('a written consent', () => {
  it('permits, until the day after its last, and says so', () => {
    expect(decide([facts(written())])).toEqual({
      label: 'SUD',
      decision: 'permit',
      until: Date.parse('2026-09-01T00:00:00Z'),
      because: 'Consent/c permits that Organization/center sees SUD for COC, until 2026-09-01T00:00:00.000Z.',
      consent: 'Consent/c',
    });
  });

  it('is needed: without one nothing is permitted', () => {
    expect(decide([])).toMatchObject({
      decision: 'deny',
      because: 'There is no consent, and SUD needs one.',
    });
  });

  const permits: [name: string, Consent, Question?][] = [
    ['for the coordination of care alone', written(purpose('COC'))],
    ['for one purpose of several', written(purpose('HRESCH', 'TREAT'))],
    ['without a beginning', written({ period: { end: '2026-08-31' } })],
    ['on its first day', written({ period: { start: '2026-03-02', end: '2026-08-31' } })],
    ['on its last day', written({ period: { start: '2026-01-01', end: '2026-03-02' } })],
    ['for alcohol, as part of substance use', written(), ask({ labels: ['ETHUD'] })],
    [
      'with a discloser as an actor',
      written({ actor: [actor('center'), actor('hub'), actor('hospital', 'CST')] }, { organization: [] }),
    ],
    [
      'signed by verification',
      written(
        {},
        { sourceAttachment: undefined, verification: [{ verified: true, verificationDate: '2026-03-01' }] },
      ),
    ],
    ['for access', written({ action: [{ coding: [{ code: 'access' }] }] })],
    [
      'in a provision inside one that only frames',
      written({ type: undefined, ...inner({ type: 'permit' }) }),
    ],
    ['in an exception from a denial', written({ type: 'deny', ...inner({ type: 'permit' }) })],
  ];
  it.each(permits)('permits %s', (_name, consent, question) => {
    expect(decide([facts(consent)], question)).toMatchObject({ decision: 'permit' });
  });

  const silences: [name: string, Consent, because: string, Question?][] = [
    ['inactive', written({}, { status: 'inactive' }), 'its status is inactive'],
    ['a draft', written({}, { status: 'draft' }), 'its status is draft'],
    ['entered in error', written({}, { status: 'entered-in-error' }), 'its status is entered-in-error'],
    ['of another person', written({}, { patient: { reference: 'Patient/q' } }), 'another person'],
    ['about research', written({}, { scope: { coding: [{ code: 'research' }] } }), 'scope'],
    ['about resuscitation', written({}, { category: [{ coding: [{ code: 'dnr' }] }] }), 'category'],
    ['not verified', written({}, { verification: [{ verified: false }] }), 'not verified'],
    [
      'with an unknown modifier',
      written({}, { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }),
      'modifier',
    ],
    [
      'with an unknown modifier in its provision',
      written({ modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }),
      'modifier',
    ],
    ['without a provision', { ...written(), provision: undefined }, 'no provision'],
    ['that frames and permits nothing', written({ type: undefined }), 'permits nothing'],
    ['expired', written({ period: { end: '2026-03-01' } }), 'not in its period'],
    ['to come', written({ period: { start: '2026-03-03', end: '2026-08-31' } }), 'not in its period'],
    ['for payment', written(purpose('HPAYMT')), 'not for the purpose COC'],
    ['for emergencies', written(purpose('ETREAT')), 'not for the purpose COC'],
    ['for another label', written(label('HIV')), 'does not name SUD'],
    ['for alcohol alone', written(label('ETHUD')), 'does not name SUD'],
    ['for another recipient', written({ actor: [actor('clinic'), actor('hub')] }), 'does not reach'],
    [
      'with a recipient of an unknown role',
      written({ actor: [actor('center', 'LA'), actor('hub')] }),
      'does not reach',
    ],
    ['for correction', written({ action: [{ coding: [{ code: 'correct' }] }] }), 'not about access'],
    [
      'about some resources, where a record is asked for',
      written({ class: [{ code: 'Condition' }] }),
      'some resources only',
    ],
    [
      'narrowed inside',
      written(inner({ type: 'permit', period: { end: '2026-03-01' } }), {
        provision: {
          ...written().provision,
          type: undefined,
          ...inner({ type: 'permit', period: { end: '2026-03-01' } }),
        },
      }),
      'not in its period',
    ],
    ['for resources of another', written(), 'discloser', ask({ discloser: 'clinic' })],
    ['for resources of anybody', written(), 'discloser', ask({ discloser: undefined })],
  ];
  it.each(silences)('permits nothing when it is %s', (_name, consent, because, question) => {
    const decision = decide([facts(consent)], question);
    expect(decision).toMatchObject({ decision: 'deny' });
    expect(decision?.because).toContain(because);
  });

  it.each([
    ['who discloses', without('organization'), '2.31(a)(2)'],
    ['what is disclosed', written({ securityLabel: undefined }), 'does not name SUD'],
    ['who receives it', written({ actor: undefined }), '2.31(a)(4)(i)'],
    ['the hub as the intermediary', written({ actor: [actor('center')] }), '2.31(a)(4)(ii)'],
    ['the purpose', written({ purpose: undefined }), '2.31(a)(5)'],
    ['the right to revoke', without('extension'), '2.31(a)(6)'],
    ['when it expires', written({ period: { start: '2026-03-01' } }), '2.31(a)(7)'],
    ['the signature', without('sourceAttachment'), '2.31(a)(8)'],
    ['the date it was signed', without('dateTime'), '2.31(a)(9)'],
  ])('clears nothing when it does not say %s, and tells so', (_element, consent, citation) => {
    const decision = decide([facts(consent)]);
    expect(decision).toMatchObject({ decision: 'deny' });
    expect(decision?.because).toContain(citation);
  });

  it('need not name the hub where the hub is no intermediary', () => {
    const consent = facts(written({ actor: [actor('center')] }));
    expect(decide([consent], ask(), policy('business-associate'))?.decision).toBe('permit');
  });

  it('clears nothing when who recorded it does not hold the record', () => {
    const decision = decide([facts(written(), { recorderHolds: false })]);
    expect(decision).toMatchObject({ decision: 'deny' });
    expect(decision?.because).toContain('does not hold the record');
  });

  it('clears what its recorder holds, not what another does', () => {
    const recorded = facts(written(), { recorder: 'center' });
    expect(decide([recorded])?.decision).toBe('deny');
  });
});

describe('who discloses in general', () => {
  const general = written({
    actor: [actor('center'), actor('hub'), designated('treating-providers', 'CST')],
  });
  it('clears what anybody holds', () => {
    for (const discloser of ['hospital', 'clinic', undefined])
      expect(decide([facts(general)], ask({ discloser }))?.decision).toBe('permit');
  });
  it('opens nothing to who recorded it', () => {
    const own = facts(general, { recorder: 'center' });
    expect(decide([own], ask({ discloser: 'clinic' }))?.decision).toBe('deny');
  });
});

describe('a denial', () => {
  const no = (provision: Partial<ConsentProvision> = {}) =>
    facts(
      written(
        { type: 'deny', purpose: undefined, period: undefined, actor: [actor('center')], ...provision },
        { id: 'no' },
      ),
    );
  const yes = facts(written());

  it.each<[string, ConsentFacts]>([
    ['of this', no()],
    ['of all labels', no({ securityLabel: undefined })],
    ['of the wider label', no(label('ETH'))],
    ['to everybody', no({ actor: undefined })],
    ['to who is named in any role', no({ actor: [actor('center', 'LA')] })],
    ['to treating providers', no({ actor: [designated('treating-providers')] })],
    ['for treatment', no(purpose('TREAT'))],
    ['of some resources, where a record is asked for', no({ class: [{ code: 'Condition' }] })],
    ['recorded by who does not hold the record', { ...no(), recorderHolds: false, recorder: 'shelter' }],
    ['inside its permit', facts(written(inner({ type: 'deny', ...label('SUD') })))],
    ['beside an equal permit', facts(written(inner({ type: 'permit' }, { type: 'deny' })))],
  ])('%s wins', (_name, denial) => {
    for (const consents of [
      [yes, denial],
      [denial, yes],
    ])
      expect(decide(consents)?.decision).toBe('deny');
  });

  it.each<[string, ConsentFacts]>([
    ['of another label', no(label('HIV'))],
    ['of the narrower label', no(label('ETHUD'))],
    ['to another', no({ actor: [actor('clinic')] })],
    ['for research', no(purpose('HRESCH'))],
    ['that is over', no({ period: { end: '2026-03-01' } })],
    ['that was revoked', { ...no(), consent: { ...no().consent, status: 'inactive' } }],
    ['by another discloser', no({ actor: [actor('center'), actor('clinic', 'CST')] })],
    ['of collection', no({ action: [{ coding: [{ code: 'collect' }] }] })],
  ])('%s changes nothing', (_name, denial) => {
    expect(decide([yes, denial])?.decision).toBe('permit');
  });

  it('is told with the consent that denies', () => {
    expect(decide([yes, no()])).toMatchObject({
      consent: 'Consent/no',
      because: 'Consent/no denies that Organization/center sees SUD for COC.',
    });
  });
});

describe('a general designation', () => {
  const to = (code: string) => facts(written({ actor: [designated(code), actor('hub')] }));
  it.each([
    ['treating-providers', 'treating', 'intermediary', true],
    ['treating-providers', 'treating', 'business-associate', true],
    ['treating-providers', 'shelter', 'intermediary', false],
    ['treating-providers', 'shelter', 'business-associate', false],
    ['care-participants', 'treating', 'intermediary', true],
    ['care-participants', 'treating', 'business-associate', true],
    ['care-participants', 'shelter', 'intermediary', false],
    ['care-participants', 'shelter', 'business-associate', true],
    ['anything-else', 'treating', 'business-associate', false],
  ] as const)('%s reaches a %s through an %s: %s', (code, kind, role, reached) => {
    const recipients = kind === 'shelter' ? [shelter, anyOther] : [ask().recipient, anyTreating];
    for (const recipient of recipients) {
      const decision = decide([to(code)], ask({ recipient }), policy(role));
      expect(decision?.decision).toBe(reached ? 'permit' : 'deny');
    }
  });

  it('is not needed by who is named, a shelter included', () => {
    const named = facts(written({ actor: [actor('shelter'), actor('hub')] }));
    expect(decide([named], ask({ recipient: shelter }))?.decision).toBe('permit');
  });
});

describe('labels', () => {
  const consentFor = (...codes: string[]) => facts(written(label(...codes)));
  it('counseling notes need a consent of their own', () => {
    const asked = ask({ labels: ['PSYTHPN'] });
    expect(decide([consentFor('PSYTHPN')], asked)?.decision).toBe('permit');
    const together = decide([consentFor('SUD', 'PSYTHPN')], asked);
    expect(together).toMatchObject({ decision: 'deny' });
    expect(together?.because).toContain('consent of its own');
    const inside = facts(written({ ...label('PSYTHPN'), ...inner({ type: 'permit', ...label('SUD') }) }));
    expect(decide([inside], asked)?.decision).toBe('deny');
  });

  it.each([
    ['strict', 'HIV', 'deny', 'permit'],
    ['strict', 'SDV', 'deny', 'permit'],
    ['plain', 'HIV', 'permit', 'permit'],
    ['plain', 'SDV', 'permit', 'permit'],
    ['hiv-for-treatment', 'HIV', 'permit', 'permit'],
    ['hiv-for-treatment', 'SDV', 'deny', 'permit'],
  ] as const)('in the pack %s, %s by a bare permit: %s; by a written one: %s', (pack, code, bare, full) => {
    const asked = ask({ labels: [code] });
    const simple = facts(written({ ...label(code), period: undefined }));
    expect(decide([simple], asked, policy('intermediary', pack))?.decision).toBe(bare);
    expect(decide([consentFor(code)], asked, policy('intermediary', pack))?.decision).toBe(full);
  });

  it('may be open to who treats the person, and to nobody else, without a consent', () => {
    const open = policy('intermediary', 'hiv-for-treatment');
    expect(decide([], ask({ labels: ['HIV'] }), open)?.decision).toBe('permit');
    expect(decide([], ask({ labels: ['HIV'], recipient: shelter }), open)?.decision).toBe('deny');
  });
});

describe('a consent about some resources', () => {
  const observation: Observation = {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '82667-7' }] },
    effectiveDateTime: '2026-02-10',
  };
  it.each<[string, Partial<ConsentProvision>, boolean]>([
    ['its class', { class: [{ code: 'Observation' }] }, true],
    ['another class', { class: [{ code: 'Condition' }] }, false],
    ['its code', { code: [{ coding: [{ system: 'http://loinc.org', code: '82667-7' }] }] }, true],
    ['another code', { code: [{ coding: [{ system: 'http://loinc.org', code: '1-8' }] }] }, false],
    ['its time', { dataPeriod: { start: '2026-02-01', end: '2026-02-28' } }, true],
    ['a time before', { dataPeriod: { end: '2026-02-09' } }, false],
    ['a time after', { dataPeriod: { start: '2026-02-11' } }, false],
    ['itself', { data: [{ meaning: 'instance', reference: { reference: 'Observation/o' } }] }, true],
    ['another', { data: [{ meaning: 'instance', reference: { reference: 'Observation/x' } }] }, false],
  ])('by %s', (_name, narrowed, covered) => {
    const asked = ask({ resource: observation });
    expect(decide([facts(written(narrowed))], asked)?.decision).toBe(covered ? 'permit' : 'deny');
    const denial = facts(written({ ...narrowed, type: 'deny' }, { id: 'no' }));
    expect(decide([facts(written()), denial], asked)?.decision).toBe(covered ? 'deny' : 'permit');
  });
});
