import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeSystem, ConceptMap, Resource } from '@medplum/fhirtypes';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonical, extension, system } from '../../fhir/canonical.ts';
import { testDefinitions } from '../../fhir/definitions/test-definitions.ts';
import { createValidator } from '../../fhir/validation/validator.ts';
import { hubReason } from './reasons.ts';
import { bserDisplay, stepGiven } from './steps.ts';

const root = join(import.meta.dirname, '../../..');
const read = <R extends Resource>(path: string): R => JSON.parse(readFileSync(join(root, path), 'utf8')) as R;

const names = [
  'referral-status',
  'decline-reason',
  'closure-reason',
  'hub-reason',
  'next-action',
  'care-team-role',
];
const files = [
  ...names.map(name => `terminology/${name}.json`),
  'terminology/referral-status-to-bser.json',
  'terminology/treating-provider.json',
  'terminology/valueset-next-action.json',
  'profiles/next-step.json',
  'profiles/prior-step.json',
];

describe('the terminology of referrals', () => {
  let validate: ReturnType<typeof createValidator>;
  beforeAll(async () => {
    validate = createValidator(await testDefinitions());
  });

  it.each(files)('%s is valid', path => {
    expect(validate(read(path))).toEqual([]);
  });

  it('is under the names that the code uses', () => {
    const urls = names.map(name => read<CodeSystem>(`terminology/${name}.json`).url);
    const used = [
      system.referralStatus,
      system.declineReason,
      system.closureReason,
      system.hubReason,
      system.nextAction,
      system.careTeamRole,
    ];
    expect(urls).toEqual(used);
    expect(['next-step', 'prior-step'].map(name => `${canonical}/StructureDefinition/${name}`)).toEqual([
      extension.nextStep,
      extension.priorStep,
    ]);
  });

  it('counts its concepts', () => {
    const count = (concepts: CodeSystem['concept'] = []): number =>
      concepts.reduce((sum, one) => sum + 1 + count(one.concept), 0);
    for (const name of names) {
      const codeSystem = read<CodeSystem>(`terminology/${name}.json`);
      expect(count(codeSystem.concept), name).toBe(codeSystem.count);
    }
  });
});

describe('the finer steps', () => {
  it.each([
    ['viewed', '2.0'],
    ['info-requested', '2.0'],
    ['in-progress', 'in-progress'],
    ['contact-attempted', 'in-progress'],
    ['question-open', 'in-progress'],
    ['intake-scheduled', '5.1.1'],
    ['waitlisted', 'waitlisted'],
    ['redirected', '4.0'],
  ])('%s is a kind of %s', (code, step) => {
    expect(stepGiven({ coding: [{ system: system.referralStatus, code }] })).toBe(step);
  });

  it('all are mapped, to codes that BSeR has', () => {
    const flat = (concepts: CodeSystem['concept'] = []): string[] =>
      concepts.flatMap(one => [one.code, ...flat(one.concept)]);
    const elements = read<ConceptMap>('terminology/referral-status-to-bser.json').group?.[0]?.element ?? [];
    expect(elements.map(one => one.code).sort()).toEqual(
      flat(read<CodeSystem>('terminology/referral-status.json').concept).sort(),
    );
    for (const code of elements.map(one => one.target?.[0]?.code).filter(one => one !== undefined))
      expect(bserDisplay).toHaveProperty([code]);
  });

  it('a code that is not there is refused, with those that are', () => {
    expect(() => stepGiven({ coding: [{ system: system.referralStatus, code: 'lost' }] })).toThrow(
      /"lost".*use one of viewed, info-requested/,
    );
    expect(() => stepGiven({ coding: [{ system: system.bserStatus, code: '5.1' }] })).toThrow(
      /"5.1".*use one of 2.0, 3.0/,
    );
    expect(
      stepGiven({
        coding: [{ system: 'https://example.org/theirs', code: 'x' }],
        text: 'waiting for the bus',
      }),
    ).toBeUndefined();
  });
});

it('every reason of the hub has words', () => {
  const { concept } = read<CodeSystem>('terminology/hub-reason.json');
  const codes = [
    'offer-expired',
    'another-accepted',
    'no-longer-offered',
    'source-cancelled',
    'candidates-exhausted',
    'unspecified',
  ] as const;
  expect(concept?.map(one => one.code)).toEqual(codes);
  for (const code of codes) expect(hubReason(code).coding?.[0]?.display).toBeTruthy();
});
