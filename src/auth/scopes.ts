import type { Interaction, Scope } from '../access/actor.ts';
import { HubError, type Problem } from '../errors.ts';

const letters = { c: 'create', r: 'read', u: 'update', d: 'delete', s: 'search' } as const satisfies Record<
  string,
  Interaction
>;

/** What the permissions of SMART v1 mean in v2 (https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html). */
const firstVersion: Record<string, string> = { read: 'rs', write: 'cud', '*': 'cruds' };

const systemScope = /^system\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|c?r?u?d?s?)$/;

/**
 * Reads SMART system scopes, in v2 (`system/Task.rs`) or v1 (`system/Task.read`) form, separated by spaces.
 * HubError('invalid') names each one that is not right; a scope is never read as more than it says.
 * @param resourceTypes when given, a scope for any other type is refused
 */
export function parseScopes(text: string, resourceTypes?: ReadonlySet<string>): Scope[] {
  const tokens = [...new Set(text.split(' ').filter(token => token !== ''))];
  if (tokens.length === 0) throw new HubError('invalid', 'No scope is given, for example: system/Task.rs');
  const faults = tokens.map(token => faultOf(token, resourceTypes)).filter(fault => fault !== undefined);
  if (faults.length > 0) throw new HubError('invalid', faults);
  return tokens.map(parseOne);
}

/** The scope in SMART v2 form: `system/Task.rs`. */
export function formatScope(scope: Scope): string {
  const permissions = Object.entries(letters).flatMap(([letter, interaction]) =>
    scope[interaction] ? letter : '',
  );
  return `system/${scope.type}.${permissions.join('')}`;
}

/** The wanted scopes that the registered ones, taken together, do not cover. */
export function beyond(wanted: readonly Scope[], registered: readonly Scope[]): Scope[] {
  return wanted.filter(scope =>
    Object.values(letters).some(
      interaction =>
        scope[interaction] &&
        !registered.some(held => (held.type === '*' || held.type === scope.type) && held[interaction]),
    ),
  );
}

function parseOne(token: string): Scope {
  const [, type = '', permission = ''] = systemScope.exec(token) ?? [];
  const allowed = firstVersion[permission] ?? permission;
  return {
    type,
    create: allowed.includes('c'),
    read: allowed.includes('r'),
    update: allowed.includes('u'),
    delete: allowed.includes('d'),
    search: allowed.includes('s'),
  };
}

function faultOf(token: string, resourceTypes: ReadonlySet<string> | undefined): Problem | undefined {
  if (token.includes('?')) {
    return { text: `${token}: scopes restricted by a query are not supported; ask for the type as a whole` };
  }
  if (!token.startsWith('system/')) {
    return { text: `${token}: only system scopes are given to clients, for example system/Task.rs` };
  }
  const [, type, permission] = systemScope.exec(token) ?? [];
  if (!type || !permission) {
    return {
      text: `${token}: not a system scope; the form is system/Type.cruds, in this order, each letter optional`,
    };
  }
  if (type !== '*' && resourceTypes && !resourceTypes.has(type)) {
    return { text: `${token}: ${type} is not a FHIR R4 resource type` };
  }
  return undefined;
}
