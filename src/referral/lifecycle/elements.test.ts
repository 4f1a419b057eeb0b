import type { Task } from '@medplum/fhirtypes';
import { beforeEach, describe, expect, it } from 'vitest';
import { asks } from '../../../test/cases/lifecycle-asks.ts';
import {
  createReferralWorld,
  placeNetwork,
  type ReferralWorld,
  referralTask,
} from '../../../test/harness/referral-world.ts';

let world: ReferralWorld;
let task: Task & { id: string };

beforeEach(async () => {
  world = createReferralWorld();
  const { request } = placeNetwork(world);
  world.place({
    resourceType: 'PractitionerRole',
    id: 'intake',
    organization: { reference: 'Organization/target' },
  });
  world.place({
    resourceType: 'PractitionerRole',
    id: 'elsewhere',
    organization: { reference: 'Organization/outsider' },
  });
  const input = [{ type: { text: 'Discharge papers' }, valueString: 'in the mail' }];
  task = (
    await world.write(
      'source',
      referralTask(request.id, { input, priority: 'urgent', description: 'Case management' }),
    )
  ).stored;
});

const write = async (party: string, change: Partial<Task>): Promise<Task> => {
  task = (await world.write(party, { ...world.read<Task>(`Task/${task.id}`), ...change }))
    .stored as typeof task;
  return task;
};

describe('what is fixed once the referral is sent', () => {
  it.each([
    ['focus', { focus: { reference: 'ServiceRequest/another' } }],
    ['for', { for: { reference: 'Patient/another' } }],
    ['requester', { requester: { reference: 'Organization/outsider' } }],
    ['code', { code: { text: 'something else' } }],
    ['intent', { intent: 'plan' }],
    ['partOf', { partOf: [{ reference: 'Task/another' }] }],
    ['basedOn', { basedOn: [{ reference: 'CarePlan/another' }] }],
    ['authoredOn', { authoredOn: '2020-01-01' }],
  ] as [string, Partial<Task>][])('%s', async (element, change) => {
    for (const party of ['source', 'target']) {
      const failure = write(party, change);
      await expect(failure).rejects.toMatchObject({
        kind: 'unprocessable',
        problems: [
          {
            expression: `Task.${element}`,
            text: `Task.${element} cannot be changed: it is fixed once the referral is sent. Send it as it was, or leave it out.`,
          },
        ],
      });
    }
  });

  it('all problems are told at once', async () => {
    const change = { intent: 'plan', for: { reference: 'Patient/another' }, priority: 'stat' } as const;
    await expect(write('target', change)).rejects.toMatchObject({
      problems: [{ expression: 'Task.intent' }, { expression: 'Task.for' }, { expression: 'Task.priority' }],
    });
  });

  it('the code and the sender even of a draft', async () => {
    const { stored } = await world.write('source', {
      ...referralTask(task.focus?.reference?.split('/')[1] ?? ''),
      status: 'draft',
    });
    await expect(world.write('source', { ...stored, code: { text: 'other' } })).rejects.toThrow('Task.code');
    const { stored: changed } = await world.write('source', {
      ...stored,
      intent: 'plan',
      owner: { reference: 'Organization/outsider' },
    });
    expect([changed.intent, changed.owner?.reference]).toEqual(['plan', 'Organization/outsider']);
  });
});

describe('what belongs to one party', () => {
  it.each([
    ['source', { priority: 'stat' }],
    ['source', { description: 'Case management, please' }],
    ['source', { restriction: { period: { end: '2026-05-04T20:00:00Z' } } }],
    ['source', { input: [{ type: { text: 'Consent' }, valueString: 'signed' }] }],
    ['target', { executionPeriod: { start: '2026-05-06T15:00:00Z' } }],
    ['target', { output: [{ type: { text: 'Outcome' }, valueString: 'seen' }] }],
  ] as ['source' | 'target', Partial<Task>][])('%s changes %j, the other does not', async (owner, change) => {
    const [element] = Object.keys(change) as (keyof Task)[];
    const other = owner === 'source' ? 'target' : 'source';
    await expect(write(other, change)).rejects.toMatchObject({
      kind: 'unprocessable',
      problems: [{ expression: `Task.${element}` }],
    });
    expect((await write(owner, change))[element as keyof Task]).toEqual(change[element as keyof Task]);
  });

  it("a copy that lacks what is the other's loses nothing", async () => {
    await write('target', {
      ...asks.schedule,
      status: 'accepted',
      businessStatus: undefined,
    } as Partial<Task>);
    const bare: Task = { resourceType: 'Task', id: task.id, intent: 'order', status: 'cancelled' };
    const { stored } = await world.write('source', bare);
    expect(stored).toMatchObject({
      status: 'cancelled',
      focus: task.focus,
      code: task.code,
      for: { reference: 'Patient/milan' },
      requester: { reference: 'Organization/source' },
      owner: { reference: 'Organization/target' },
      executionPeriod: asks.schedule.executionPeriod,
      authoredOn: task.authoredOn,
    });
  });

  it('security labels stay where none are sent, and only the sender changes them', async () => {
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' };
    await write('source', { meta: { security: [label] } });
    await write('source', { meta: {} });
    await write('target', { meta: { security: [], tag: [{ code: 'seen' }] } });
    expect(task.meta).toMatchObject({ security: [label], tag: [{ code: 'seen' }] });
  });

  it("an extension of one party survives the other's copy", async () => {
    const extension = [{ url: 'https://example.org/ours', valueString: 'one' }];
    await write('source', { extension });
    const { extension: _none, ...copy } = task;
    const { stored } = await world.write('target', {
      ...copy,
      extension: [{ url: 'https://example.org/theirs', valueBoolean: true }],
    });
    const urls = stored.extension?.map(one => one.url);
    expect(urls).toContain('https://example.org/ours');
    expect(urls).toContain('https://example.org/theirs');
  });
});

describe('the owner', () => {
  it("passes the Task on within the receiver's organization", async () => {
    expect(
      (await write('target', { owner: { reference: 'PractitionerRole/intake' } })).owner?.reference,
    ).toBe('PractitionerRole/intake');
    expect((await write('target', { status: 'accepted' })).status).toBe('accepted');
  });

  it.each(['source', 'target'])("does not become another organization's by the %s", async party => {
    await expect(write(party, { owner: { reference: 'PractitionerRole/elsewhere' } })).rejects.toThrow(
      'Task.owner cannot become another organization',
    );
  });

  it('is named by who claims, or is filled in', async () => {
    const open = async (): Promise<Task> => {
      const { owner: _nobody, ...unowned } = referralTask(placeNetwork(world).request.id);
      return (await world.write('source', unowned)).stored;
    };
    const first = await world.write('outsider', { ...(await open()), status: 'accepted' as const });
    expect(first.stored.owner).toEqual({ reference: 'Organization/outsider' });
    const second = await world.write('target', {
      ...(await open()),
      status: 'accepted' as const,
      owner: { reference: 'PractitionerRole/intake' },
    });
    expect(second.stored.owner).toEqual({ reference: 'PractitionerRole/intake' });
    const third = {
      ...(await open()),
      status: 'accepted' as const,
      owner: { reference: 'Organization/target' },
    };
    await expect(world.write('outsider', third)).rejects.toThrow(
      'Task.owner must name the organization that claims',
    );
  });

  it('can be named by the sender where nobody is named', async () => {
    const { owner: _nobody, ...unowned } = referralTask(placeNetwork(world).request.id);
    const { stored } = await world.write('source', unowned);
    const named = await world.write('source', { ...stored, owner: { reference: 'Organization/target' } });
    expect(
      (await world.write('target', { ...named.stored, status: 'accepted' as const })).stored.status,
    ).toBe('accepted');
  });
});

describe('notes', () => {
  const texts = () =>
    task.note?.map(one => `${one.authorReference?.reference ?? one.authorString}: ${one.text}`);

  it('say who wrote them and when', async () => {
    await write('target', { note: [{ text: 'We call tomorrow.' }] });
    expect(task.note).toEqual([
      {
        text: 'We call tomorrow.',
        authorReference: { reference: 'Organization/target' },
        time: '2026-05-04T14:00:00.000Z',
      },
    ]);
  });

  it('are added to: what others wrote stays, though a copy lacks it', async () => {
    await write('target', { note: [{ text: 'We call tomorrow.' }] });
    await write('source', { note: [{ text: 'Thank you.' }] });
    await write('target', { note: [{ text: 'We call tomorrow.' }, { text: 'Called.' }] });
    expect(texts()).toEqual([
      'Organization/target: We call tomorrow.',
      'Organization/source: Thank you.',
      'Organization/target: Called.',
    ]);
  });

  it("of one's own may be changed while the referral is open", async () => {
    await write('target', { note: [{ text: 'We call tomorow.' }] });
    await write('target', { note: [{ text: 'We call tomorrow.' }] });
    expect(texts()).toEqual(['Organization/target: We call tomorrow.']);
    await write('target', { status: 'accepted' });
    await write('target', asks.fail);
    await write('target', { note: [{ text: 'Or never.' }] });
    expect(texts()).toEqual(['Organization/target: We call tomorrow.', 'Organization/target: Or never.']);
  });

  it("are not written in another's name", async () => {
    await write('target', { note: [{ text: 'We call tomorrow.' }] });
    const [first] = task.note ?? [];
    await expect(write('source', { note: [{ ...first, text: 'We never call.' }] })).rejects.toMatchObject({
      problems: [{ expression: 'Task.note' }],
    });
    await write('source', { note: [{ authorString: 'Nurse Joy', text: 'On the ward until noon.' }] });
    expect(texts()?.at(-1)).toBe('Nurse Joy: On the ward until noon.');
  });
});

describe('the reason of a status', () => {
  const codes = () => task.statusReason?.coding?.map(one => one.code);

  it('is marked as unspecified where none is coded', async () => {
    await write('target', { status: 'rejected' });
    expect(codes()).toEqual(['unspecified']);
  });

  it('keeps its text', async () => {
    await write('target', { status: 'rejected', statusReason: { text: 'No bed until June' } });
    expect(task.statusReason).toMatchObject({ text: 'No bed until June', coding: [{ code: 'unspecified' }] });
  });

  it('is what the hub knows of a cancellation', async () => {
    await write('source', { status: 'cancelled' });
    expect(codes()).toEqual(['source-cancelled']);
  });

  it('does not outlive its state', async () => {
    await write('target', { status: 'accepted' });
    await write('target', asks.hold);
    expect(codes()).toEqual(['waitlist-too-long']);
    await write('target', { status: 'in-progress' });
    expect(task.statusReason).toBeUndefined();
    await write('target', asks.hold);
    await write('target', { status: 'failed' });
    expect(codes()).toEqual(['unspecified']);
  });

  it('can be mended by who caused the state, and by nobody else', async () => {
    await write('target', { status: 'rejected' });
    await expect(write('source', { statusReason: asks.decline.statusReason })).rejects.toThrow(
      'Task.statusReason',
    );
    await write('target', { statusReason: asks.decline.statusReason });
    expect(codes()).toEqual(['no-capacity']);
  });
});

it('an unchanged Task is left as it is', async () => {
  await write('target', { status: 'accepted' });
  const before = task;
  world.now = new Date('2026-05-05T14:00:00Z');
  expect(await write('target', {})).toEqual(before);
});
