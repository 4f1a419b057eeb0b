import type { HealthcareServiceAvailableTime } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { daysWords, hoursWords } from './hours.ts';

describe('days', () => {
  it.each([
    [['mon', 'tue', 'wed', 'thu', 'fri'], 'Monday to Friday'],
    [['fri', 'mon', 'tue', 'wed', 'thu'], 'Monday to Friday'],
    [['mon', 'wed', 'fri'], 'Monday, Wednesday, Friday'],
    [['sat', 'sun'], 'Saturday, Sunday'],
    [['mon', 'tue', 'wed', 'sat'], 'Monday to Wednesday, Saturday'],
    [['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 'Every day'],
    [[], 'Every day'],
  ] as const)('%j are %s', (days, words) => {
    expect(daysWords(days)).toBe(words);
  });
});

describe('hours', () => {
  const cases: [HealthcareServiceAvailableTime, string][] = [
    [{ availableStartTime: '08:30:00', availableEndTime: '17:00:00' }, '8:30 am to 5 pm'],
    [{ availableStartTime: '00:00:00', availableEndTime: '12:00:00' }, '12 am to 12 pm'],
    [{ availableStartTime: '21:15:00' }, 'From 9:15 pm'],
    [{ availableEndTime: '23:59:00' }, 'Until 11:59 pm'],
    [{ allDay: true }, 'Day and night'],
    [{ daysOfWeek: ['mon'] }, 'Open'],
  ];
  it.each(cases)('%j are %s', (time, words) => {
    expect(hoursWords(time).hours).toBe(words);
  });
});
