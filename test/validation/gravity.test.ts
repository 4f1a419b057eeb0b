import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, hasData, resourcesIn } from '../../src/fhir/definitions/test-resources.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { tableUnder } from './shipped.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/validation.md'), 'utf8');

/** `Patient.extension[0].url` and `Patient.extension[1].url` are told in one row. */
const plain = (text: string): string => text.replace(/\[\d+\]/g, '');

describe.skipIf(!hasData)('the Gravity examples (skipped where ../shared/data is absent)', () => {
  eachDatabase('with US Core loaded', database => {
    let hub: TestHub;
    let client: Party;

    beforeAll(async () => {
      hub = await startTestHub(database, { HUB_PACKAGES: join(dataFolder, 'us-core') });
      client = await hub.party('client');
    });
    afterAll(() => hub?.stop());

    it('validate, or the page explains each message', async () => {
      const told = new Map(
        tableUnder('What is said of the Gravity examples', page).map(([often, severity, text]) => [
          `${severity} ~ ${text}`,
          Number(often),
        ]),
      );
      const said = new Map<string, number>();
      const examples = resourcesIn('gravity');
      expect(examples).toHaveLength(58);
      for (const resource of examples) {
        // What they refer to is not here: only what they are themselves is asked.
        const answer = await client.request(
          'POST',
          `/${resource.resourceType}/$validate?mode=profile`,
          resource,
        );
        expect(answer.status).toBe(200);
        for (const { severity, details } of answer.json.issue) {
          if (details.text === 'The resource is valid.') continue;
          const key = `${severity} ~ ${plain(details.text)}`;
          said.set(key, (said.get(key) ?? 0) + 1);
        }
      }
      expect(Object.fromEntries(said)).toEqual(Object.fromEntries(told));
    });
  });
});
