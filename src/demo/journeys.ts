import { answersOf } from './answers.ts';
import type { Step } from './journey.ts';
import { organizationNamed } from './organizations.ts';
import { personCalled } from './people.ts';
import { closeRequest, type Referral, refer, theHub } from './referral.ts';
import { staffMember } from './staff.ts';

type Request = Pick<Referral, 'need' | 'words' | 'priority'>;

/** A hospital's request for one of its clients; `referral-{person}`. */
function requestFor(id: string, planner: string, to: Referral['to'], request: Request): Referral {
  const person = personCalled(id);
  const from = person.hospital;
  return {
    person,
    id: `referral-${id}`,
    from,
    to,
    planner: staffMember(from, planner),
    byPlanner: from === 'county-hospital',
    ...request,
  };
}

const caseManagement = (words: string, priority: Referral['priority'] = 'routine'): Request => ({
  need: 'caseManagement',
  words,
  priority,
});
const bed: Request = { need: 'housing', words: 'A bed from the day of discharge', priority: 'urgent' };

/** Accepted at once, seen within the week; the center itself asks a job program for her. */
function marisol(): Step[] {
  const referral = requestFor(
    'marisol-vega',
    'Castellano',
    theHub,
    caseManagement('Case management in Spanish'),
  );
  const northside = answersOf(referral.person, 'northside-cmhc');
  const job: Referral = {
    person: referral.person,
    id: 'referral-marisol-vega-work',
    from: 'northside-cmhc',
    to: organizationNamed('steps-to-work'),
    planner: staffMember('northside-cmhc', 'Ortega'),
    need: 'work',
    words: 'Help to get back to her work at the bakery',
  };
  const program = answersOf(referral.person, 'steps-to-work');
  return [
    refer(referral, { daysAgo: 10, at: '15:20' }),
    northside.accept({ daysAgo: 10, at: '19:05' }, 'Gabriel Ortega speaks Spanish and will call her today.'),
    northside.schedule({ daysAgo: 9, at: '20:00' }, { inDays: 4, at: '16:00', with: 'Ortega' }),
    northside.visitKept(
      { daysAgo: 5, at: '17:40' },
      'Came with her sister. Sleeping better; wants to work again.',
    ),
    northside.assign({ daysAgo: 5, at: '18:15' }, 'Ortega'),
    refer(job, { daysAgo: 4, at: '15:00' }),
    program.accept({ daysAgo: 4, at: '18:30' }),
    program.start({ daysAgo: 3, at: '15:45' }, 'First talk with the job coach.'),
  ];
}

/** Declined by the first center, taken by the second, which has not called yet: overdue. */
function theo(): Step[] {
  const referral = requestFor(
    'theo-lindqvist',
    'Stroud',
    theHub,
    caseManagement('Case management and medication follow-up'),
  );
  const northside = answersOf(referral.person, 'northside-cmhc');
  const southside = answersOf(referral.person, 'southside-cmhc');
  return [
    refer(referral, { daysAgo: 8, at: '15:30' }),
    northside.decline(
      { daysAgo: 8, at: '20:10' },
      ['clinical-mismatch', 'Clinical mismatch'],
      'Needs injections that we cannot give this month.',
    ),
    southside.accept({ daysAgo: 7, at: '15:15' }, 'Our nurse gives injections.'),
  ];
}

/** Sent this morning: the first center has to answer. */
function amara(): Step[] {
  const referral = requestFor(
    'amara-okonjo',
    'Castellano',
    theHub,
    caseManagement('Case management from the day of discharge, with evening visits'),
  );
  return [refer(referral, { minutesAgo: 170 })];
}

/** A shelter asked directly: the whole loop, closed. */
function priya(): Step[] {
  const referral = requestFor('priya-nair', 'Castellano', organizationNamed('harbor-shelter'), bed);
  const shelter = answersOf(referral.person, 'harbor-shelter');
  return [
    refer(referral, { daysAgo: 6, at: '15:05' }),
    shelter.accept({ daysAgo: 6, at: '16:20' }, 'A bed in the women’s room is held for her.'),
    shelter.complete(
      { daysAgo: 5, at: '22:30' },
      { words: 'Moved in; stays up to 90 days', closure: ['engaged', 'Engaged'] },
    ),
    closeRequest(referral, { daysAgo: 4, at: '15:10' }),
  ];
}

/** Accepted, and on a waiting list. */
function dolores(): Step[] {
  const request = caseManagement('Older adults program, with home visits');
  const referral = requestFor('dolores-quill', 'Stroud', organizationNamed('westbrook-cmhc'), request);
  const westbrook = answersOf(referral.person, 'westbrook-cmhc');
  return [
    refer(referral, { daysAgo: 12, at: '17:15' }),
    westbrook.accept({ daysAgo: 11, at: '15:30' }),
    westbrook.hold({ daysAgo: 11, at: '20:45' }, 'Third on the waiting list; about two weeks.'),
  ];
}

/** Prepared on the ward, not sent yet. */
function kenji(): Step[] {
  const referral = requestFor(
    'kenji-aldana',
    'Stroud',
    theHub,
    caseManagement('Case management from the day of discharge'),
  );
  return [refer(referral, { minutesAgo: 320 }, 'draft')];
}

/** The whole loop through the hub: found for her language, seen, closed. */
function linh(): Step[] {
  const referral = requestFor(
    'linh-pham',
    'Lindgren',
    theHub,
    caseManagement('Case management in Vietnamese'),
  );
  const southside = answersOf(referral.person, 'southside-cmhc');
  return [
    refer(referral, { daysAgo: 26, at: '15:40' }),
    southside.accept({ daysAgo: 26, at: '21:00' }, 'Hanh Vo will meet her on the ward.', 'Tran'),
    southside.schedule({ daysAgo: 25, at: '16:00' }, { inDays: 4, at: '15:30', with: 'Vo' }),
    southside.visitKept({ daysAgo: 21, at: '17:00' }, 'Assessment done; agreed on weekly visits.'),
    southside.assign({ daysAgo: 20, at: '15:00' }, 'Vo'),
    southside.complete(
      { daysAgo: 9, at: '20:00' },
      {
        code: ['T1017', 'Targeted case management, each 15 minutes'],
        words: 'Enrolled in case management',
        closure: ['enrolled', 'Enrolled'],
      },
    ),
    closeRequest(referral, { daysAgo: 8, at: '15:50' }),
  ];
}

/** Missed the first visit; another one is arranged. */
function walter(): Step[] {
  const referral = requestFor(
    'walter-brisbane',
    'Lindgren',
    theHub,
    caseManagement('Case management; served two tours'),
  );
  const southside = answersOf(referral.person, 'southside-cmhc');
  return [
    refer(referral, { daysAgo: 9, at: '16:10' }),
    southside.accept({ daysAgo: 9, at: '19:45' }, undefined, 'Tran'),
    southside.schedule({ daysAgo: 8, at: '18:30' }, { inDays: 4, at: '15:00', with: 'Dunmore' }),
    southside.noShow({ daysAgo: 4, at: '16:30' }, 'Did not come; reached him by phone, the bus did not run.'),
    southside.schedule({ daysAgo: 3, at: '16:00' }, { inDays: 5, at: '16:00', with: 'Dunmore' }),
  ];
}

/** Sixteen: only the center for young people can be asked. */
function jonah(): Step[] {
  const referral = requestFor(
    'jonah-reyes-hart',
    'Lindgren',
    theHub,
    caseManagement('Case management with the family and the school'),
  );
  return [refer(referral, { minutesAgo: 110 })];
}

/** No home: a bed is needed before tonight. */
function samuel(): Step[] {
  const referral = requestFor('samuel-tetteh', 'Lindgren', organizationNamed('harbor-shelter'), bed);
  return [refer(referral, { minutesAgo: 45 })];
}

/** Every step of every referral, in no order. */
export const journeys = (): Step[] =>
  [marisol, theo, amara, priya, dolores, kenji, linh, walter, jonah, samuel].flatMap(journey => journey());
