import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StructureDefinition } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownDefinitions, ownExamples } from '../../src/fhir/conformance/own-definitions.ts';
import type { CompiledProfile } from '../../src/fhir/definitions/schema-profile.ts';
import type { TestDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';

const packages = join(import.meta.dirname, '../../../shared/data/us-core');
const complies = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-compliesWithProfile';
const usCore = 'http://hl7.org/fhir/us/core/StructureDefinition/';

const profiles = (await ownDefinitions())
  .filter((one): one is StructureDefinition => one.resourceType === 'StructureDefinition')
  .filter(({ type }) => type !== 'Extension');

describe.skipIf(!existsSync(packages))('beside US Core (skipped where ../shared/data is absent)', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ name: 'sqlite' } as TestDatabase, { HUB_PACKAGES: packages });
  });
  afterAll(() => hub.stop());

  it('what claims to comply does: its examples are valid there, too', async () => {
    const examples = await ownExamples();
    const claims = profiles.flatMap(({ url, extension = [] }) =>
      extension.flatMap(one =>
        one.url === complies && one.valueCanonical ? [{ url, there: one.valueCanonical }] : [],
      ),
    );
    expect(claims.length).toBeGreaterThan(3);
    for (const { url, there } of claims) {
      const ours = examples.filter(one => one.meta?.profile?.includes(url));
      expect(ours.length, url).toBeGreaterThan(0);
      for (const example of ours)
        expect(
          await hub.hub.parts.validate(example, { profiles: [there] }),
          `${example.id} as ${there}`,
        ).toEqual([]);
    }
  });

  it('each mapping names an element that is there', () => {
    const mapped = profiles.flatMap(({ mapping = [], differential }) =>
      mapping
        .filter(({ uri }) => uri?.startsWith(usCore))
        .flatMap(({ identity, uri = '' }) =>
          (differential?.element ?? []).flatMap(({ mapping: own = [] }) =>
            own.filter(one => one.identity === identity).map(({ map }) => ({ uri, path: map })),
          ),
        ),
    );
    expect(mapped.length).toBeGreaterThan(20);
    for (const { uri, path } of mapped) {
      const profile = hub.hub.parts.profiles.find(uri);
      expect(profile, uri).toBeDefined();
      expect(isElement(profile, path), `${path} of ${uri}`).toBe(true);
    }
  });

  /** Of the profile, or of the type that it is about. */
  function isElement(profile: CompiledProfile | undefined, path: string): boolean {
    const [type = '', ...steps] = path.replace(/:\w+$/, '').replace('[x]', '').split('.');
    let at = type;
    for (const step of steps) {
      const found = hub.hub.parts.definitions.schema.find(at)?.elements.find(one => one.name === step);
      if (!found) return false;
      at = found.types[0]?.code ?? '';
    }
    return profile?.type === type;
  }
});
