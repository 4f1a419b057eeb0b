/** Stands for a value in a query that is compiled before its values are known. */
export class Hole {
  readonly #name: string;
  readonly #encode: (value: never) => unknown;

  constructor(name: string, encode: (value: never) => unknown = value => value) {
    this.#name = name;
    this.#encode = encode;
  }

  fill(values: Readonly<Record<string, unknown>>): unknown {
    return this.#encode(values[this.#name] as never);
  }

  encodedBy(encode: (value: never) => unknown): Hole {
    return new Hole(this.#name, encode);
  }
}

/** A value as the database takes it; of a hole, what it will make of its value. */
export const encoded = <T>(value: T, encode: (value: T) => unknown): unknown =>
  value instanceof Hole ? value.encodedBy(encode) : encode(value);
