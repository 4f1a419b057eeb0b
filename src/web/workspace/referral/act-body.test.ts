import { describe, expect, it } from 'vitest';
import { HubError } from '../../../errors.ts';
import { actions } from '../../../referral/working/actions.ts';
import { readInputs } from '../../../referral/working/inputs.ts';
import { bodyOf, instantOf } from './act-body.ts';

const inputsOf = (name: string) => actions.find(one => one.name === name)?.inputs ?? [];

describe('the body of an action', () => {
  it('has each field in the type that the operation declares', () => {
    const sent = {
      'form-token': ['secret'],
      return: ['/inbox'],
      slot: [''],
      start: ['2026-03-05T09:00'],
      comment: [' Come early '],
    };
    expect(bodyOf(inputsOf('accept'), sent, 'America/Chicago').parameter).toEqual([
      { name: 'start', valueDateTime: '2026-03-05T15:00:00Z' },
      { name: 'comment', valueString: 'Come early' },
    ]);
  });

  it('has all that was chosen where several may be', () => {
    const sent = {
      text: ['Here'],
      document: ['DocumentReference/1', 'DocumentReference/2'],
      identifier: ['urn:uuid:1'],
    };
    expect(bodyOf(inputsOf('answer'), sent, undefined).parameter).toEqual([
      { name: 'text', valueString: 'Here' },
      { name: 'document', valueReference: { reference: 'DocumentReference/1' } },
      { name: 'document', valueReference: { reference: 'DocumentReference/2' } },
      { name: 'identifier', valueIdentifier: { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:1' } },
    ]);
  });

  it('is taken by every action, whatever its inputs are', () => {
    for (const { name, inputs } of actions) {
      const sent = Object.fromEntries(
        inputs.map(input => {
          const [code = ''] = input.vocabulary?.codes.keys() ?? [];
          const value = {
            CodeableConcept: code,
            Reference: `${input.targets?.[0]}/1`,
            boolean: 'yes',
            dateTime: '2026-03-05T09:00',
            Identifier: 'urn:uuid:1',
            string: 'x',
          }[input.type];
          return [input.name, [value]];
        }),
      );
      const read = readInputs(inputs, bodyOf(inputs, sent, 'America/Chicago'));
      for (const input of inputs)
        if (input.type === 'CodeableConcept') expect(read.code(input.name), name).toBeTruthy();
    }
  });
});

describe('a time without a zone', () => {
  it.each([
    ['2026-03-05T09:00', 'America/Chicago', '2026-03-05T15:00:00Z'],
    ['2026-03-05T09:00', 'Europe/Berlin', '2026-03-05T08:00:00Z'],
    // The hour that is left out when clocks go forward is the one after it.
    ['2026-03-08T02:30', 'America/Chicago', '2026-03-08T08:30:00Z'],
  ])('%s in %s is %s', (local, zone, instant) => {
    expect(instantOf(local, zone)).toBe(instant);
  });

  it('that is none is refused in words', () => {
    expect(() => instantOf('tomorrow', 'America/Chicago')).toThrow(HubError);
  });
});
