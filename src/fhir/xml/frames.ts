import type { Property } from '../definitions/schema.ts';

/** An element while it is read: what is within comes to it as JSON. */
export interface Frame {
  /** Its elements are those of this type. */
  readonly type: string;
  /** False where the element may be there once only, and is there already. */
  add(property: Property, json: string | undefined, side: string | undefined): boolean;
  close(): void;
}

/** What takes one resource: the document, `contained`, `entry.resource`. */
export class ResourceHolder implements Frame {
  readonly type = 'Resource';
  readonly #done: (json: string) => void;
  #json: string | undefined;

  constructor(done: (json: string) => void) {
    this.#done = done;
  }

  get filled(): boolean {
    return this.#json !== undefined;
  }

  fill(json: string): void {
    this.#json = json;
  }

  add(): boolean {
    return false;
  }

  close(): void {
    if (this.#json !== undefined) this.#done(this.#json);
  }
}

/** The values of one property, and what is beside each of them. */
interface Values {
  property: Property;
  json: (string | undefined)[];
  sides: (string | undefined)[];
}

/** A resource, or an element of a complex type. */
export class ElementFrame implements Frame {
  readonly type: string;
  readonly #done: (json: string) => void;
  readonly #attributes: Readonly<Record<string, string>>;
  readonly #values = new Map<string, Values>();

  constructor(type: string, done: (json: string) => void, attributes: Readonly<Record<string, string>>) {
    this.type = type;
    this.#done = done;
    this.#attributes = attributes;
  }

  add(property: Property, json: string | undefined, side: string | undefined): boolean {
    const values = this.#values.get(property.json) ?? { property, json: [], sides: [] };
    if (!property.element.many && values.json.length > 0) return false;
    values.json.push(json);
    values.sides.push(side);
    this.#values.set(property.json, values);
    return true;
  }

  close(): void {
    this.#done(this.toJson());
  }

  toJson(): string {
    const members = Object.entries(this.#attributes).map(([name, value]) =>
      member(name, JSON.stringify(value)),
    );
    for (const { property, json, sides } of this.#values.values()) {
      members.push(...memberOf(property.json, json, property.element.many === true));
      members.push(...memberOf(property.side, sides, property.element.many === true));
    }
    return `{${members.join(',')}}`;
  }
}

const member = (name: string, json: string): string => `${JSON.stringify(name)}:${json}`;

/** Nothing where there are no values; `null` stands where one has none. */
function memberOf(name: string, values: readonly (string | undefined)[], many: boolean): string[] {
  if (values.every(value => value === undefined)) return [];
  const all = values.map(value => value ?? 'null');
  return [member(name, many ? `[${all.join(',')}]` : (all[0] ?? 'null'))];
}

/** A primitive: its value is an attribute, and it may have an id and extensions. */
export class PrimitiveFrame implements Frame {
  readonly type = 'Element';
  readonly #code: string;
  readonly #done: (json: string | undefined, side: string | undefined) => void;
  readonly #value: string | undefined;
  readonly #side: ElementFrame;
  #hasSide: boolean;

  constructor(
    code: string,
    done: (json: string | undefined, side: string | undefined) => void,
    { id, value }: Readonly<Record<string, string>>,
  ) {
    this.#code = code;
    this.#done = done;
    this.#value = value;
    this.#hasSide = id !== undefined;
    this.#side = new ElementFrame('Element', () => undefined, id === undefined ? {} : { id });
  }

  add(property: Property, json: string | undefined, side: string | undefined): boolean {
    this.#hasSide = true;
    return this.#side.add(property, json, side);
  }

  close(): void {
    const json = this.#value === undefined ? undefined : primitiveJson(this.#code, this.#value);
    // One without anything says nothing, which is for the validator to refuse: an object without content.
    const side = this.#hasSide || json === undefined ? this.#side.toJson() : undefined;
    this.#done(json, side);
  }
}

const numbers = new Set(['integer', 'unsignedInt', 'positiveInt', 'decimal']);

/** What is no number or boolean although it should be stays a string, and is refused as such by the validator. */
function primitiveJson(code: string, value: string): string {
  if (code === 'boolean' && (value === 'true' || value === 'false')) return value;
  if (numbers.has(code) && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)) return value;
  return JSON.stringify(value);
}
