import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthcareService, Location, Organization } from '@medplum/fhirtypes';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDefinitions } from '../../fhir/definitions/test-definitions.ts';
import { createValidator } from '../../fhir/validation/validator.ts';
import { serviceFacts } from './facts.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const examples = [...read('docs/directory.md').matchAll(/```json\n(.*?)```/gs)].map(([, json]) =>
  JSON.parse(json ?? ''),
);

const ours = ['terminology', 'profiles'].flatMap(folder =>
  readdirSync(join(root, folder))
    .filter(file =>
      /^(routing-|hub-task|age-range|accepted-payer|service-capacity|offer-reminder)/.test(file),
    )
    .map(file => `${folder}/${file}`),
);
const resources = ours
  .map(path => [path, JSON.parse(read(path))] as const)
  .filter(([, json]) => json.resourceType);

describe('the directory as it is documented', () => {
  let validate: ReturnType<typeof createValidator>;
  beforeAll(async () => {
    validate = createValidator(await testDefinitions());
  });

  it('is valid FHIR, and read as the page says', () => {
    expect(examples.map(example => validate(example))).toEqual([[], []]);
    const [service, area] = examples as [HealthcareService, Location];
    const organization: Organization = {
      resourceType: 'Organization',
      id: 'northside-cmhc',
      name: 'Northside',
    };
    const directory = new Map<string, Organization | Location>([
      ['Organization/northside-cmhc', organization],
      ['Location/travis-county', area],
    ]);
    expect(serviceFacts(service, directory)).toMatchObject({
      organization: 'northside-cmhc',
      offers: ['http://terminology.hl7.org/CodeSystem/service-type|136'],
      areas: [{ words: 'Travis County', county: 'travis', state: 'tx' }],
      ages: [{ low: 18 }],
      payers: [{ organization: 'Organization/medicaid', words: 'Medicaid' }],
      provision: ['disc'],
      languages: ['en', 'es'],
      programs: ['https://warmhandoff.example/fhir/CodeSystem/routing-program|ccbhc'],
      capacity: { status: 'capacity', confirmed: '2026-03-01', firstOpening: '2026-03-09' },
    });
  });

  it('comes with its profiles and terminology', () => {
    expect(resources.map(([path]) => path)).toHaveLength(13);
  });

  it.each(resources)('%s is valid FHIR, named as its file', (path, resource) => {
    expect(validate(resource)).toEqual([]);
    expect(path).toContain(`/${resource.id}.json`);
    expect(resource.url).toMatch(new RegExp(`/${resource.resourceType}/${resource.id}$`));
    expect(resource.count ?? resource.concept?.length).toBe(resource.concept?.length);
  });
});
