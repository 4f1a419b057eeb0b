import type { Patient } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { distance, nearlySame } from './near.ts';

const person = (given: string, family: string, birthDate = '1998-12-05'): Patient => ({
  resourceType: 'Patient',
  name: [{ given: [given], family }],
  birthDate,
});

const amara = person('Amara', 'Okonjo');

it.each<[string, Patient, string[] | undefined]>([
  ['a letter is another', person('Amara', 'Okonyo'), ['birth date', 'nearly the name']],
  ['two letters have changed places', person('Amara', 'Oknojo'), ['birth date', 'nearly the name']],
  ['a letter is missing in both', person('Amra', 'Okonj'), ['birth date', 'nearly the name']],
  [
    'the names are the other way round',
    person('Okonjo', 'Amara'),
    ['birth date', 'the names, the other way round'],
  ],
  ['the month and the day are', person('Amara', 'Okonjo', '1998-05-12'), ['name', 'nearly the birth date']],
  ['a digit is another', person('AMARA', 'Okónjo', '1988-12-05'), ['name', 'nearly the birth date']],
  ['another name', person('Amara', 'Lindqvist'), undefined],
  ['a brother or sister: another first name', person('Chidi', 'Okonjo'), undefined],
  ['another birth date and nearly the name', person('Amara', 'Okonyo', '1998-12-06'), undefined],
  ['two digits are others', person('Amara', 'Okonjo', '1989-12-15'), undefined],
  ['no birth date', { ...amara, birthDate: '' }, undefined],
])('%s', (_, other, common) => {
  expect(nearlySame(amara, other)).toEqual(common);
  expect(nearlySame(other, amara)).toEqual(common);
});

it('two short names that differ are two names', () => {
  expect(nearlySame(person('Li', 'Wu'), person('Lu', 'Wu'))).toBeUndefined();
});

it.each([
  ['', '', 0],
  ['abc', '', 3],
  ['abc', 'acb', 1],
  ['abcd', 'badc', 2],
  ['kitten', 'sitting', 3],
])('from %s to %s it is %i', (a, b, steps) => expect(distance(a, b)).toBe(steps));

it('a distance is the same both ways, nothing to oneself, and no longer than the longer word', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(distance(a, b)).toBe(distance(b, a));
      expect(distance(a, a)).toBe(0);
      expect(distance(a, b)).toBeLessThanOrEqual(Math.max([...a].length, [...b].length));
      expect(distance(a, b) === 0).toBe(a === b);
    }),
    { seed: 7, numRuns: 200 },
  );
});
