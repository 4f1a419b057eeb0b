import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Correspondence, ofCorrespondence, type TaskParties } from './correspondence.ts';

const direct: TaskParties = { source: 'hospital', upstream: undefined, target: 'center' };
const below = (target: string): TaskParties => ({ source: 'hub', upstream: 'hospital', target });
const seenBy = (more: Partial<Correspondence>) =>
  ofCorrespondence({
    self: 'Communication/1',
    author: 'hospital',
    tasks: [direct],
    recipients: [],
    hub: 'hub',
    ...more,
  }).parties.map(one => one.org);

describe('who sees a message', () => {
  it.each<[string, Partial<Correspondence>, string[]]>([
    ['the receiver, of the sender', {}, ['center']],
    ['the sender, of the receiver', { author: 'center' }, ['hospital']],
    ['nobody, of a third', { author: 'clinic' }, []],
    ['nobody, of a draft', { tasks: [{ ...direct, target: undefined }] }, []],
    [
      'the sender above and the hub, of who is asked',
      { author: 'center', tasks: [below('center')] },
      ['hospital', 'hub'],
    ],
    [
      'the one who is asked and the hub, of the sender above',
      { tasks: [below('center')] },
      ['center', 'hub'],
    ],
    ['all who are asked', { tasks: [below('center'), below('shelter')] }, ['center', 'hub', 'shelter']],
    [
      'one of those who are asked, to whom it is addressed',
      { tasks: [below('center'), below('shelter')], recipients: ['shelter'] },
      ['hub', 'shelter'],
    ],
    [
      'not another who is asked',
      { author: 'shelter', tasks: [below('center'), below('shelter')] },
      ['hospital', 'hub'],
    ],
    ['nobody, of the hub to nobody', { author: 'hub', tasks: [below('center')] }, []],
    [
      'whom the hub names',
      { author: 'hub', tasks: [below('center')], recipients: ['hospital', 'clinic'] },
      ['hospital'],
    ],
  ])('%s', (_name, more, expected) => {
    expect(seenBy(more)).toEqual(expected);
  });
});

it('is never anybody but a party of a Task it names, and never one target of another', () => {
  const org: fc.Arbitrary<string> = fc.constantFrom('hospital', 'center', 'clinic', 'shelter', 'hub');
  const parties = fc.record({
    source: fc.option(org, { nil: undefined }),
    upstream: fc.option(org, { nil: undefined }),
    target: fc.option(org, { nil: undefined }),
  });
  fc.assert(
    fc.property(
      org,
      fc.array(parties, { maxLength: 4 }),
      fc.array(org, { maxLength: 2 }),
      (author, tasks, to) => {
        for (const seen of seenBy({ author, tasks, recipients: to })) {
          // The hub is told of by name only; everybody else is a party together with who writes.
          if (author === 'hub' && to.includes(seen)) continue;
          const between = tasks.some(({ source, upstream, target }) => {
            const both = [source, upstream, target];
            const sees = both.includes(seen) && both.includes(author);
            return sees && (seen !== target || author === source || author === upstream || seen === source);
          });
          expect(between).toBe(true);
          expect(seen).not.toBe(author);
        }
      },
    ),
  );
});
