import type { HealthcareService, Organization, Resource, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { extension } from '../../../fhir/canonical.ts';
import { network } from './network.ts';

const now = new Date('2026-03-02T15:00:00Z');

const page = <R extends Resource>(matches: R[], more: { total?: number; next?: string } = {}) => ({
  matches,
  get: () => undefined,
  ...more,
});
const organization = (id: string, more: Partial<Organization> = {}): Organization => ({
  resourceType: 'Organization',
  id,
  name: id,
  ...more,
});
const service = (id: string, of: string, lastUpdated = '2026-03-01T00:00:00Z'): HealthcareService => ({
  resourceType: 'HealthcareService',
  id,
  name: id,
  meta: { lastUpdated },
  providedBy: { reference: `Organization/${of}`, display: of },
});
const task = (focus: string, turn: string, due: string): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  focus: { reference: `ServiceRequest/${focus}` },
  extension: [
    {
      url: extension.nextStep,
      extension: [
        { url: 'turn', valueReference: { reference: `Organization/${turn}` } },
        { url: 'action', valueCode: 'answer' },
        { url: 'due', valueDateTime: due },
      ],
    },
  ],
});

const sources = {
  organizations: page([organization('center', { telecom: [{ system: 'phone', value: '1' }] })]),
  services: page<HealthcareService>([]),
  referrals: page<Task>([]),
  people: [],
  clients: [],
  now,
};
const late = '2026-03-02T14:00:00Z';
const soon = '2026-03-02T16:00:00Z';

describe('the network', () => {
  it('counts a referral once with who has to do something, though it is several Tasks', () => {
    const referrals = page([
      task('one', 'center', late),
      task('one', 'center', soon),
      task('two', 'center', soon),
      task('three', 'hospital', late),
    ]);
    const [center] = network({ ...sources, referrals }).members;
    expect(center).toMatchObject({ waiting: 2, late: 1, attention: ['A referral is past due.'] });
  });

  it('asks for somebody who can be reached, where an organization offers something', () => {
    const attention = (offers: boolean, more: Partial<Organization>) =>
      network({
        ...sources,
        organizations: page([organization('center', more)]),
        services: page(offers ? [service('beds', 'center')] : []),
      }).members[0]?.attention;
    expect(attention(true, {})).toEqual([expect.stringMatching(/Nobody can be reached/)]);
    expect(attention(true, { telecom: [{ system: 'email', value: 'a@b.example' }] })).toEqual([]);
    expect(attention(true, { active: false })).toEqual([]);
    expect(attention(false, {})).toEqual([]);
  });

  it('lists entries that nobody confirmed for 90 days, the oldest first', () => {
    const services = page([
      service('fresh', 'center', '2025-12-03T00:00:00Z'),
      service('old', 'center', '2025-12-01T00:00:00Z'),
      service('older', 'center', '2025-01-01T00:00:00Z'),
    ]);
    const found = network({ ...sources, services });
    expect(found.stale.map(one => one.id)).toEqual(['older', 'old']);
    expect(found.members[0]?.attention).toEqual(['Its directory entry is not confirmed.']);
  });

  it('puts first who needs most, and says when it knows but a part', () => {
    const organizations = page([organization('a'), organization('b')], { total: 1400, next: 'more' });
    const found = network({ ...sources, organizations, referrals: page([task('one', 'b', late)]) });
    expect(found.members.map(one => one.id)).toEqual(['b', 'a']);
    expect(found.partial).toBe(true);
    expect(found.counts.organizations).toBe(1400);
  });
});
