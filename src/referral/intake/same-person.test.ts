import type { Patient } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samePerson } from './same-person.ts';

const ada: Patient = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mrn', value: '1' }],
  name: [{ family: 'Nuñez-Ortiz', given: ['Ada', 'María'] }],
  gender: 'female',
  birthDate: '1988-02-03',
  telecom: [
    { system: 'phone', value: '+1 (555) 010-0199' },
    { system: 'email', value: 'Ada@example.org' },
  ],
};
const { identifier: _, ...noIdentifier } = ada;

describe('who is the same person', () => {
  it.each<[string, Partial<Patient>, string | undefined]>([
    [
      'the same identifier, all else different',
      { ...blank(), identifier: ada.identifier ?? [] },
      'certain: identifier',
    ],
    [
      'an identifier of another system',
      { ...blank(), identifier: [{ system: 'urn:x', value: '1' }] },
      undefined,
    ],
    ['an identifier that says no system', { ...blank(), identifier: [{ value: '1' }] }, undefined],
    ['all but the identifier', noIdentifier, 'probable: name, birth date, phone or e-mail'],
    [
      'another way to write the name',
      { ...noIdentifier, telecom: [], name: [{ family: 'NUNEZ ORTIZ', given: ['ada'] }] },
      'probable: name, birth date',
    ],
    [
      'a former name',
      {
        ...noIdentifier,
        telecom: [],
        name: [{ family: 'Smith' }, { use: 'old', family: 'Nunez Ortiz', given: ['Ada'] }],
      },
      'probable: name, birth date',
    ],
    ['no gender said', { ...noIdentifier, gender: 'unknown', telecom: [] }, 'probable: name, birth date'],
    ['another gender', { ...noIdentifier, gender: 'male' }, undefined],
    ['another birth date', { ...noIdentifier, birthDate: '1988-03-02' }, undefined],
    [
      'no birth date, but the phone',
      { name: ada.name ?? [], telecom: [{ system: 'phone', value: '555 010 0199' }] },
      'possible: name, phone or e-mail',
    ],
    [
      'no birth date, but the e-mail',
      { name: ada.name ?? [], telecom: [{ system: 'email', value: ' ada@EXAMPLE.org' }] },
      'possible: name, phone or e-mail',
    ],
    ['the name alone', { name: ada.name ?? [] }, undefined],
    [
      'a sibling: family name and birth date',
      { name: [{ family: 'Nunez Ortiz', given: ['Eva'] }], birthDate: '1988-02-03' },
      undefined,
    ],
    [
      'a nickname, with birth date and phone',
      {
        name: [{ family: 'Nunez Ortiz', given: ['Addie'] }],
        birthDate: '1988-02-03',
        telecom: [{ system: 'phone', value: '5550100199' }],
      },
      'possible: family name, birth date, phone or e-mail',
    ],
    ['nothing', {}, undefined],
  ])('%s', (_what, other, expected) => {
    const same = samePerson(ada, { resourceType: 'Patient', ...other });
    expect(same && `${same.grade}: ${same.common.join(', ')}`).toBe(expected);
  });

  it('is said alike from both sides, and of everybody with an identifier of themselves', () => {
    const word = fc.constantFrom('Ann', 'ann', 'Bo', 'Çelik', '');
    const person = fc.record({
      resourceType: fc.constant('Patient' as const),
      name: fc.array(fc.record({ family: word, given: fc.array(word, { maxLength: 2 }) }), { maxLength: 2 }),
      gender: fc.constantFrom(undefined, 'male', 'female', 'unknown'),
      birthDate: fc.constantFrom(undefined, '1990-01-01', '1990-01-02'),
      identifier: fc.array(
        fc.record({ system: fc.constantFrom('urn:a', ''), value: fc.constantFrom('1', '2') }),
        { maxLength: 2 },
      ),
      telecom: fc.array(
        fc.record({
          system: fc.constantFrom('phone' as const, 'email' as const),
          value: fc.constantFrom('5550100', 'a@b', ''),
        }),
        { maxLength: 2 },
      ),
    }) as fc.Arbitrary<Patient>;
    fc.assert(
      fc.property(person, person, (a, b) => {
        expect(samePerson(a, b)).toEqual(samePerson(b, a));
        if (a.identifier?.some(one => one.system)) expect(samePerson(a, a)?.grade).toBe('certain');
      }),
      { seed: 7, numRuns: process.env.CHECK_FULL ? 20_000 : 1_000 },
    );
  });
});

/** Somebody else in every way. */
function blank(): Partial<Patient> {
  return { name: [{ family: 'Other', given: ['Olga'] }], gender: 'male', birthDate: '1950-01-01' };
}
