import { type Collection, isObject } from './collection.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** One evaluation: the resource it is about, and what is worked out once for all its expressions. */
export class Evaluation {
  /** `%resource` */
  readonly resource: unknown;
  /** `%rootResource`: the container, where the resource is a contained one. */
  readonly root: unknown;
  #contained: ReadonlyMap<unknown, JsonObject> | undefined;
  #keys: Map<Collection, ReadonlySet<unknown>> | undefined;
  readonly #container: Evaluation | undefined;

  /** @param container where the resource is a contained one: the evaluation of what contains it */
  constructor(resource: unknown, container?: Evaluation) {
    this.resource = resource;
    this.root = container ? container.root : resource;
    this.#container = container;
  }

  /** The contained resource that `#id` means; without an id it is the container. */
  contained(id: string): JsonObject | undefined {
    if (this.#container) return this.#container.contained(id);
    if (!isObject(this.root) || id === '') return isObject(this.root) ? this.root : undefined;
    const inside: readonly unknown[] = Array.isArray(this.root.contained) ? this.root.contained : [];
    this.#contained ??= new Map(inside.filter(isObject).map(resource => [resource.id, resource]));
    return this.#contained.get(id);
  }

  /** The items of a collection by key, so that looking for many does not take the product of both. */
  keysOf(items: Collection): ReadonlySet<unknown> {
    this.#keys ??= new Map();
    let keys = this.#keys.get(items);
    if (!keys) {
      keys = new Set(items.map(keyOf));
      this.#keys.set(items, keys);
    }
    return keys;
  }
}

/** The same for values that are equal. */
export function keyOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value, sortKeys) : value;
}

function sortKeys(_: string, value: unknown): unknown {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
