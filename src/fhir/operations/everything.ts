import { HubError } from '../../errors.ts';
import { refuse } from '../search/refuse.ts';
import type { Operation } from './operation.ts';

/** What its own parameters become in a search of the compartment. */
const parameters: Readonly<Record<string, (value: string) => [name: string, value: string]>> = {
  _since: value => ['_lastUpdated', `ge${value}`],
  _type: value => ['_type', value],
  _count: value => ['_count', value],
  _cursor: value => ['_cursor', value],
};

/** Parameters of every interaction, which are not about the record. */
const transport: readonly string[] = ['_format', '_pretty'];

/**
 * All that the caller may see of a patient's record, and what that refers to (people, places, organizations), page
 * by page, the last changed first (https://hl7.org/fhir/R4/patient-operation-everything.html).
 */
export const everything: Operation = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  documentation:
    "The patient's compartment as far as the caller may see it, with what it refers to: _since, _type, _count.",
  levels: ['instance'],
  types: ['Patient'],
  methods: ['GET', 'POST'],
  async run({ repository, type = '', id = '', query }) {
    // Absent and forbidden are the same: there is no such patient.
    await repository.read(type, id);
    const asked = [...query].filter(([name]) => !transport.includes(name));
    const page = await repository.search(undefined, compartmentSearch(asked), { compartment: { type, id } });
    const cursor = page.next === undefined ? null : new URLSearchParams(page.next).get('_cursor');
    const self = new URLSearchParams(asked);
    const { next: _, ...rest } = page;
    return {
      kind: 'page',
      path: `/${type}/${id}/$everything`,
      page: {
        ...rest,
        self: self.toString(),
        ...(cursor === null ? {} : { next: withCursor(self, cursor) }),
      },
    };
  },
};

function compartmentSearch(asked: readonly (readonly [name: string, value: string])[]): URLSearchParams {
  const search = new URLSearchParams([['_include', '*']]);
  for (const [name, value] of asked) {
    const become = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!become) {
      const known = Object.keys(parameters).filter(one => one !== '_cursor');
      throw refuse(name, `Patient/$everything takes ${known.join(', ')}`);
    }
    if (search.has(become(value)[0])) throw new HubError('invalid', `${name} is given more than once.`);
    search.append(...become(value));
  }
  if (!search.has('_count')) search.set('_count', '50');
  return search;
}

function withCursor(self: URLSearchParams, cursor: string): string {
  const next = new URLSearchParams(self);
  next.set('_cursor', cursor);
  return next.toString();
}
