import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationDefinition } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { transitions } from '../lifecycle/table.ts';
import { actions } from './actions.ts';

const folder = join(import.meta.dirname, '../../../profiles');
const read = (name: string) =>
  JSON.parse(readFileSync(join(folder, `referral-${name}.json`), 'utf8')) as OperationDefinition;

it.each(actions.map(one => [one.name, one] as const))(
  '$%s takes the inputs that its OperationDefinition says',
  (name, { inputs, title, means }) => {
    const definition = read(name);
    expect([definition.title, definition.description]).toEqual([title, means]);
    const defined = (definition.parameter ?? []).filter(one => one.use === 'in');
    expect(
      defined.map(({ name: of, min, max, type, documentation, binding, targetProfile }) => ({
        of,
        min,
        max,
        type,
        documentation,
        valueSet: binding?.valueSet,
        targets: targetProfile?.map(one => one.split('/').at(-1)),
      })),
    ).toEqual(
      inputs.map(({ name: of, required, many, type, means: documentation, vocabulary, targets }) => ({
        of,
        min: required ? 1 : 0,
        max: many ? '*' : '1',
        type,
        documentation,
        valueSet: vocabulary?.valueSet,
        targets: targets ? [...targets] : undefined,
      })),
    );
  },
);

it('there is an action for every event that a person causes', () => {
  const done = new Set(actions.flatMap(one => one.events ?? []));
  const byPeople = transitions.filter(one => one.by !== 'hub' && !('internal' in one && one.internal));
  // A draft and a new Task are made by creating them.
  const missing = byPeople.map(one => one.event).filter(event => !done.has(event));
  expect(missing).toEqual(['draft', 'create']);
});
