import { requireAbility } from '../../access/abilities.ts';
import type { Actor, Scope } from '../../access/actor.ts';
import { emergencyCategory } from '../../access/emergency.ts';
import { requireScope } from '../../access/writes.ts';
import { canonical } from '../canonical.ts';
import { createRepository } from '../create-repository.ts';
import { refuse } from '../search/refuse.ts';
import type { Operation } from './operation.ts';

const own = ['_since', '_count', '_cursor'];
/** Parameters of every interaction, which are not about the accesses. */
const transport = ['_format', '_pretty'];

/**
 * When records were opened in an emergency, by whom, why and until when: for who reads the audit, of the records that
 * the caller's organization keeps and of those that it opened; the operator of the hub is told of all. These are the
 * Communications that the accesses rest on, and nothing else that people write to each other.
 */
export const emergencyAccesses: Operation = {
  name: 'emergency-accesses',
  definition: `${canonical}/OperationDefinition/emergency-accesses`,
  documentation:
    'The emergency accesses that the caller’s organization made, and those to records that it keeps: who, why, until when. For who reads the audit: _since, _count.',
  levels: ['type'],
  types: ['Patient'],
  methods: ['GET'],
  async run({ parts, repository, query }) {
    requireScope(repository.actor, 'search', 'AuditEvent');
    requireAbility(repository.actor, 'read-audit');
    const unknown = [...query.keys()].find(name => ![...own, ...transport].includes(name));
    if (unknown !== undefined)
      throw refuse(unknown, `$emergency-accesses takes ${own.slice(0, 2).join(' and ')}`);
    const since = query.get('_since');
    const search = new URLSearchParams([
      ['category', `${emergencyCategory.system}|${emergencyCategory.code}`],
      ['_sort', '-sent'],
      ...(since === null ? [] : [['sent', `ge${since}`]]),
      ...['_count', '_cursor'].flatMap(name => query.getAll(name).map(value => [name, value])),
    ] as [string, string][]);
    const page = await createRepository(parts, readingThem(repository.actor)).search('Communication', search);
    return { kind: 'page', page: withOwnLinks(page, query), path: '/Patient/$emergency-accesses' };
  },
};

/** Who may search the audit reads what it rests on, of the same people; a scope that names events alone says nothing of it. */
const readingThem = (actor: Actor): Actor => ({
  ...actor,
  scopes: actor.scopes.filter(isOfAudit).map(({ patient }) => ({
    ...{ type: 'Communication', create: false, read: true, update: false, delete: false, search: true },
    ...(patient === undefined ? {} : { patient }),
  })),
});

const isOfAudit = ({ type, search, filters }: Scope): boolean =>
  (type === '*' || type === 'AuditEvent') && search && filters === undefined;

function withOwnLinks<P extends { self: string; next?: string }>(page: P, query: URLSearchParams): P {
  const self = new URLSearchParams([...query].filter(([name]) => own.includes(name)));
  const cursor = page.next === undefined ? null : new URLSearchParams(page.next).get('_cursor');
  const next = new URLSearchParams(self);
  if (cursor !== null) next.set('_cursor', cursor);
  return { ...page, self: self.toString(), ...(cursor === null ? {} : { next: next.toString() }) };
}
