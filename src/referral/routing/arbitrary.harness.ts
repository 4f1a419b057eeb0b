import fc from 'fast-check';
import type { Candidate, Need } from './candidate.ts';
import { routingSystem } from './codes.ts';
import { capacityStatuses } from './directory-entries.ts';

/** Made-up services and needs that fit and miss each other in every way. */
export const now = new Date('2026-03-02T15:00:00Z');

export const type = (code: string) => `http://terminology.hl7.org/CodeSystem/service-type|${code}`;
const payer = (name: string) => ({ kinds: [`x|${name}`], words: name });
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const some = <T>(...values: T[]) => fc.subarray(values);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const position = fc.record({
  latitude: fc.double({ min: 30, max: 31, noNaN: true }),
  longitude: fc.double({ min: -98, max: -97, noNaN: true }),
});
const date = fc
  .integer({ min: -200, max: 200 })
  .map(days => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10));

export const candidate: fc.Arbitrary<Candidate> = fc.record({
  id: fc.integer({ min: 0, max: 999 }).map(number => `service-${number}`),
  organization: oneOf('a', 'b', 'c', 'd', 'e'),
  name: oneOf('Alpha', 'Beta', 'Gamma'),
  inactive: optional(oneOf('This service is closed')),
  offers: some(type('136'), type('548')),
  areas: some({ words: 'Travis County', county: 'travis' }, { words: '78701', postalCode: '78701' }),
  positions: fc.array(position, { maxLength: 2 }),
  ages: some({ low: 18 }, { low: 6, high: 17 }),
  populations: some({ token: 'p|veterans', words: 'veterans' }),
  payers: some(payer('Medicaid'), payer('Medicare')),
  provision: some('free', 'disc', 'cost'),
  languages: some('en', 'es'),
  programs: some('g|ccbhc'),
  characteristics: some(
    { token: 'c|wheelchair', words: 'wheelchair access' },
    { token: `${routingSystem.levelOfCare}|residential`, words: 'Residential care' },
    { token: `${routingSystem.levelOfCare}|outpatient`, words: 'Outpatient care' },
    { token: `${routingSystem.licence}|otp`, words: 'Opioid treatment program' },
    { token: `${routingSystem.licence}|mh`, words: 'Mental health' },
  ),
  verified: optional(date),
  capacity: optional(
    fc.record({ status: oneOf(...capacityStatuses), confirmed: date, firstOpening: optional(date) }),
  ),
  withheld: oneOf(undefined, undefined, undefined, undefined, true as const),
  load: fc.nat(50),
  answerHours: optional(fc.double({ min: 0, max: 200, noNaN: true })),
  firstSlot: optional(date.map(day => `${day}T10:00:00Z`)),
});

export const need: fc.Arbitrary<Need> = fc.record({
  services: fc.constant([type('136')]),
  age: optional(fc.nat(100)),
  homes: fc.array(
    fc.record({
      county: optional(oneOf('travis', 'hays')),
      postalCode: optional(oneOf('78701', '78610')),
      position: optional(position),
    }),
    { maxLength: 2 },
  ),
  payers: some(payer('Medicaid'), payer('Medicare')),
  languages: some('es', 'en', 'vi'),
  priority: oneOf('routine', 'urgent', 'asap', 'stat'),
  programs: some('g|ccbhc'),
  populations: some('p|veterans'),
  requires: fc.record({
    access: some({ token: 'c|wheelchair', words: 'wheelchair access' }),
    levels: some({ token: `${routingSystem.levelOfCare}|residential`, words: 'Residential care' }),
    licences: some({ token: `${routingSystem.licence}|otp`, words: 'Opioid treatment program' }),
  }),
  wishes: fc.record({
    preferred: some('a', 'b'),
    avoided: some('c'),
    characteristics: some({ token: 'c|wheelchair', words: 'wheelchair access' }),
  }),
  source: optional(oneOf('e', 'z')),
  asked: some({ organization: 'd', words: 'Declined' }),
  refusals: some({ organization: 'b', at: '2026-02-20T10:00:00Z', words: 'no room' }),
});

export const candidates = fc.uniqueArray(candidate, { selector: entry => entry.id, maxLength: 12 });
