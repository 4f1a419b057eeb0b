import { join } from 'node:path';
import type { Organization } from '@medplum/fhirtypes';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { createHub } from '../../src/hub.ts';

const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache/warm-handoff');

/**
 * Organizations and a client of each, made before a process runs on this data: a command each would take a process each.
 * Resolves to their tokens (good for an hour), in the same order.
 */
export async function makeParties(
  env: Record<string, string>,
  parties: readonly (Partial<Organization> & { id: string })[],
): Promise<string[]> {
  const config = readConfig({ HUB_ENV: 'test', HUB_LOG: 'silent', ...env, HUB_CACHE: cacheFolder });
  const hub = await createHub({ config, clock: systemClock, baseUrl: 'http://127.0.0.1' });
  try {
    const tokens: string[] = [];
    for (const party of parties) {
      const { id } = party;
      const resource = { resourceType: 'Organization', name: id, active: true, ...party } as const;
      await hub
        .repository(hub.hubActor)
        .write([{ kind: 'update', type: 'Organization', id, resource, inNameOf: id }]);
      const client = { clientId: id, name: id, organization: id, scope: 'system/*.cruds', secret: true };
      await hub.authorization.clients.add(client);
      tokens.push((await hub.authorization.issueToken({ client: id, ttl: 3600 })).token);
    }
    return tokens;
  } finally {
    await hub.close();
  }
}
