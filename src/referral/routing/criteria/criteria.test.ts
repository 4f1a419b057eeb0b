import { describe, expect, it } from 'vitest';
import weights from '../../../../terminology/routing-weights.json' with { type: 'json' };
import { plain } from '../candidate.harness.ts';
import type { Candidate, Need } from '../candidate.ts';
import { routingSystem } from '../codes.ts';
import { routingRules } from '../rules.ts';
import { capacity } from './capacity.ts';
import { catchment } from './catchment.ts';
import type { Criterion } from './criterion.ts';
import { language } from './language.ts';
import { payer } from './payer.ts';
import { age, population } from './person.ts';
import { distance, opening } from './reach.ts';
import { access, level, licence } from './required.ts';
import { answering, load } from './response.ts';
import { service } from './service.ts';
import { active, another, notAskedYet, notAvoided, shown } from './standing.ts';
import { verified } from './verified.ts';
import { program, refusals, wishes } from './wishes.ts';

const rules = routingRules(weights);
const now = new Date('2026-03-02T15:00:00Z');
const program1 = 'https://warmhandoff.example/fhir/CodeSystem/routing-program|ccbhc';
const interpreter = {
  token: 'https://warmhandoff.example/fhir/CodeSystem/routing-characteristic|interpreter',
  words: 'Interpreter',
};
const medicaid = { organization: 'Organization/medicaid', kinds: ['k|mcd'], words: 'Medicaid' };
const medicare = { kinds: ['k|mcr'], words: 'Medicare' };
const nobody = { kinds: ['http://terminology.hl7.org/CodeSystem/coverage-selfpay|pay'], words: 'self-pay' };
const travis = { words: 'Travis County', state: 'tx', county: 'travis' };
const zip = { words: 'ZIP 78701', state: 'tx', postalCode: '78701' };

const someone: Need = {
  services: ['s|136'],
  homes: [],
  payers: [],
  languages: [],
  priority: 'routine',
  programs: [],
  populations: [],
  requires: { access: [], levels: [], licences: [] },
  wishes: { preferred: [], avoided: [], characteristics: [] },
  asked: [],
  refusals: [],
};
const somewhere = plain({ id: '1', organization: 'north', name: 'Northside' });

const trait = (of: string, code: string, words: string) => ({ token: `${of}|${code}`, words });
const ramp = trait(routingSystem.characteristic, 'wheelchair', 'Wheelchair access');
const atHome = trait(routingSystem.levelOfCare, 'residential', 'Residential care');
const visits = trait(routingSystem.levelOfCare, 'outpatient', 'Outpatient care');
const otp = trait(routingSystem.licence, 'opioid-treatment-program', 'Opioid treatment program');
const crisis = trait(routingSystem.licence, 'crisis-stabilization', 'Crisis stabilization');
const wheels = { requires: { ...someone.requires, access: [ramp] } };
const home = { requires: { ...someone.requires, levels: [atHome] } };
const licensed = { requires: { ...someone.requires, licences: [otp] } };

type Case = [
  criterion: Criterion,
  need: Partial<Need>,
  candidate: Partial<Candidate>,
  value: number | 'excluded' | 'silent',
  words?: string,
];

const cases: Record<string, Case[]> = {
  service: [
    [service, {}, {}, 1, 'Offers the service asked for.'],
    [service, {}, { offers: ['s|141'] }, 'excluded', 'Does not offer the service asked for.'],
  ],
  standing: [
    [active, {}, {}, 'silent'],
    [active, {}, { inactive: 'This service is closed' }, 'excluded', 'This service is closed.'],
    [another, { source: 'north' }, {}, 'excluded', 'It is the organization that refers.'],
    [another, { source: 'south' }, {}, 'silent'],
    [
      notAskedYet,
      { asked: [{ organization: 'north', words: 'Declined on March 1, 2026 (No capacity)' }] },
      {},
      'excluded',
      'Declined on March 1, 2026 (No capacity).',
    ],
    [notAskedYet, { asked: [{ organization: 'south', words: 'Declined' }] }, {}, 'silent'],
    [
      notAvoided,
      { wishes: { ...someone.wishes, avoided: ['north'] } },
      {},
      'excluded',
      'The request asks not to send it there.',
    ],
    [shown, {}, {}, 'silent'],
    [shown, {}, { withheld: true }, 'excluded', 'May not be shown this request.'],
  ],
  catchment: [
    [catchment, {}, {}, 1, 'Is not limited to an area.'],
    [
      catchment,
      { homes: [{ state: 'tx', county: 'travis' }] },
      { areas: [travis] },
      1,
      'Serves Travis County, where the home is.',
    ],
    [
      catchment,
      { homes: [{ postalCode: '78701' }] },
      { areas: [travis, zip] },
      1,
      'Serves ZIP 78701, where the home is.',
    ],
    [
      catchment,
      { homes: [{ state: 'tx', county: 'hays' }] },
      { areas: [travis] },
      'excluded',
      'Serves Travis County only, and the home is elsewhere.',
    ],
    [
      catchment,
      { homes: [{ state: 'ok', county: 'travis' }] },
      { areas: [travis] },
      'excluded',
      'Serves Travis County only, and the home is elsewhere.',
    ],
    [
      catchment,
      {},
      { areas: [zip, travis] },
      0.5,
      'Serves Travis County or ZIP 78701: whether the home is there is not known.',
    ],
    [
      catchment,
      { homes: [{ postalCode: '78610' }] },
      { areas: [travis] },
      0.5,
      'Serves Travis County: whether the home is there is not known.',
    ],
    [
      catchment,
      { homes: [{ state: 'tx', county: 'hays' }] },
      { areas: [travis], programs: [program1] },
      0.3,
      'Serves Travis County first, but refuses nobody for where they live.',
    ],
  ],
  age: [
    [age, { age: 34 }, {}, 1, 'Takes people of all ages.'],
    [age, { age: 17 }, { ages: [{ low: 6, high: 17 }] }, 1, 'Takes people aged 6 to 17.'],
    [
      age,
      { age: 18 },
      { ages: [{ low: 6, high: 17 }] },
      'excluded',
      'Takes people aged 6 to 17 only; this person is 18.',
    ],
    [age, { age: 0 }, { ages: [{ low: 0.5, high: 5 }] }, 1, 'Takes people aged 0 to 5.'],
    [
      age,
      { age: 60 },
      { ages: [{ high: 17 }, { low: 60 }] },
      1,
      'Takes people aged up to 17 or aged 60 and older.',
    ],
    [
      age,
      { age: 59 },
      { ages: [{ high: 17 }, { low: 60 }] },
      'excluded',
      'Takes people aged up to 17 or aged 60 and older only; this person is 59.',
    ],
    [
      age,
      {},
      { ages: [{ low: 18 }] },
      1,
      'Takes people aged 18 and older: the age of this person is not known.',
    ],
  ],
  population: [
    [population, {}, {}, 0.5, 'Is for everybody.'],
    [
      population,
      { populations: ['p|v'] },
      { populations: [{ token: 'p|v', words: 'veterans' }] },
      1,
      'Is meant for veterans.',
    ],
    [
      population,
      {},
      { populations: [{ token: 'p|v', words: 'veterans' }] },
      0,
      'Is meant for veterans: make sure that this fits.',
    ],
  ],
  payer: [
    [payer, { payers: [nobody] }, { provision: ['free'], payers: [medicaid] }, 1, 'Is free of charge.'],
    [payer, { payers: [medicaid] }, { payers: [{ ...medicaid, kinds: [] }] }, 1, 'Accepts Medicaid.'],
    [payer, { payers: [medicaid, medicare] }, { payers: [medicare] }, 1, 'Accepts Medicare.'],
    [
      payer,
      { payers: [medicare] },
      { payers: [medicaid], provision: ['disc'] },
      0.6,
      'Asks for a fee that depends on income.',
    ],
    [
      payer,
      {},
      { payers: [medicaid] },
      0.5,
      'Who pays for this person is not known: ask before the first visit.',
    ],
    [
      payer,
      { payers: [medicaid] },
      {},
      0.5,
      'Does not say which payers it accepts: ask before the first visit.',
    ],
    [
      payer,
      { payers: [medicare] },
      { payers: [medicaid] },
      'excluded',
      'Accepts Medicaid only, not Medicare.',
    ],
    [
      payer,
      { payers: [nobody] },
      { payers: [medicaid] },
      'excluded',
      'Accepts Medicaid only, and this person has no coverage.',
    ],
  ],
  language: [
    [language, {}, { languages: ['es'] }, 'silent'],
    [language, { languages: ['es-mx'] }, { languages: ['es', 'en'] }, 1, 'Speaks Spanish.'],
    [language, { languages: ['vi', 'en'] }, { languages: ['en'] }, 0.8, 'Speaks English.'],
    [language, { languages: ['en'] }, {}, 1, 'Speaks English.'],
    [
      language,
      { languages: ['vi'] },
      { characteristics: [interpreter] },
      0.6,
      'Brings an interpreter for Vietnamese.',
    ],
    [
      language,
      { languages: ['vi'] },
      { languages: ['en', 'es'] },
      'excluded',
      'Speaks English or Spanish, not Vietnamese, and has no interpreter.',
    ],
    [
      language,
      { languages: ['q-!'] },
      { languages: ['en'] },
      'excluded',
      'Speaks English, not q-!, and has no interpreter.',
    ],
  ],
  capacity: [
    [capacity, {}, {}, 0.5, 'Does not say whether it has room: ask.'],
    [
      capacity,
      {},
      { capacity: { status: 'capacity', confirmed: '2026-02-20' } },
      1,
      'Has room for new people (as of February 20, 2026).',
    ],
    [
      capacity,
      {},
      { capacity: { status: 'waitlist', confirmed: '2026-02-20' } },
      0.3,
      'Has a waiting list (as of February 20, 2026).',
    ],
    [
      capacity,
      { priority: 'urgent' },
      { capacity: { status: 'waitlist', confirmed: '2026-02-20' } },
      'excluded',
      'Has a waiting list (as of February 20, 2026).',
    ],
    [
      capacity,
      { priority: 'stat' },
      { capacity: { status: 'additional-assessment-required', confirmed: '2026-02-20' } },
      0.5,
      'Can say only after an assessment whether it has room (as of February 20, 2026).',
    ],
    [
      capacity,
      {},
      { capacity: { status: 'no-capacity', confirmed: '2025-12-02' } },
      'excluded',
      'Has no room for new people (as of December 2, 2025).',
    ],
    [
      capacity,
      {},
      { capacity: { status: 'no-capacity', confirmed: '2025-12-01' } },
      0.5,
      'Whether it has room has not been confirmed since December 1, 2025: ask.',
    ],
    [
      capacity,
      {},
      { capacity: { status: 'capacity' } },
      0.5,
      'Whether it has room has not been confirmed ever: ask.',
    ],
  ],
  distance: [
    [
      distance,
      { homes: [{ position: { latitude: 30, longitude: -97 } }] },
      { positions: [{ latitude: 30, longitude: -97 }] },
      1,
      'Less than a mile away.',
    ],
    [
      distance,
      { homes: [{ position: { latitude: 30, longitude: -97 } }] },
      { positions: [{ latitude: 31, longitude: -97 }] },
      0.0825,
      'About 69 miles away.',
    ],
    [
      distance,
      { homes: [] },
      { positions: [{ latitude: 31, longitude: -97 }] },
      0.5,
      'How far away it is, is not known.',
    ],
  ],
  opening: [
    [opening, {}, {}, 0.5, 'When the first visit could be is not known.'],
    [opening, {}, { firstSlot: '2026-03-02T20:00:00Z' }, 1, 'The first visit could be today.'],
    [
      opening,
      {},
      { firstSlot: '2026-03-09T20:00:00Z', capacity: { status: 'capacity', firstOpening: '2026-03-03' } },
      0.5,
      'The first visit could be on March 9, 2026.',
    ],
    [
      opening,
      {},
      { capacity: { status: 'capacity', firstOpening: '2026-03-16' } },
      1 / 3,
      'The first visit could be on March 16, 2026.',
    ],
    [
      opening,
      {},
      { capacity: { status: 'capacity', firstOpening: '2026-03-01' } },
      0.5,
      'When the first visit could be is not known.',
    ],
  ],
  response: [
    [load, {}, { load: 0 }, 1, 'Has no other referrals open.'],
    [load, {}, { load: 1 }, 5 / 6, 'Has one other referral open.'],
    [load, {}, { load: 5 }, 0.5, 'Has 5 other referrals open.'],
    [answering, {}, {}, 0.5, 'How fast it answers is not known yet.'],
    [answering, {}, { answerHours: 0.2 }, 12 / 12.2, 'Usually answers within 1 hour.'],
    [answering, {}, { answerHours: 12 }, 0.5, 'Usually answers within 12 hours.'],
    [answering, {}, { answerHours: 60 }, 12 / 72, 'Usually answers within 3 days.'],
    [
      answering,
      {},
      { answerHours: 12, answered: { of: 10, answers: 6 } },
      0.3,
      'Usually answers within 12 hours, and answered 6 of its last 10 requests.',
    ],
    [
      opening,
      {},
      { capacity: { status: 'waitlist', confirmed: '2026-03-01', waitDays: 8 } },
      0.5,
      'The first visit could be on March 9, 2026.',
    ],
  ],
  required: [
    [access, {}, {}, 'silent'],
    [access, wheels, { characteristics: [ramp] }, 1, 'Has what is needed: wheelchair access.'],
    [access, wheels, {}, 'excluded', 'Does not say that it has wheelchair access, which is needed.'],
    [level, {}, {}, 'silent'],
    [
      level,
      home,
      { characteristics: [atHome] },
      1,
      'Gives residential care, the level of care that is needed.',
    ],
    [level, home, {}, 0.5, 'Does not say whether it gives residential care: ask.'],
    [
      level,
      home,
      { characteristics: [visits] },
      'excluded',
      'Gives outpatient care only, and residential care is needed.',
    ],
    [licence, {}, {}, 'silent'],
    [licence, licensed, { characteristics: [otp] }, 1, 'Holds the licence needed: opioid treatment program.'],
    [
      licence,
      licensed,
      {},
      0.5,
      'Does not say whether it holds the licence needed (opioid treatment program): ask.',
    ],
    [
      licence,
      licensed,
      { characteristics: [crisis] },
      'excluded',
      'Is licensed for crisis stabilization only, not for opioid treatment program.',
    ],
  ],
  verified: [
    [verified, {}, {}, 'silent'],
    [verified, {}, { verified: '2025-12-02' }, 1, 'Its entry was confirmed on December 2, 2025.'],
    [
      verified,
      {},
      { verified: '2025-12-01' },
      0,
      'Its entry has not been confirmed since December 1, 2025: call before relying on it.',
    ],
  ],
  wishes: [
    [wishes, {}, {}, 'silent'],
    [
      wishes,
      { wishes: { ...someone.wishes, preferred: ['north'] } },
      {},
      1,
      'As wished: it was asked for by name.',
    ],
    [wishes, { wishes: { ...someone.wishes, preferred: ['south'] } }, {}, 0, 'Meets none of the wishes.'],
    [
      wishes,
      {
        wishes: {
          preferred: ['south'],
          avoided: [],
          characteristics: [{ token: 'c|w', words: 'wheelchair access' }],
        },
      },
      { characteristics: [{ token: 'c|w', words: 'Wheelchair' }] },
      0.5,
      'As wished: wheelchair access.',
    ],
    [program, {}, {}, 'silent'],
    [program, { programs: ['g|v'] }, { programs: ['g|v'] }, 1, 'Runs the program asked for.'],
    [program, { programs: ['g|v'] }, {}, 0, 'Does not run the program asked for.'],
    [refusals, {}, {}, 1, 'Has not refused this person before.'],
    [
      refusals,
      { refusals: [{ organization: 'north', at: '2026-02-20T10:00:00Z', words: 'no room' }] },
      {},
      0.1,
      'Refused this person 10 days ago (no room).',
    ],
    [
      refusals,
      {
        refusals: [
          { organization: 'north', at: '2025-12-02T10:00:00Z' },
          { organization: 'north', at: '2026-03-01T10:00:00Z' },
        ],
      },
      {},
      1 / 91,
      'Refused this person yesterday.',
    ],
  ],
};

describe.each(Object.entries(cases))('%s', (_name, table) => {
  it.each(table)('%# %o', (criterion, need, candidate, value, words) => {
    const judgement = criterion({ ...someone, ...need }, { ...somewhere, ...candidate }, { rules, now });
    if (value === 'silent') {
      expect(judgement).toBeUndefined();
      return;
    }
    expect(judgement?.words).toBe(words);
    expect(judgement?.excludes).toBe(value === 'excluded');
    if (judgement && !judgement.excludes) {
      expect(judgement.value).toBeCloseTo(value as number, 3);
    }
  });
});
