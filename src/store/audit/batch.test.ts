import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, batchSize, eventsIn, headOf } from './batch.ts';
import { keysOf, keysOfAgent, keysOfEntity } from './keys.ts';
import type { AuditPart, FoundBy, NewAuditEvent } from './types.ts';

const word = fc.oneof(
  fc.constantFrom('a', 'b', 'x\ny', '\n\n{}', '1 2 3'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
);
const events = fc.array(
  fc.record<FoundBy>({
    at: fc.integer({ min: 0, max: 2 ** 42 }),
    kind: fc.constantFrom('read', 'search'),
    outcome: fc.constant('success'),
    agent: fc.record({ id: word, organization: word }),
    entities: fc.array(fc.record({ type: fc.constantFrom('Patient', 'Task'), id: word, owner: word }), {
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: batchSize + 10 },
);
/** Its entities are a part of their own, which some events have in common. */
function written(event: FoundBy, shared: Map<string, AuditPart>): NewAuditEvent {
  const { at, outcome, kind, agent, entities = [] } = event;
  const json = JSON.stringify({ entities });
  const about = shared.get(json) ?? { json, keys: entities.flatMap(keysOfEntity).join('\n') };
  shared.set(json, about);
  const by = { json: JSON.stringify({ kind, agent }), keys: keysOfAgent(event).join('\n') };
  return { at, json: JSON.stringify({ at, outcome }), parts: [by, about] };
}

describe('a batch', () => {
  it('gives back its events in order, and tells what finds them and when they were', () => {
    fc.assert(
      fc.property(events, list => {
        const shared = new Map<string, AuditPart>();
        const batches = batchesOf(list.map(event => written(event, shared)));
        expect(batches.length).toBe(Math.ceil(list.length / batchSize));
        const read = batches.flatMap((batch, at) => eventsIn({ seq: 1 + at * batchSize, batch }));
        expect(read.map(row => row.seq)).toEqual(list.map((_, at) => 1 + at));
        expect(read.map(row => row.event)).toEqual(list.map(event => JSON.parse(JSON.stringify(event))));
        for (const [at, batch] of batches.entries()) {
          const part = list.slice(at * batchSize, (at + 1) * batchSize);
          const { keys, ...head } = headOf(batch);
          expect(head).toEqual({
            count: part.length,
            earliest: Math.min(...part.map(event => event.at)),
            latest: Math.max(...part.map(event => event.at)),
          });
          expect(new Set(keys)).toEqual(new Set(part.flatMap(keysOf)));
        }
      }),
    );
  });
});
