/** The FHIR types as the hub keeps them: what the StructureDefinitions say, without the prose. */

/** A resource, data type, primitive or backbone element (`Observation.component`) and what it is made of. */
export interface TypeSchema {
  name: string;
  kind: 'resource' | 'complex' | 'backbone' | 'primitive';
  base?: string;
  elements: readonly ElementSchema[];
  invariants?: readonly Invariant[];
}

export interface ElementSchema {
  /** The name in FHIRPath: `value` for `value[x]`. */
  name: string;
  choice?: true;
  required?: true;
  /** Forbidden here (`max` 0), as a comparator in a SimpleQuantity. */
  forbidden?: true;
  /** It repeats: an array in JSON. */
  many?: true;
  summary?: true;
  types: readonly ElementType[];
  /** Canonical URL (without version) of the value set whose codes alone are allowed. */
  binding?: string;
  invariants?: readonly Invariant[];
}

export interface ElementType {
  code: string;
  /** Resource types a Reference may point to; absent: any. */
  targets?: readonly string[];
}

/** A FHIRPath rule that must hold (https://hl7.org/fhir/R4/conformance-rules.html#constraints). */
export interface Invariant {
  key: string;
  expression: string;
  human: string;
}

/** One JSON property of a type: `valueQuantity` of Observation. */
export interface Property {
  json: string;
  /** Where the extensions of a primitive are: `_birthDate`. */
  side: string;
  element: ElementSchema;
  type: ElementType;
  primitive: boolean;
}

/** How deep a resource may nest; real ones are below 30. */
export const maxDepth = 100;

/** Lookup over all types. */
export class Schema {
  readonly #types: ReadonlyMap<string, TypeSchema>;
  readonly #properties = new Map<string, ReadonlyMap<string, Property>>();
  readonly #byElement = new Map<string, ReadonlyMap<string, readonly Property[]>>();

  constructor(types: readonly TypeSchema[]) {
    this.#types = new Map(types.map(type => [type.name, type]));
  }

  get types(): Iterable<TypeSchema> {
    return this.#types.values();
  }

  find(name: string): TypeSchema | undefined {
    return this.#types.get(name);
  }

  get(name: string): TypeSchema {
    const type = this.#types.get(name);
    if (!type) throw new TypeError(`the definitions have no type ${name}`);
    return type;
  }

  /** True when the type is the other or derives from it: `Age` is a `Quantity`, `Patient` a `Resource`. */
  is(name: string, ancestor: string): boolean {
    for (let at: string | undefined = name; at; at = this.#types.get(at)?.base) {
      if (at === ancestor) return true;
    }
    return false;
  }

  /** By JSON name. */
  properties(name: string): ReadonlyMap<string, Property> {
    let found = this.#properties.get(name);
    if (!found) {
      found = new Map(
        this.get(name)
          .elements.flatMap(element => element.types.map(type => this.#property(element, type)))
          .map(property => [property.json, property]),
      );
      this.#properties.set(name, found);
    }
    return found;
  }

  /** The properties that one element can be written as: `value` is `valueQuantity`, `valueString`, … */
  element(type: string, element: string): readonly Property[] {
    let names = this.#byElement.get(type);
    if (!names) {
      names = Map.groupBy(this.properties(type).values(), property => property.element.name);
      this.#byElement.set(type, names);
    }
    return names.get(element) ?? [];
  }

  #property(element: ElementSchema, type: ElementType): Property {
    const json = element.choice ? element.name + choiceSuffix(type.code) : element.name;
    const primitive = this.#types.get(type.code)?.kind === 'primitive';
    return { json, side: `_${json}`, element, type, primitive };
  }
}

/** `SimpleQuantity` is a profile that serves as a type: in JSON it is a Quantity. */
function choiceSuffix(code: string): string {
  const name = code === 'SimpleQuantity' || code === 'MoneyQuantity' ? 'Quantity' : code;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
