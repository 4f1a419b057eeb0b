import type { ConsentProvision } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actor,
  ask,
  designated,
  facts,
  label,
  noon,
  policy,
  purpose,
  written,
} from '../../../test/harness/consents.ts';
import { labels } from '../labels.ts';
import { evaluate } from './evaluate.ts';
import type { ConsentPolicy } from './policy.ts';
import type { ConsentFacts, Question } from './question.ts';
import { rowsOfConsents } from './rows.ts';
import { clearedOverTime } from './timeline.ts';

const organizations = ['hospital', 'center', 'shelter', 'clinic'] as const;
const days = ['2026-01-15', '2026-03-02', '2026-05-01', '2026-08-31'];
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

const anyActor = fc.oneof(
  fc.constantFrom(...organizations).map(id => actor(id)),
  fc.constantFrom('treating-providers', 'care-participants').map(code => designated(code)),
  fc.constant(designated('treating-providers', 'CST')),
  fc.constant(actor('hub')),
);

const anyProvision = (depth: number): fc.Arbitrary<ConsentProvision> =>
  fc.record({
    type: fc.constantFrom('permit' as const, 'permit' as const, 'deny' as const),
    actor: maybe(fc.array(anyActor, { minLength: 1, maxLength: 3 }).map(some => [...some, actor('hub')])),
    securityLabel: maybe(
      fc.subarray(['SUD', 'ETHUD', 'ETH', 'HIV']).map(codes => label(...codes).securityLabel ?? []),
    ),
    purpose: maybe(
      fc.subarray(['TREAT', 'COC', 'HPAYMT'], { minLength: 1 }).map(codes => purpose(...codes).purpose ?? []),
    ),
    period: maybe(fc.record({ start: fc.constantFrom(...days.slice(0, 2)), end: fc.constantFrom(...days) })),
    ...(depth > 0
      ? {
          provision: maybe(
            fc.array(
              fc.nat(1).chain(() => anyProvision(depth - 1)),
              { maxLength: 2 },
            ),
          ),
        }
      : {}),
  }) as fc.Arbitrary<ConsentProvision>;

/** What is not said is as in a written consent. */
const said = (provision: ConsentProvision): ConsentProvision =>
  Object.fromEntries(Object.entries(provision).filter(([, value]) => value !== undefined));

const anyConsent: fc.Arbitrary<ConsentFacts> = fc
  .record({
    provision: anyProvision(2).map(said),
    recorder: fc.constantFrom(...organizations),
    status: fc.constantFrom('active' as const, 'active' as const, 'active' as const, 'inactive' as const),
  })
  .map(({ provision, recorder, status }) =>
    facts(written(provision, { status, organization: [{ reference: `Organization/${recorder}` }] }), {
      recorder,
    }),
  );

const consents = fc
  .array(anyConsent, { maxLength: 4 })
  .map(list => list.map((one, at) => ({ ...one, consent: { ...one.consent, id: `c${at}` } })));

const question: fc.Arbitrary<Question> = fc
  .record({
    organization: maybe(fc.constantFrom(...organizations)),
    treats: fc.boolean(),
    discloser: maybe(fc.constantFrom(...organizations)),
    now: fc.constantFrom(...days.map(day => Date.parse(day))),
  })
  .map(
    ({ organization, treats, discloser, now }) =>
      ({
        ...ask({ labels, now }),
        recipient: { ...(organization ? { organization } : {}), treats },
        discloser,
      }) as Question,
  );

const rules: fc.Arbitrary<ConsentPolicy> = fc
  .tuple(
    fc.constantFrom('intermediary' as const, 'business-associate' as const),
    fc.constantFrom('strict' as const, 'plain' as const),
  )
  .map(([role, pack]) => policy(role, pack));

const permitted = (list: readonly ConsentFacts[], asked: Question, by: ConsentPolicy): string[] =>
  evaluate(list, asked, by)
    .filter(({ decision }) => decision === 'permit')
    .map(one => one.label);

const runs = process.env.CHECK_FULL ? 20_000 : 800;
const holds = (property: fc.IPropertyWithHooks<[ConsentFacts[], Question, ConsentPolicy]>) =>
  fc.assert(property, { numRuns: runs, seed: 42 });

describe('whatever the consents', () => {
  it('some are permitted and some are not, or nothing below says anything', () => {
    const sample = fc.sample(fc.tuple(consents, question, rules), { numRuns: 600, seed: 1 });
    const seen = sample.map(([list, asked, by]) => permitted(list, asked, by).length > 0);
    expect(seen.filter(Boolean).length).toBeGreaterThan(25);
    expect(seen.filter(one => !one).length).toBeGreaterThan(25);
  });

  it('their order is of no account', () => {
    holds(
      fc.property(consents, question, rules, (list, asked, by) => {
        expect(evaluate(list.toReversed(), asked, by)).toEqual(evaluate(list, asked, by));
      }),
    );
  });

  it('a denial more never adds', () => {
    holds(
      fc.property(consents, question, rules, (list, asked, by) => {
        const denial = facts(written({ type: 'deny', actor: [actor('center')] }, { id: 'z' }));
        const before = permitted(list, asked, by);
        expect(before).toEqual(expect.arrayContaining(permitted([...list, denial], asked, by)));
      }),
    );
  });

  it('revoking one that does not deny never adds', () => {
    holds(
      fc.property(consents, question, rules, (list, asked, by) => {
        const denies = (provision: ConsentProvision | undefined): boolean =>
          provision?.type === 'deny' || (provision?.provision ?? []).some(denies);
        const rest = list.filter(({ consent }, at) => at > 0 || denies(consent.provision));
        expect(permitted(list, asked, by)).toEqual(expect.arrayContaining(permitted(rest, asked, by)));
      }),
    );
  });

  it('no permit outlasts what it says', () => {
    holds(
      fc.property(consents, question, rules, (list, asked, by) => {
        for (const { decision, until } of evaluate(list, asked, by)) {
          if (decision === 'permit' && until !== null) expect(until).toBeGreaterThan(asked.now);
        }
      }),
    );
  });

  it('what is cleared over time is what is decided at each moment', () => {
    holds(
      fc.property(consents, question, rules, (list, asked, by) => {
        const pieces = clearedOverTime(list, asked, by);
        for (const now of days.map(day => Date.parse(day) + 1).filter(day => day >= asked.now)) {
          const piece = pieces.find(one => one.starts <= now && (one.ends === null || one.ends > now));
          expect([...(piece?.labels ?? [])]).toEqual(permitted(list, { ...asked, now }, by));
        }
      }),
    );
  });

  it('the rows of an organization say what is decided for it, or for all that none names', () => {
    holds(
      fc.property(consents, question, rules, (list, asked, by) => {
        const { organization, treats } = asked.recipient;
        if (organization === undefined || asked.discloser === undefined) return;
        const treating = new Set(treats ? [organization] : []);
        const rows = [
          ...rowsOfConsents(list, { patient: 'p', now: asked.now, treating }, by).values(),
        ].flat();
        const level = treats ? 'record' : 'packet';
        const shown = rows.filter(
          row =>
            row.level === level &&
            (row.org === organization || (row.org === '' && !row.excepted.includes(organization))) &&
            (row.discloser === '' || row.discloser === asked.discloser) &&
            row.starts <= asked.now &&
            (row.ends === null || row.ends > asked.now),
        );
        const mask = shown.reduce((all, row) => all | row.labels, 0);
        const wanted = permitted(list, asked, by);
        expect(labels.filter((_, bit) => mask & (1 << bit))).toEqual(wanted);
      }),
    );
  });
});

it('a consent that begins and ends by itself is cleared between, and no longer', () => {
  const later = facts(written({ period: { start: '2026-04-01', end: '2026-04-30' } }));
  expect(clearedOverTime([later], ask({ now: noon }), policy())).toMatchObject([
    { starts: Date.parse('2026-04-01'), ends: Date.parse('2026-05-01'), consent: 'Consent/c' },
  ]);
});
