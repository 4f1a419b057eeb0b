import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { disclosedIn, kindsOf } from './disclosed.ts';

const disclosure = (what: string, more: ParametersParameter[] = []): ParametersParameter => ({
  name: 'disclosure',
  part: [
    { name: 'recipient', valueReference: { reference: 'Organization/center' } },
    { name: 'agent', valueString: 'a' },
    { name: 'at', valueInstant: '2026-03-02T15:00:00Z' },
    { name: 'discloser', valueReference: { reference: 'Organization/hospital' } },
    { name: 'what', valueReference: { reference: what } },
    { name: 'how', valueCode: 'search' },
    { name: 'because', valueString: 'Part of a referral.' },
    ...more,
  ],
});
const parameters = (...parameter: ParametersParameter[]): Parameters => ({
  resourceType: 'Parameters',
  parameter,
});

it('tells in one line what was shown at once', () => {
  const { disclosed, next } = disclosedIn(
    parameters(
      disclosure('Task/7/_history/1'),
      disclosure('Condition/1', [{ name: 'label', valueCode: 'SUD' }]),
      { name: 'next', valueString: '12' },
    ),
  );
  expect(disclosed).toEqual([
    {
      at: new Date('2026-03-02T15:00:00Z'),
      recipient: 'center',
      discloser: 'hospital',
      agent: 'a',
      how: 'search',
      what: ['Task/7/_history/1', 'Condition/1'],
      labels: ['SUD'],
      because: 'Part of a referral.',
    },
  ]);
  expect(next).toBe('12');
});

it('keeps apart what rests on another ground', () => {
  const other = disclosure('Condition/1');
  const part = other.part?.map(one => (one.name === 'because' ? { ...one, valueString: 'A consent.' } : one));
  expect(
    disclosedIn(parameters(disclosure('Task/7'), { ...other, ...(part ? { part } : {}) })).disclosed,
  ).toHaveLength(2);
});

it.each([
  [['Task/7/_history/1', 'Task/7/_history/2'], 'Task'],
  [['Task/7', 'Condition/1', 'Condition/2'], 'Task, 2 × Condition'],
])('%j are %s', (references, words) => {
  expect(kindsOf(references)).toBe(words);
});
