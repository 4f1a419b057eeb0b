import type { Communication, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { system } from '../../../fhir/canonical.ts';
import { happenings, isUnread, type Past, type Version } from './happenings.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour));
const bser = 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS';

const version = (hour: number, task: Partial<Task>, by = 'center', step?: string): Version => ({
  at: at(hour),
  by,
  task: {
    resourceType: 'Task',
    id: '1',
    status: 'requested',
    intent: 'order',
    authoredOn: at(9).toISOString(),
    lastModified: at(hour).toISOString(),
    ...(step ? { businessStatus: { coding: [{ system: bser, code: step }] } } : {}),
    ...task,
  },
});

const message = (
  hour: number,
  sender: string,
  text: string,
  more: Partial<Communication> = {},
): Communication => ({
  resourceType: 'Communication',
  status: 'completed',
  sent: at(hour).toISOString(),
  sender: { reference: `Organization/${sender}` },
  recipient: [{ reference: `Organization/${sender === 'center' ? 'hospital' : 'center'}` }],
  payload: [{ contentString: text }],
  ...more,
});

const past = (versions: Version[], messages: Communication[] = []): Past => ({
  versions,
  messages,
  reader: 'hospital',
  hub: 'hub',
  organizationOf: reference => reference?.reference?.split('/')[1],
  zone: 'America/Chicago',
});

const note = (organization: string, text: string) => ({
  text,
  authorReference: { reference: `Organization/${organization}` },
});
const titles = (of: Past) => happenings(of).map(({ title, who }) => [title, who]);

describe('what happened', () => {
  it('is each change of where it stands, with who made it', () => {
    const steps = [
      version(9, { status: 'draft' }, 'hospital'),
      version(10, {}, 'hospital', '2.0'),
      version(11, { status: 'accepted' }, 'center', '3.0'),
      version(12, { status: 'accepted', description: 'nothing that shows' }, 'center', '3.0'),
      version(
        13,
        { status: 'in-progress', executionPeriod: { start: '2026-03-05T15:00:00Z' } },
        'center',
        '5.1.1',
      ),
      version(
        14,
        { status: 'in-progress', executionPeriod: { start: '2026-03-06T15:00:00Z' } },
        'center',
        '5.1.1',
      ),
    ];
    expect(titles(past(steps))).toEqual([
      ['Prepared', 'hospital'],
      ['Sent', 'hospital'],
      ['Accepted', 'center'],
      ['Visit scheduled for Thu, Mar 5, 9:00 AM CST', 'center'],
      ['Visit scheduled for Fri, Mar 6, 9:00 AM CST', 'center'],
    ]);
  });

  it('quotes reasons and notes', () => {
    const statusReason = { text: 'No bed before May' };
    const steps = [
      version(9, {}),
      version(10, { status: 'rejected', statusReason, note: [note('center', 'Sorry')] }),
    ];
    expect(happenings(past(steps)).at(-1)?.texts).toEqual(['No bed before May', 'Sorry']);
  });

  it('is told by the hub’s own notes where it has any, with its long reasons apart', () => {
    const reasons = 'Asked **Center**:\n\n- it is near';
    const steps = [
      version(9, {}, 'hospital'),
      version(
        10,
        {
          status: 'accepted',
          note: [note('hub', reasons), note('hub', 'Center was asked at 2026-03-02T16:00:00Z.')],
        },
        'hub',
      ),
    ];
    const [, told] = happenings(past(steps));
    expect(told).toMatchObject({
      title: 'Center was asked at Mon, Mar 2, 10:00 AM CST.',
      reasons: ['Asked Center:\n\n- it is near'],
    });
    expect(told?.who).toBeUndefined();
  });

  it('has messages in between, and says the same thing once', () => {
    const question = { category: [{ coding: [{ system: system.communicationCategory, code: 'question' }] }] };
    const steps = [version(9, {}, 'hospital'), version(11, { note: [note('center', 'Which pharmacy?')] })];
    const found = happenings(
      past(steps, [message(11, 'center', 'Which pharmacy?', question), message(10, 'hospital', 'Hello')]),
    );
    expect(found.map(({ title, texts }) => [title, texts])).toEqual([
      ['Asked', []],
      ['Writes', ['Hello']],
      ['Asks', ['Which pharmacy?']],
    ]);
  });

  it('tells the sender of a message whether it was read, and the reader that it is new', () => {
    const received = at(12).toISOString();
    const found = happenings(
      past(
        [],
        [message(9, 'hospital', 'a'), message(10, 'hospital', 'b', { received }), message(11, 'center', 'c')],
      ),
    );
    expect(found.map(({ read, fresh }) => [read, fresh])).toEqual([
      [null, undefined],
      [at(12), undefined],
      [undefined, true],
    ]);
  });
});

it.each([
  ['from the other side', message(9, 'center', 'x'), true],
  ['read already', message(9, 'center', 'x', { received: at(10).toISOString() }), false],
  ['one’s own', message(9, 'hospital', 'x'), false],
  [
    'for somebody else',
    message(9, 'center', 'x', { recipient: [{ reference: 'Organization/third' }] }),
    false,
  ],
] as const)('unread is what is %s: %#', (_name, one, unread) => {
  expect(isUnread(one, 'hospital', reference => reference?.reference?.split('/')[1])).toBe(unread);
});
