import type { Appointment, EpisodeOfCare, Procedure, Task } from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';
import { concept } from '../referral/routing/codes.ts';
import type { Step } from './journey.ts';
import type { Moment } from './moments.ts';
import { type OrganizationId, organizationNamed } from './organizations.ts';
import type { Person } from './people.ts';
import { bserStep, change } from './referral.ts';
import { staffMember } from './staff.ts';
import { patientOf, put } from './stay.ts';

/** One organization that was asked for a person: what it can do about it, each as a step. */
export function answersOf(person: Person, by: OrganizationId) {
  const asked = { person, by };
  const step = (when: Moment, become: (task: Task, now: Date) => Partial<Task>): Step => ({
    when,
    as: by,
    write: async view => [await change(view, asked, task => become(task, view.now))],
  });
  const said = (task: Task, text: string | undefined) =>
    text ? { note: [...(task.note ?? []), { text }] } : {};

  return {
    /** `contact`: who takes it on at intake. */
    accept: (when: Moment, note?: string, contact?: string) =>
      step(when, task => ({
        status: 'accepted',
        ...(contact ? { owner: staffMember(by, contact) } : {}),
        ...said(task, note),
      })),

    /** The episode that came with the acceptance gets its case manager. */
    assign: (when: Moment, caseManager: string): Step => ({
      when,
      as: by,
      write: async ({ search }) => {
        const query = `patient=Patient/${person.id}&organization=Organization/${by}`;
        const [episode] = await search<EpisodeOfCare>('EpisodeOfCare', query);
        if (!episode) throw new Error(`${by} has no episode for ${person.id}`);
        return [put({ ...episode, careManager: staffMember(by, caseManager) })];
      },
    }),

    decline: (when: Moment, [code, display]: readonly [string, string], text: string) =>
      step(when, () => ({
        status: 'rejected',
        statusReason: { ...concept(system.declineReason, code, display), text },
      })),

    hold: (when: Moment, text: string) =>
      step(when, () => ({
        status: 'on-hold',
        statusReason: { ...concept(system.referralStatus, 'waitlisted', 'On hold or waitlisted'), text },
      })),

    start: (when: Moment, note?: string) =>
      step(when, task => ({ status: 'in-progress', ...said(task, note) })),

    noShow: (when: Moment, note?: string) =>
      step(when, task => ({ status: 'in-progress', businessStatus: bserStep('5.1.2'), ...said(task, note) })),

    visitKept: (when: Moment, note?: string) =>
      step(when, task => ({ status: 'in-progress', businessStatus: bserStep('5.1.4'), ...said(task, note) })),

    schedule: (when: Moment, visit: Visit): Step => ({
      when,
      as: by,
      write: async view => {
        const start = visitAt(view.now, visit);
        const period = { start: start.toISOString(), end: new Date(start.getTime() + hourMs).toISOString() };
        const task = await change(view, asked, () => ({
          status: 'in-progress',
          businessStatus: bserStep('5.1.1'),
          executionPeriod: period,
        }));
        return [task, { kind: 'create', resource: appointment(asked, visit, period, view.now) }];
      },
    }),

    complete: (when: Moment, done: Done): Step => ({
      when,
      as: by,
      write: async view => {
        const fullUrl = 'urn:uuid:3f0e7c1a-5d57-4c53-9c65-6d0f9f0f6a01';
        const output = {
          type: { text: 'What was done' },
          valueReference: { reference: fullUrl, display: done.words },
        };
        const task = await change(view, asked, before => ({
          status: 'completed',
          statusReason: concept(system.closureReason, ...done.closure),
          output: [...(before.output ?? []), output],
        }));
        return [task, { kind: 'create', resource: procedure(asked, done, view.now), fullUrl }];
      },
    }),
  };
}

const hourMs = 60 * 60 * 1000;

/** A visit so many days after it is arranged, at a time of day in UTC. */
interface Visit {
  inDays: number;
  at: string;
  with: string;
}

/** HCPCS level II, or words alone. */
interface Done {
  code?: readonly [string, string];
  words: string;
  /** Code system `closure-reason`. */
  closure: readonly [code: string, display: string];
}

function visitAt(now: Date, { inDays, at }: Visit): Date {
  const day = new Date(now.getTime() + inDays * 24 * hourMs).toISOString().slice(0, 10);
  return new Date(`${day}T${at}:00.000Z`);
}

type Asked = { person: Person; by: OrganizationId };

function appointment(
  { person, by }: Asked,
  visit: Visit,
  period: { start: string; end: string },
  now: Date,
): Appointment {
  return {
    resourceType: 'Appointment',
    status: 'booked',
    description: 'First visit after the hospital stay',
    ...period,
    created: now.toISOString(),
    participant: [
      { actor: patientOf(person), status: 'accepted' },
      { actor: staffMember(by, visit.with), status: 'accepted' },
    ],
  };
}

function procedure({ person, by }: Asked, { code, words }: Done, now: Date): Procedure {
  const hcpcs = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';
  return {
    resourceType: 'Procedure',
    status: 'completed',
    code: { ...(code ? concept(hcpcs, ...code) : {}), text: words },
    subject: patientOf(person),
    performedDateTime: now.toISOString(),
    performer: [{ actor: organizationNamed(by) }],
  };
}
