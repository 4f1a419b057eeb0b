import { InvalidScope } from 'oidc-provider/lib/helpers/errors.js';
import { HubError } from '../../errors.ts';
import type { ScopeReader } from '../scope-reader.ts';
import { beyond, formatScope, readScopes, type ScopeList } from '../scopes.ts';

/** The scopes that an app asks for a person, when it is registered for all of them; `invalid_scope` otherwise. */
export async function requireRegisteredScope(
  requested: string,
  registered: string,
  reader: ScopeReader,
): Promise<ScopeList> {
  const wanted = await readable(requested, reader);
  const held = readScopes(registered);
  const system = wanted.resources.filter(one => one.level === 'system');
  const exceeding = [
    ...beyond(wanted.resources, held.resources).map(formatScope),
    ...system.map(formatScope),
    ...wanted.others.filter(one => !held.others.includes(one)),
  ];
  if (exceeding.length > 0)
    throw new InvalidScope(`beyond what the app is registered for: ${[...new Set(exceeding)].join(' ')}`);
  return wanted;
}

async function readable(text: string, reader: ScopeReader): Promise<ScopeList> {
  try {
    await reader.check(text);
    return readScopes(text);
  } catch (error) {
    if (error instanceof HubError) throw new InvalidScope(error.message);
    throw error;
  }
}
