import type { Interaction, Scope } from '../access/actor.ts';
import { HubError, type Problem } from '../errors.ts';

const letters = { c: 'create', r: 'read', u: 'update', d: 'delete', s: 'search' } as const satisfies Record<
  string,
  Interaction
>;

/** What the permissions of SMART v1 mean in v2 (https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html). */
const firstVersion: Record<string, string> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** Of one patient, of what a person may see, or of what a system may see. */
export type Level = 'patient' | 'user' | 'system';

/** A scope for resources as it was asked for: its query is read apart (`ScopeReader`). */
export interface ResourceScope extends Scope {
  level: Level;
  /** `category=…|laboratory`: it reaches only what a search for it would find. */
  query?: string;
}

/** https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html : scopes that are not for resources. */
export const otherScopes = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'online_access',
  'offline_access',
] as const;

export type OtherScope = (typeof otherScopes)[number];

export interface ScopeList {
  resources: ResourceScope[];
  others: OtherScope[];
}

const resourceScope =
  /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|c?r?u?d?s?)(?:\?([^ ?]+))?$/;

/**
 * Reads scopes separated by spaces: SMART v2 (`patient/Observation.rs?category=…`), v1 (`system/Task.read`), and
 * those that are not for resources. HubError('invalid') names each one that is not right; a scope is never read as
 * more than it says.
 * @param resourceTypes when given, a scope for any other type is refused
 */
export function readScopes(text: string, resourceTypes?: ReadonlySet<string>): ScopeList {
  const tokens = wordsOf(text);
  if (tokens.length === 0) throw new HubError('invalid', 'No scope is given, for example: system/Task.rs');
  const faults = tokens.map(token => faultOf(token, resourceTypes)).filter(fault => fault !== undefined);
  if (faults.length > 0) throw new HubError('invalid', faults);
  return {
    resources: tokens.filter(token => !isOther(token)).map(parseOne),
    others: tokens.filter(isOther),
  };
}

/** The scopes of a text, each once. */
export const wordsOf = (text: string): string[] => [
  ...new Set(text.split(' ').filter(token => token !== '')),
];

/** The same for a system, whose scopes here are for types as a whole: what its Actor may do. */
export function parseScopes(text: string, resourceTypes?: ReadonlySet<string>): ResourceScope[] {
  const foreign = wordsOf(text).filter(token => !token.startsWith('system/') || token.includes('?'));
  const faults = foreign.map(token => ({
    text: `${token}: only system scopes for a type as a whole are given to systems here, for example system/Task.rs`,
  }));
  if (faults.length > 0) throw new HubError('invalid', faults);
  return readScopes(text, resourceTypes).resources;
}

/** The scope in SMART v2 form: `patient/Task.rs`. */
export function formatScope(scope: ResourceScope): string {
  const permissions = Object.entries(letters).flatMap(([letter, interaction]) =>
    scope[interaction] ? letter : '',
  );
  const query = scope.query === undefined ? '' : `?${scope.query}`;
  return `${scope.level}/${scope.type}.${permissions.join('')}${query}`;
}

/** The wanted scopes that the registered ones, taken together, do not cover. */
export function beyond(
  wanted: readonly ResourceScope[],
  registered: readonly ResourceScope[],
): ResourceScope[] {
  return wanted.filter(scope =>
    Object.values(letters).some(
      interaction =>
        scope[interaction] && !registered.some(held => reaches(held, scope) && held[interaction]),
    ),
  );
}

/** What two lists of scopes both allow; what is said of the first (its level, its query) stays. */
export function meet<S extends Scope>(scopes: readonly S[], others: readonly Scope[]): S[] {
  return scopes.flatMap(scope =>
    others.flatMap(other => {
      const type = scope.type === '*' ? other.type : scope.type;
      if (other.type !== '*' && other.type !== type) return [];
      const both = { ...scope, type };
      for (const letter of Object.values(letters)) both[letter] = scope[letter] && other[letter];
      return Object.values(letters).some(letter => both[letter]) ? [both] : [];
    }),
  );
}

const reaches = (held: ResourceScope, wanted: ResourceScope): boolean =>
  held.level === wanted.level &&
  (held.type === '*' || held.type === wanted.type) &&
  (held.query === undefined || held.query === wanted.query);

const isOther = (token: string): token is OtherScope => otherScopes.some(other => other === token);

function parseOne(token: string): ResourceScope {
  const [, level = '', type = '', permission = '', query] = resourceScope.exec(token) ?? [];
  const allowed = firstVersion[permission] ?? permission;
  return {
    level: level as Level,
    type,
    create: allowed.includes('c'),
    read: allowed.includes('r'),
    update: allowed.includes('u'),
    delete: allowed.includes('d'),
    search: allowed.includes('s'),
    ...(query === undefined ? {} : { query }),
  };
}

function faultOf(token: string, resourceTypes: ReadonlySet<string> | undefined): Problem | undefined {
  if (isOther(token)) return undefined;
  if (!/^(patient|user|system)\//.test(token)) {
    return {
      text: `${token}: not a scope of this server; see scopes_supported in /.well-known/smart-configuration`,
    };
  }
  const [, , type, permission, query] = resourceScope.exec(token) ?? [];
  if (!type || !permission) {
    return {
      text: `${token}: not a scope for resources; the form is system/Type.cruds, in this order, each letter optional`,
    };
  }
  if (type !== '*' && resourceTypes && !resourceTypes.has(type)) {
    return { text: `${token}: ${type} is not a FHIR R4 resource type` };
  }
  if (query !== undefined && type === '*')
    return { text: `${token}: in a scope, a query needs a type that it asks about` };
  return undefined;
}
