import type { CodeSystem, CodeSystemConcept, CodeSystemConceptProperty } from '@medplum/fhirtypes';
import type { Concept, ConceptProperty } from '../../store/terminology/types.ts';
import { wordsIn } from '../index/words.ts';

/** The concepts of a CodeSystem resource, in the order in which it lists them. */
export class MemoryCodes {
  readonly url: string;
  readonly version: string | undefined;
  readonly name: string;
  readonly language: string | undefined;
  /** All of its codes are here: what is not is not a code of the system. */
  readonly complete: boolean;
  readonly caseSensitive: boolean;
  readonly #concepts = new Map<string, Concept>();
  readonly #children = new Map<string, string[]>();
  readonly #below = new Map<string, ReadonlySet<string>>();

  constructor(resource: CodeSystem) {
    this.url = resource.url ?? '';
    this.version = resource.version;
    this.name = resource.title ?? resource.name ?? this.url;
    this.language = resource.language;
    this.complete = resource.content === 'complete';
    this.caseSensitive = resource.caseSensitive !== false;
    const names = propertyNames(resource);
    for (const concept of resource.concept ?? []) this.#add(concept, undefined, names);
    this.#connect();
  }

  get all(): Iterable<Concept> {
    return this.#concepts.values();
  }

  find(code: string): Concept | undefined {
    return this.#concepts.get(this.#key(code));
  }

  children(code: string): readonly string[] {
    return this.#children.get(this.#key(code)) ?? [];
  }

  /** The code and all that it subsumes. */
  below(code: string): ReadonlySet<string> {
    const key = this.#key(code);
    let found = this.#below.get(key);
    if (!found) {
      found = closure(this.find(code)?.code ?? code, one => this.children(one));
      this.#below.set(key, found);
    }
    return found;
  }

  /** The code and all that subsume it. */
  above(code: string): ReadonlySet<string> {
    return closure(this.find(code)?.code ?? code, one => this.find(one)?.parents ?? []);
  }

  #key(code: string): string {
    return this.caseSensitive ? code : code.toLowerCase();
  }

  #add(one: CodeSystemConcept, above: string | undefined, names: PropertyNames): void {
    const concept = conceptOf(one, above, names);
    const known = this.#concepts.get(this.#key(one.code));
    const parents = known ? [...new Set([...known.parents, ...concept.parents])] : concept.parents;
    this.#concepts.set(this.#key(one.code), { ...(known ?? concept), parents });
    for (const child of one.concept ?? []) this.#add(child, one.code, names);
  }

  /** From the parents that each concept names, and the children that some name instead. */
  #connect(): void {
    for (const { code, properties } of this.#concepts.values()) {
      for (const { code: name, value } of properties) {
        const child = name === 'child' && typeof value === 'string' ? this.find(value) : undefined;
        if (child && !child.parents.includes(code))
          this.#concepts.set(this.#key(child.code), { ...child, parents: [...child.parents, code] });
      }
    }
    for (const { code, parents } of this.#concepts.values()) {
      for (const parent of parents) {
        const children = this.#children.get(this.#key(parent));
        if (children) children.push(code);
        else this.#children.set(this.#key(parent), [code]);
      }
    }
  }
}

/** What a filter of text looks in. */
export const searchedWords = ({ code, display = '', designations }: Concept): string =>
  wordsIn([code, display, ...designations.map(one => one.value)].join(' '));

function closure(start: string, next: (code: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set([start]);
  for (const code of found) for (const one of next(code)) found.add(one);
  return found;
}

/** What a system calls the properties of https://hl7.org/fhir/R4/codesystem-concept-properties.html */
type PropertyNames = ReadonlyMap<string, string>;

const conceptProperties = 'http://hl7.org/fhir/concept-properties#';

function propertyNames({ property = [] }: CodeSystem): PropertyNames {
  return new Map(
    property.flatMap(({ code, uri }) =>
      uri?.startsWith(conceptProperties) ? [[code, uri.slice(conceptProperties.length)] as const] : [],
    ),
  );
}

function conceptOf(one: CodeSystemConcept, above: string | undefined, names: PropertyNames): Concept {
  const properties = (one.property ?? []).flatMap(propertyOf);
  const called = (...wanted: string[]) =>
    properties.filter(({ code }) => wanted.includes(names.get(code) ?? code)).map(({ value }) => value);
  const parents = called('parent', 'subsumedBy').filter(value => typeof value === 'string');
  const retired = called('status').some(value => value === 'retired' || value === 'inactive');
  return {
    code: one.code,
    ...(one.display ? { display: one.display } : {}),
    ...(one.definition ? { definition: one.definition } : {}),
    designations: (one.designation ?? []).flatMap(({ language, use, value }) =>
      value
        ? [
            {
              value,
              ...(language ? { language } : {}),
              ...(use?.code ? { use: { ...use, code: use.code } } : {}),
            },
          ]
        : [],
    ),
    properties,
    parents: [...new Set(above === undefined ? parents : [above, ...parents])],
    inactive: retired || called('inactive').includes(true),
    abstract: called('notSelectable', 'abstract').includes(true),
  };
}

function propertyOf(one: CodeSystemConceptProperty): ConceptProperty[] {
  const { code } = one;
  if (one.valueCode !== undefined) return [{ code, value: one.valueCode, type: 'code' }];
  if (one.valueString !== undefined) return [{ code, value: one.valueString, type: 'string' }];
  if (one.valueBoolean !== undefined) return [{ code, value: one.valueBoolean, type: 'boolean' }];
  if (one.valueInteger !== undefined) return [{ code, value: one.valueInteger, type: 'integer' }];
  if (one.valueDecimal !== undefined) return [{ code, value: one.valueDecimal, type: 'decimal' }];
  if (one.valueDateTime !== undefined) return [{ code, value: one.valueDateTime, type: 'dateTime' }];
  const { code: coded, system, display } = one.valueCoding ?? {};
  if (coded === undefined) return [];
  const value = { code: coded, ...(system ? { system } : {}), ...(display ? { display } : {}) };
  return [{ code, value, type: 'Coding' }];
}
