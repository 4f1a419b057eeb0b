import type { Resource, StructureDefinition } from '@medplum/fhirtypes';
import { canonical } from '../../fhir/canonical.ts';
import { ownDefinitions, ownExamples, urlOf } from '../../fhir/conformance/own-definitions.ts';

/** A definition of the hub, of whatever type. */
export type Definition = Resource & {
  id: string;
  /** Of all but a NamingSystem, which has none in R4: `urlOf` knows its name. */
  url: string;
  name: string;
  title?: string;
  description?: string;
};

/** Definitions of one kind, as the guide lists them. */
export interface Section {
  /** Also the anchor on the first page. */
  id: string;
  title: string;
  about: string;
  definitions: readonly Definition[];
}

/** What the pages at `/guide` are made of. */
export interface Guide {
  sections: readonly Section[];
  find(type: string, id: string): Definition | undefined;
  examples: readonly Resource[];
  /** Examples that claim a profile, or use an extension. */
  examplesOf(profile: string): readonly Resource[];
  /** Where elements are bound to a value set. */
  boundTo(valueSet: string): readonly Use[];
  /** Profiles that use an extension or a profile, and what they inherit from it. */
  usersOf(url: string): readonly Use[];
  /** The page about what a canonical URL names, where it is the hub's own. */
  pageOf(url: string): string | undefined;
}

/** An element of a definition that refers to another. */
export interface Use {
  definition: Definition;
  element: string;
}

const kinds: readonly (Omit<Section, 'definitions'> & { holds: (one: Resource) => boolean })[] = [
  {
    id: 'profiles',
    title: 'Profiles',
    about: 'How the hub uses each resource type that carries a referral.',
    holds: one => one.resourceType === 'StructureDefinition' && one.type !== 'Extension',
  },
  {
    id: 'extensions',
    title: 'Extensions',
    about: 'What R4 has no element for.',
    holds: one => one.resourceType === 'StructureDefinition' && one.type === 'Extension',
  },
  {
    id: 'operations',
    title: 'Operations',
    about: 'What can be asked for beside reading and writing. Those that FHIR defines are in /fhir/metadata.',
    holds: one => one.resourceType === 'OperationDefinition',
  },
  {
    id: 'search-parameters',
    title: 'Search parameters',
    about: 'Beside all that FHIR R4 defines.',
    holds: one => one.resourceType === 'SearchParameter',
  },
  {
    id: 'code-systems',
    title: 'Code systems',
    about: 'Codes of the hub’s own.',
    holds: one => one.resourceType === 'CodeSystem',
  },
  {
    id: 'naming-systems',
    title: 'Naming systems',
    about: 'Identifiers that the hub gives out.',
    holds: one => one.resourceType === 'NamingSystem',
  },
  {
    id: 'value-sets',
    title: 'Value sets',
    about: 'Which codes an element takes.',
    holds: one => one.resourceType === 'ValueSet',
  },
  {
    id: 'concept-maps',
    title: 'Concept maps',
    about: 'The hub’s codes in the words of others.',
    holds: one => one.resourceType === 'ConceptMap',
  },
];

/** Reads what the hub defines, once. */
export async function loadGuide(): Promise<Guide> {
  const [all, examples] = await Promise.all([ownDefinitions(), ownExamples()]);
  const definitions = (all as Definition[]).sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
  const rest = definitions.filter(one => !kinds.some(kind => kind.holds(one)));
  const uses = definitions.flatMap(usesOf);
  const urls = new Map(definitions.map(one => [urlOf(one), pathOf(one)]));
  return {
    sections: [
      ...kinds.map(({ holds, ...kind }) => ({ ...kind, definitions: definitions.filter(holds) })),
      {
        id: 'rules',
        title: 'Rules as data, and others',
        about: 'Weights, times, labels: published as Library, changed without a change of code.',
        definitions: rest,
      },
    ],
    find: (type, id) => definitions.find(one => one.resourceType === type && one.id === id),
    examples,
    examplesOf: url =>
      examples.filter(
        one => one.meta?.profile?.includes(url) || JSON.stringify(one).includes(`"url":"${url}"`),
      ),
    boundTo: valueSet => uses.filter(one => one.valueSet === valueSet),
    usersOf: url => uses.filter(one => one.profiles.includes(url)),
    pageOf: url => urls.get(url.split('|', 1)[0] ?? ''),
  };
}

/** What people call a definition. */
export const titleOf = ({ title, name }: Definition): string => title ?? name;

/** Its page. */
export const pathOf = ({ resourceType, id }: Pick<Definition, 'resourceType' | 'id'>): string =>
  `/guide/${resourceType}/${id}`;

export const isOwn = (url: string): boolean => url.startsWith(`${canonical}/`);

function usesOf(definition: Definition): (Use & { valueSet?: string; profiles: string[] })[] {
  if (definition.resourceType !== 'StructureDefinition') return [];
  const { differential, baseDefinition } = definition as StructureDefinition;
  const elements = (differential?.element ?? []).map(({ id = '', binding, type }) => ({
    definition,
    element: id,
    ...(binding?.valueSet ? { valueSet: binding.valueSet } : {}),
    profiles: (type ?? []).flatMap(one => one.profile ?? []),
  }));
  return [
    ...elements,
    { definition, element: definition.name, profiles: baseDefinition ? [baseDefinition] : [] },
  ];
}
