import { isObject } from '../definitions/fhirpath/collection.ts';
import type { Property } from '../definitions/schema.ts';
import type { Check, Report } from './report.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** One JSON property of a type, ready to be checked. */
export class ElementCheck {
  readonly property: Property;
  /** Everything that each value must be. */
  readonly #check: Check;
  /** The check of the type Element: extensions of primitives. */
  readonly #side: Check;

  constructor(property: Property, check: Check, side: Check) {
    this.property = property;
    this.#check = check;
    this.#side = side;
  }

  /** `object[json]`, and what it may be beside it. */
  value(object: JsonObject, report: Report): void {
    const { element, json } = this.property;
    report.path.push(element.name);
    const value = object[json];
    if (element.forbidden) report.add('must not be there', 'structure');
    else if (element.many) this.#many(value, object, report);
    else if (Array.isArray(value)) report.add('must be a single value, not an array');
    else if (value === null) report.add('must not be null: leave out what is not known');
    else this.#check(value, report);
    report.path.pop();
  }

  /** `object[_json]`: only primitives have one. */
  side(object: JsonObject, report: Report): void {
    const { element, side, primitive } = this.property;
    report.path.push(element.name);
    const value = object[side];
    if (!primitive) report.add(`must not have ${side}: only primitive elements do`);
    else if (!element.many) this.#side(value, report);
    else if (!Array.isArray(value) || value.every(item => item === null)) {
      report.add(`must have an array with an element in ${side}`);
    } else {
      value.forEach((item, at) => {
        if (item !== null) report.within(at, () => this.#side(item, report));
      });
    }
    report.path.pop();
  }

  #many(value: unknown, object: JsonObject, report: Report): void {
    if (!Array.isArray(value)) report.add('must be an array');
    else if (value.length === 0) report.add('must not be an empty array: leave it out');
    else {
      for (let at = 0; at < value.length; at += 1) {
        report.path.push(at);
        if (value[at] !== null) this.#check(value[at], report);
        else if (!this.#hasSide(object, at)) report.add('must not be null');
        report.path.pop();
      }
    }
  }

  /** `null` stands where a repeating primitive has extensions but no value. */
  #hasSide(object: JsonObject, at: number): boolean {
    const sides = this.property.primitive ? object[this.property.side] : undefined;
    return Array.isArray(sides) && isObject(sides[at]);
  }
}
