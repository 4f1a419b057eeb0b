import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { LoadedDefinitions } from './definitions.ts';
import type { ElementSchema, Property } from './schema.ts';

/** Resources written by others, beside the project; a clone without them tests without them. */
export const dataFolder = join(import.meta.dirname, '../../../../shared/data');
export const hasData = existsSync(dataFolder);

/** All resources in the JSON files of a folder: those of a Bundle, or the one that a file is. */
export function resourcesIn(folder: string): Resource[] {
  return readdirSync(join(dataFolder, folder)).flatMap(name => {
    const resource: Resource = JSON.parse(readFileSync(join(dataFolder, folder, name), 'utf8'));
    return resource.resourceType === 'Bundle' ? entries(resource) : [resource];
  });
}

function entries(bundle: Bundle): Resource[] {
  return (bundle.entry ?? []).flatMap(entry => entry.resource ?? []);
}

/** A resource with nearly every element of its type filled, at random but the same for the same seed. */
export function generate(type: string, seed: number, definitions: LoadedDefinitions): Resource {
  const generator = new Generator(seed, definitions);
  return { resourceType: type, ...generator.object(type, 0) } as unknown as Resource;
}

class Generator {
  #state: number;
  readonly #definitions: LoadedDefinitions;

  constructor(seed: number, definitions: LoadedDefinitions) {
    this.#state = seed;
    this.#definitions = definitions;
  }

  object(type: string, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const { schema } = this.#definitions;
    for (const element of schema.get(type).elements) {
      if (!this.#wants(element, depth)) continue;
      const property = this.#pick(schema.element(type, element.name));
      if (!property) continue;
      const value = (): unknown => this.#value(property, depth);
      object[property.json] = element.many ? Array.from({ length: 1 + this.#below(2) }, value) : value();
    }
    const empty = Object.keys(object).every(key => key === 'id');
    return empty ? { extension: [{ url: 'http://example.org/e', valueBoolean: true }] } : object;
  }

  #wants(element: ElementSchema, depth: number): boolean {
    if (element.forbidden) return false;
    if (element.required) return true;
    return !unwanted.has(element.name) && depth < 4 && this.#below(10) < 8 - 2 * depth;
  }

  #value({ element, type }: Property, depth: number): unknown {
    const codes = element.binding ? this.#definitions.valueSet(element.binding) : undefined;
    if (codes && type.code === 'code') return this.#pick(codes.codes);
    if (codes && type.code === 'CodeableConcept') {
      const code = this.#pick(codes.codes) ?? '';
      return { coding: [{ system: codes.systemOf(code), code }] };
    }
    const sample = samples[element.binding ?? ''] ?? samples[type.code];
    if (sample) return this.#pick(sample);
    if (type.code !== 'Reference') return this.object(type.code, depth + 1);
    return { reference: `${this.#pick(type.targets ?? ['Patient', 'Observation'])}/${this.#below(100)}` };
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[this.#below(list.length)];
  }

  /** mulberry32 */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
}

/** What would need more sense than chance has. */
const unwanted = new Set(['contained', 'extension', 'modifierExtension', 'resource', 'outcome', 'response']);

const samples: Readonly<Record<string, readonly unknown[]>> = {
  boolean: [true, false],
  integer: [-3, 0, 7],
  unsignedInt: [0, 7],
  positiveInt: [1, 7],
  decimal: [0.5, 12, 98.6],
  string: ['Zoë Müller', 'a word', 'x'],
  markdown: ['*well*', 'plain'],
  code: ['a', 'en-US'],
  id: ['a-1', 'b.2'],
  uri: ['http://example.org/a', 'urn:oid:1.2.3'],
  url: ['http://example.org/b'],
  canonical: ['http://example.org/c|1.0', 'http://example.org/d'],
  oid: ['urn:oid:1.2.3'],
  uuid: ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
  date: ['2024', '2024-03', '2024-03-07'],
  dateTime: ['2024', '2024-03-07', '2024-03-07T13:28:17-05:00'],
  instant: ['2024-03-07T13:28:17.239Z'],
  time: ['13:28:17'],
  base64Binary: ['aGVsbG8='],
  xhtml: ['<div xmlns="http://www.w3.org/1999/xhtml"><p>text</p></div>'],
  'http://hl7.org/fhir/ValueSet/currencies': ['USD'],
  'http://hl7.org/fhir/ValueSet/mimetypes': ['text/plain', 'application/fhir+json; fhirVersion=4.0'],
};
