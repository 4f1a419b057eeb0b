import { evalFhirPath } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import type { LoadedDefinitions } from '../../src/fhir/definitions/definitions.ts';
import {
  matchesDate,
  matchesNumber,
  matchesQuantity,
  matchesString,
  matchesToken,
  rangeOf,
} from './values.ts';

/** A resource with whose it is and about whom. */
export interface Held {
  resource: Resource & { id: string };
  source: string;
  patient?: string;
}

/** What the hub holds, and which organization sees whose record besides its own. */
export interface NaiveWorld {
  held: readonly Held[];
  relations: readonly { patient: string; org: string }[];
}

/** One condition of a search: `name` may be a chain or `_has`; one of the values is enough. */
export interface Condition {
  name: string;
  values: readonly string[];
}

const open = new Set(['Organization', 'Practitioner', 'Location']);
const restricted = new Set(['SUD', 'HIV']);

/** The searches of R4 on a list of resources, for one organization. */
export class NaiveServer {
  private readonly world: NaiveWorld;
  private readonly definitions: LoadedDefinitions;
  private readonly organization: string;

  constructor(world: NaiveWorld, definitions: LoadedDefinitions, organization: string) {
    this.world = world;
    this.definitions = definitions;
    this.organization = organization;
  }

  search(type: string, conditions: readonly Condition[]): Held[] {
    return this.ofType(type).filter(held => conditions.every(one => this.holds(held, one.name, one.values)));
  }

  /** The values that a search parameter finds, as somebody else's FHIRPath does. */
  valuesOf({ resource }: Held, code: string): unknown[] {
    const parameter = this.definitions.searchParameters(resource.resourceType).get(code);
    if (!parameter) throw new Error(`no parameter ${code}`);
    const expression = parameter.expression.replace(/\b(?:Domain)?Resource\./g, `${resource.resourceType}.`);
    return evalFhirPath(expression, resource);
  }

  sees({ resource, source, patient }: Held): boolean {
    if (source === this.organization) return true;
    if ((resource.meta?.security ?? []).some(label => restricted.has(label.code ?? ''))) return false;
    if (open.has(resource.resourceType)) return true;
    return this.world.relations.some(one => one.patient === patient && one.org === this.organization);
  }

  private ofType(type: string): Held[] {
    return this.world.held.filter(held => held.resource.resourceType === type && this.sees(held));
  }

  private holds(held: Held, name: string, values: readonly string[]): boolean {
    if (name.startsWith('_has:')) {
      const [, type = '', reference = '', ...rest] = name.split(':');
      return this.ofType(type).some(
        other => this.refersTo(other, reference, held) && this.holds(other, rest.join(':'), values),
      );
    }
    const [link = '', ...rest] = name.split('.');
    if (rest.length > 0) {
      const [reference = '', type] = link.split(':');
      return this.world.held.some(
        other =>
          (type === undefined || other.resource.resourceType === type) &&
          this.sees(other) &&
          this.refersTo(held, reference, other) &&
          this.holds(other, rest.join('.'), values),
      );
    }
    return this.matches(held, link, values);
  }

  private refersTo(from: Held, code: string, to: Held): boolean {
    const reference = `${to.resource.resourceType}/${to.resource.id}`;
    return this.valuesOf(from, code).some(value => (value as { reference?: string }).reference === reference);
  }

  private matches(held: Held, name: string, values: readonly string[]): boolean {
    const [code = '', modifier] = name.split(':');
    if (code === '_id') return values.includes(held.resource.id);
    const parameter = this.definitions.searchParameters(held.resource.resourceType).get(code);
    if (parameter?.kind === 'composite') return this.matchesComposite(held, code, values);
    const found = this.valuesOf(held, code);
    if (modifier === 'missing') return (found.length === 0) === (values[0] === 'true');
    const some = (matches: (value: unknown, asked: string) => boolean) =>
      found.some(value => values.some(asked => matches(value, asked)));
    switch (parameter?.kind) {
      case 'token':
        return some(matchesToken) !== (modifier === 'not');
      case 'string':
        return some((value, asked) => matchesString(value, asked, modifier));
      case 'date':
        return some(matchesDate);
      case 'number':
        return some((value, asked) => matchesNumber(Number(value), asked));
      case 'quantity':
        return some(matchesQuantity);
      case 'reference':
        return this.world.held.some(
          other =>
            values.includes(`${other.resource.resourceType}/${other.resource.id}`) &&
            this.sees(other) &&
            this.refersTo(held, code, other),
        );
      default:
        throw new Error(`no naive ${parameter?.kind}`);
    }
  }

  /** The composites of Observation: a code with a value beside it, in the Observation or in a component of it. */
  private matchesComposite({ resource }: Held, code: string, values: readonly string[]): boolean {
    if (resource.resourceType !== 'Observation') throw new Error('no naive composite');
    const components = resource.component ?? [];
    const places = code.startsWith('component')
      ? components
      : code.startsWith('combo')
        ? [resource, ...components]
        : [resource];
    return places.some(place =>
      values.some(asked => {
        const [token = '', second = ''] = asked.split('$');
        if (!matchesToken(place.code, token)) return false;
        return code.endsWith('quantity')
          ? place.valueQuantity !== undefined && matchesQuantity(place.valueQuantity, second)
          : place.valueCodeableConcept !== undefined && matchesToken(place.valueCodeableConcept, second);
      }),
    );
  }

  /** What a sort by the parameter goes by: the first value, in the direction; undefined sorts last. */
  sortKey(held: Held, code: string, descending: boolean): number | string | undefined {
    const kind = this.definitions.searchParameters(held.resource.resourceType).get(code)?.kind;
    const keys = this.valuesOf(held, code).flatMap((value): (number | string)[] => {
      if (kind === 'date') {
        const { from } = rangeOf(value);
        return [from];
      }
      return typeof value === 'string' ? [value.toLowerCase()] : [];
    });
    const sorted = keys.sort((a, b) => (a < b ? -1 : 1));
    return descending ? sorted.at(-1) : sorted[0];
  }
}
