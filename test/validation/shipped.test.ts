import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { testDefinitions } from '../../src/fhir/definitions/test-definitions.ts';
import { createProfileValidator } from '../../src/fhir/validation/profile-validator.ts';
import { Profiles } from '../../src/fhir/validation/profiles/profiles.ts';
import { createXml } from '../../src/fhir/xml/xml.ts';
import { shippedDefinitions, tableUnder } from './shipped.ts';

const whole = Boolean(process.env.CHECK_FULL);
const definitions = await testDefinitions();
const xml = createXml(definitions.schema);
const page = readFileSync(join(import.meta.dirname, '../../docs/validation.md'), 'utf8');

/** Narrative is compared as XML: `<br/>` and `<br />` are the same. */
function comparable(json: string): unknown {
  return JSON.parse(json, (key, value, context?: { source?: string }) => {
    if (key === 'div' && typeof value === 'string') return normalized(value);
    // 1.50 is not 1.5.
    return typeof value === 'number' ? `number ${context?.source}` : value;
  });
}

const normalized = (div: string): string =>
  div
    .replace(/<!--.*?-->/gs, '')
    .replace(/\r\n?/g, '\n')
    .replace(/&#x([\da-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/'/g, '"')
    .replace(/\s+/g, ' ')
    .replace(/ ?(\/?>)/g, '$1')
    .replace(/ ?= ?"/g, '="')
    .replace(/<(\w+)([^>]*)\/>/g, '<$1$2></$1>')
    .replace(/<(\w+)((?: [^ >]+="[^"]*")+)>/g, (_, name: string, list: string) => `<${name}${sorted(list)}>`);

const sorted = (attributes: string): string => (attributes.match(/ [^ >]+="[^"]*"/g) ?? []).sort().join('');

/** What the hub says of them, with how often, by type and element. */
async function remarks(resource: Resource, counted: Map<string, number>): Promise<void> {
  const problems = await validate(resource, { remarks: true });
  for (const { text, expression = '', severity = 'error' } of problems) {
    if (severity === 'information') continue;
    const key = [severity, expression.replace(/\[\d+\]/g, ''), text.replace(/ or \d+ more .*$/s, ' …')].join(
      ' ~ ',
    );
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
}

const validate = createProfileValidator({
  definitions,
  profiles: new Profiles(definitions.profiles),
  terminology: undefined,
});

it(
  'the definitions in the libraries load, validate but for what the page says, and come back from JSON and XML the same',
  async () => {
    const counted = new Map<string, number>();
    const types = new Map<string, number>();
    for await (const resource of shippedDefinitions(whole ? 1 : 0.05, 20_260_301)) {
      types.set(resource.resourceType, (types.get(resource.resourceType) ?? 0) + 1);
      await remarks(resource, counted);
      const json = JSON.stringify(resource);
      const back = xml.read(xml.write(json) ?? '', 'It');
      // Not told in full: some are a megabyte.
      const same = isDeepStrictEqual(comparable(back), comparable(json));
      expect([`${resource.resourceType}/${resource.id}`, same]).toEqual([expect.anything(), true]);
    }
    const rows = tableUnder('What the published definitions themselves get wrong', page);
    const told = new Map(
      rows.map(([often, severity, element, text]) => [`${severity} ~ ${element} ~ ${text}`, Number(often)]),
    );
    if (whole) {
      expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(told));
      expect(Object.fromEntries(types)).toMatchObject({
        StructureDefinition: 7431,
        SearchParameter: 1378,
        ValueSet: 1317,
        CodeSystem: 1063,
      });
    } else {
      for (const key of counted.keys()) expect([...told.keys()]).toContain(key);
      expect([...types.keys()].sort()).toEqual(
        expect.arrayContaining(['CodeSystem', 'SearchParameter', 'StructureDefinition', 'ValueSet']),
      );
    }
  },
  whole ? 600_000 : 60_000,
);
