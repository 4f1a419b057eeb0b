import { requireAbility } from '../access/abilities.ts';
import type { Actor } from '../access/actor.ts';
import type { Audit } from '../audit/audit.ts';
import type { AuditEntity } from '../audit/entry.ts';
import { HubError } from '../errors.ts';

/** Does what an operator asks for, and answers with what came of it. */
export type ForOperator = <T>(
  actor: Actor,
  name: string,
  work: () => Promise<{ result: T; entities?: readonly AuditEntity[] }>,
) => Promise<T>;

/**
 * Lets operators of the hub in (`run-bots`, for the hub's own organization), others get HubError `forbidden`, and
 * records what is asked for, allowed or not, whatever comes of it.
 */
export function forOperators({
  audit,
  hubOrganization,
}: {
  audit: Pick<Audit, 'record'>;
  hubOrganization: string;
}): ForOperator {
  return async (actor, name, work) => {
    const agent = { kind: actor.kind, id: actor.id, organization: actor.organization };
    const event = { kind: 'operation', interaction: 'operation', purpose: name, agent } as const;
    try {
      requireOperator(actor, hubOrganization);
      const { result, entities = [] } = await work();
      await audit.record({ ...event, outcome: 'success', entities });
      return result;
    } catch (error) {
      const why = error instanceof HubError ? error.kind : 'error';
      await audit.record({ ...event, outcome: why === 'forbidden' ? 'refused' : 'failed', why });
      throw error;
    }
  };
}

function requireOperator(actor: Actor, hubOrganization: string): void {
  requireAbility(actor, 'run-bots');
  if (actor.organization !== hubOrganization)
    throw new HubError('forbidden', 'What the hub could not do is seen by its own operators.');
}
