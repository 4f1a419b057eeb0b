import type {
  CodeableConcept,
  ConceptMap,
  ConceptMapGroup,
  ConceptMapGroupElementTarget,
} from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Library } from './library.ts';
import type { CodedValue } from './terminology.ts';

/** https://hl7.org/fhir/R4/conceptmap-operation-translate.html */
export interface TranslateRequest {
  codings: readonly CodedValue[];
  /** Only by this map; absent: by every map that fits. */
  map?: ConceptMap;
  /** Canonical URLs of value sets, as the maps name them. */
  source?: string;
  target?: string;
  targetSystem?: string;
  /** From the targets of the maps back to their sources. */
  reverse?: boolean;
}

type Equivalence = NonNullable<ConceptMapGroupElementTarget['equivalence']>;

export interface Match {
  equivalence: Equivalence;
  /** Absent of `unmatched` and `disjoint`, where nothing is named. */
  coding?: { system?: string; version?: string; code: string; display?: string };
  /** Canonical URL of the map. */
  source?: string;
  product: { property: string; system?: string; code: string; display?: string }[];
}

export interface Translation {
  /** Whether any of the matches says that something corresponds. */
  found: boolean;
  matches: readonly Match[];
}

const deepest = 10;

/** What concept maps make of codes. */
export function translate(library: Library, request: TranslateRequest): Translation {
  const maps = request.map ? [request.map] : library.conceptMaps().filter(one => fits(one, request));
  const all = maps.flatMap(map =>
    request.codings.flatMap(coding =>
      request.reverse ? backwards(map, coding, request) : forwards(library, map, coding, request, []),
    ),
  );
  const keys = new Set<string>();
  const matches = all.filter(one => {
    const key = JSON.stringify(one);
    return !keys.has(key) && keys.add(key);
  });
  return { found: matches.some(one => !['unmatched', 'disjoint'].includes(one.equivalence)), matches };
}

function fits(map: ConceptMap, { source, target, reverse }: TranslateRequest): boolean {
  const from = map.sourceUri ?? map.sourceCanonical;
  const to = map.targetUri ?? map.targetCanonical;
  const [asked, answered] = reverse ? [to, from] : [from, to];
  return same(source, asked) && same(target, answered);
}

const same = (wanted: string | undefined, given: string | undefined): boolean =>
  wanted === undefined || wanted.split('|', 1)[0] === given?.split('|', 1)[0];

function forwards(
  library: Library,
  map: ConceptMap,
  coding: CodedValue,
  request: TranslateRequest,
  path: readonly string[],
): Match[] {
  const groups = (map.group ?? []).filter(
    group => ofSystem(group.source, coding.system) && ofSystem(group.target, request.targetSystem),
  );
  return groups.flatMap(group => {
    const elements = (group.element ?? []).filter(one => one.code === coding.code);
    if (elements.length === 0) return unmapped(library, map, group, coding, request, path);
    return elements.flatMap(element => (element.target ?? []).map(target => matchOf(map, group, target)));
  });
}

function matchOf(map: ConceptMap, group: ConceptMapGroup, target: ConceptMapGroupElementTarget): Match {
  return {
    equivalence: target.equivalence ?? 'relatedto',
    ...(target.code
      ? { coding: codingOf(group.target, group.targetVersion, target.code, target.display) }
      : {}),
    ...sourceOf(map),
    product: (target.product ?? []).flatMap(({ property, system, value, display }) =>
      property && value
        ? [{ property, code: value, ...(system ? { system } : {}), ...(display ? { display } : {}) }]
        : [],
    ),
  };
}

/** https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group.unmapped */
function unmapped(
  library: Library,
  map: ConceptMap,
  group: ConceptMapGroup,
  coding: CodedValue,
  request: TranslateRequest,
  path: readonly string[],
): Match[] {
  const { mode, code, display, url = '' } = group.unmapped ?? {};
  const here = map.url ?? '';
  switch (mode) {
    case 'provided': {
      const provided = codingOf(group.target, group.targetVersion, coding.code);
      return [{ equivalence: 'equal', coding: provided, ...sourceOf(map), product: [] }];
    }
    case 'fixed': {
      const fixed = code ? { coding: codingOf(group.target, group.targetVersion, code, display) } : {};
      return [{ equivalence: 'relatedto', ...fixed, ...sourceOf(map), product: [] }];
    }
    case 'other-map': {
      if (path.includes(here) || path.length > deepest) throw circle([...path, here]);
      const other = library.conceptMap(url);
      if (!other) throw noMap(url);
      return forwards(library, other, coding, request, [...path, here]);
    }
    default:
      return [];
  }
}

/** What a target's equivalence is, seen from the target. */
const reversed: Partial<Record<Equivalence, Equivalence>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

function backwards(map: ConceptMap, coding: CodedValue, { targetSystem }: TranslateRequest): Match[] {
  const groups = (map.group ?? []).filter(
    group => ofSystem(group.target, coding.system) && ofSystem(group.source, targetSystem),
  );
  return groups.flatMap(group =>
    (group.element ?? []).flatMap(({ code, display, target = [] }) =>
      target
        .filter(one => one.code === coding.code && code !== undefined)
        .map(({ equivalence = 'relatedto' }) => ({
          equivalence: reversed[equivalence] ?? equivalence,
          coding: codingOf(group.source, group.sourceVersion, code ?? '', display),
          ...sourceOf(map),
          product: [],
        })),
    ),
  );
}

const ofSystem = (given: string | undefined, wanted: string | undefined): boolean =>
  wanted === undefined || wanted === given;

const sourceOf = ({ url }: ConceptMap): { source?: string } => (url ? { source: url } : {});

const codingOf = (system?: string, version?: string, code = '', display?: string) => ({
  ...(system ? { system } : {}),
  ...(version ? { version } : {}),
  code,
  ...(display ? { display } : {}),
});

/** The codings of a concept that have a code. */
export const codingsOf = ({ coding = [] }: CodeableConcept): CodedValue[] =>
  coding.flatMap(({ system, version, code }) =>
    code ? [{ code, ...(system ? { system } : {}), ...(version ? { version } : {}) }] : [],
  );

const circle = (path: readonly string[]): HubError =>
  new HubError('unprocessable', {
    text: `These concept maps refer to each other in a circle: ${path.join(' → ')}.`,
    expression: 'ConceptMap.group.unmapped.url',
  });

const noMap = (url: string): HubError =>
  new HubError('unprocessable', {
    text: `The hub does not hold the concept map ${url}, which this one goes on with.`,
    expression: 'ConceptMap.group.unmapped.url',
    code: 'not-found',
  });
