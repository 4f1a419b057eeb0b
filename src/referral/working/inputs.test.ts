import type { ParametersParameter } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../errors.ts';
import { type InputDefinition, readInputs } from './inputs.ts';
import { declineReasons } from './vocabulary.ts';

const definitions: InputDefinition[] = [
  { name: 'reason', type: 'CodeableConcept', required: true, vocabulary: declineReasons, means: 'Why.' },
  { name: 'comment', type: 'string', means: 'In words.' },
  { name: 'start', type: 'dateTime', means: 'When.' },
  { name: 'to', type: 'Reference', targets: ['Organization'], many: true, means: 'Who.' },
  { name: 'at-once', type: 'boolean', means: 'Now.' },
  { name: 'identifier', type: 'Identifier', means: 'Which.' },
];
const read = (...parameter: ParametersParameter[]) =>
  readInputs(definitions, { resourceType: 'Parameters', parameter });
const reason: ParametersParameter = { name: 'reason', valueCode: 'payer' };

describe('a code', () => {
  const payer = { coding: [{ system: declineReasons.system, code: 'payer', display: 'Payer' }] };
  it.each<[string, ParametersParameter, object]>([
    ['alone', reason, payer],
    ['as a Coding', { name: 'reason', valueCoding: payer.coding[0] ?? {} }, payer],
    ['as a Coding without its system', { name: 'reason', valueCoding: { code: 'payer' } }, payer],
    [
      'as a concept with words and another coding',
      {
        name: 'reason',
        valueCodeableConcept: {
          coding: [{ system: 'urn:theirs', code: '7' }, ...payer.coding],
          text: 'no Medicaid',
        },
      },
      { ...payer, text: 'no Medicaid' },
    ],
  ])('%s', (_name, parameter, expected) => {
    expect(read(parameter).concept('reason')).toEqual(expected);
    expect(read(parameter).code('reason')).toBe('payer');
  });
});

describe('what is wrong is said, with what would be right', () => {
  it.each<[string, ParametersParameter[], RegExp]>([
    ['nothing', [], /^reason is required: Why\.$/],
    ['an unknown code', [{ name: 'reason', valueCode: 'full' }], /^reason must be one of no-capacity, /],
    [
      'a code of another system',
      [{ name: 'reason', valueCoding: { system: 'urn:x', code: 'payer' } }],
      /must be one of/,
    ],
    ['a word instead of a code', [{ name: 'reason', valueString: 'payer' }], /must be one of/],
    [
      'an unknown input',
      [reason, { name: 'reasons', valueCode: 'x' }],
      /^There is no input "reasons"; those/,
    ],
    ['the wrong type', [reason, { name: 'comment', valueCode: 'x' }], /^comment must be a valueString\.$/],
    ['an empty text', [reason, { name: 'comment', valueString: '  ' }], /^comment must be a text\.$/],
    ['a long text', [reason, { name: 'comment', valueString: 'x'.repeat(4001) }], /at most 4000/],
    ['a day', [reason, { name: 'start', valueDateTime: '2026-03-05' }], /moment with a time zone/],
    ['no zone', [reason, { name: 'start', valueDateTime: '2026-03-05T15:00:00' }], /moment with a time zone/],
    ['no such hour', [reason, { name: 'start', valueDateTime: '2026-03-05T25:00:00Z' }], /moment/],
    [
      'another type',
      [reason, { name: 'to', valueReference: { reference: 'Patient/1' } }],
      /Organization\/id/,
    ],
    ['no reference', [reason, { name: 'to', valueReference: { display: 'them' } }], /Organization\/id/],
    [
      'twice',
      [reason, { name: 'at-once', valueBoolean: true }, { name: 'at-once', valueBoolean: true }],
      /^at-once is given 2 times/,
    ],
    [
      'half an identifier',
      [reason, { name: 'identifier', valueIdentifier: { value: '1' } }],
      /system and a value/,
    ],
  ])('%s', (_name, parameters, expected) => {
    expect(() => read(...parameters)).toThrow(HubError);
    expect(() => read(...parameters)).toThrow(expected);
  });

  it('all at once', () => {
    try {
      read({ name: 'reason', valueCode: 'full' }, { name: 'start', valueDateTime: 'soon' });
    } catch (error) {
      expect((error as HubError).problems.length).toBe(2);
      return;
    }
    throw new Error('it was taken');
  });

  it.each([
    [42],
    ['text'],
    [null],
    [{ resourceType: 'Task' }],
    [{ resourceType: 'Parameters', parameter: {} }],
  ])('a body that is %j', body => {
    expect(() => readInputs(definitions, body)).toThrow(/must be a Parameters resource/);
  });
});

it('nothing is read as no inputs', () => {
  expect(readInputs([], undefined).references('to')).toEqual([]);
});
