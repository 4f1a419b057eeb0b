import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import shippedEscalation from '../terminology/escalation.json' with { type: 'json' };
import shippedDue from '../terminology/referral-due.json' with { type: 'json' };
import { dueAt, dueRules, timesFor } from './referral/lifecycle/due.ts';
import { readRules } from './rules.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-rules-'));
});
afterAll(() => rm(folder, { recursive: true }));

const put = (name: string, content: unknown) => writeFile(join(folder, name), JSON.stringify(content));

describe('rules for referrals', () => {
  it('are those shipped, which are right themselves', async () => {
    await put('referral-due.json', shippedDue);
    await put('escalation.json', shippedEscalation);
    const [own, shipped] = [await readRules(folder), await readRules(undefined)];
    expect(own).toEqual(shipped);
    expect(shipped.due).toBe(dueRules);
  });

  it('are the operator’s own where a file says so, with times for organizations and programs', async () => {
    await put('referral-due.json', {
      ...shippedDue,
      organizations: {
        desert: { timeZone: 'America/Phoenix', actions: { answer: { routine: { hours: 2 } } } },
        shelter: { weekend: [], holidays: [], officeHours: { start: '00:00', end: '24:00' } },
      },
      programs: { 'https://example.org|crisis': { actions: { answer: { routine: { minutes: 30 } } } } },
    });
    const { due } = await readRules(folder);
    const answered = (organization: string, programs: string[] = [], at = '2026-05-09T14:00:00Z') =>
      dueAt('answer', 'routine', new Date(at), timesFor(due, { organization, programs })).toISOString();
    expect(answered('somebody')).toBe('2026-05-11T14:00:00.000Z');
    expect(answered('shelter')).toBe('2026-05-10T14:00:00.000Z');
    const urgent = (organization: string) =>
      dueAt('answer', 'urgent', new Date('2026-05-09T14:00:00Z'), timesFor(due, { organization }));
    expect(urgent('somebody').toISOString()).toBe('2026-05-11T17:00:00.000Z');
    expect(urgent('shelter').toISOString()).toBe('2026-05-09T18:00:00.000Z');
    expect(answered('desert')).toBe('2026-05-09T16:00:00.000Z');
    expect(answered('somebody', ['https://example.org|crisis'])).toBe('2026-05-09T14:30:00.000Z');
    expect(answered('desert', ['https://example.org|crisis'])).toBe('2026-05-09T16:00:00.000Z');
  });

  it.each<[string, unknown, RegExp]>([
    ['referral-due.json', { ...shippedDue, timeZone: 'Texas' }, /must be an IANA time zone/],
    ['referral-due.json', { ...shippedDue, parallelOffers: 0 }, /parallelOffers/],
    ['referral-due.json', { ...shippedDue, actions: {} }, /actions/],
    ['referral-due.json', { ...shippedDue, organizations: { a: { holidays: ['soon'] } } }, /organizations/],
    ['referral-due.json', { ...shippedDue, officeHours: undefined }, /officeHours/],
    ...[
      { start: '17:00', end: '08:00' },
      { start: '08:00', end: '08:00' },
    ].map<[string, unknown, RegExp]>(officeHours => [
      'referral-due.json',
      { ...shippedDue, officeHours },
      /must start before they end, on the same day/,
    ]),
    [
      'referral-due.json',
      { ...shippedDue, officeHours: { start: '8', end: '17:00' } },
      /from 00:00 to 23:59/,
    ],
    [
      'referral-due.json',
      { ...shippedDue, organizations: { a: { officeHours: { start: '08:00', end: '24:30' } } } },
      /from 00:00 to 24:00/,
    ],
    [
      'referral-due.json',
      { ...shippedDue, organizations: { a: { actions: { answer: { urgent: { workHours: 4 } } } } } },
      /workHours/,
    ],
    ['escalation.json', { ...shippedEscalation, ladders: [] }, /must have each of send, answer/],
    ['escalation.json', { ...shippedEscalation, ladder: [] }, /ladder/],
    [
      'escalations.json',
      {},
      /escalations\.json: the rules one can set are referral-due\.json, escalation\.json/,
    ],
  ])('%s is refused where it is wrong, saying what', async (name, content, why) => {
    const own = await mkdtemp(join(tmpdir(), 'hub-rules-'));
    await writeFile(join(own, name), JSON.stringify(content));
    await expect(readRules(own)).rejects.toThrow(why);
    await rm(own, { recursive: true });
  });

  it('a file that is no JSON is named', async () => {
    const own = await mkdtemp(join(tmpdir(), 'hub-rules-'));
    await writeFile(join(own, 'escalation.json'), '{');
    await expect(readRules(own)).rejects.toThrow(/escalation\.json is no JSON/);
    await rm(own, { recursive: true });
  });
});
