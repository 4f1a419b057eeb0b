import type { Organization, Parameters, Patient } from '@medplum/fhirtypes';
import { requireAbility } from '../../access/abilities.ts';
import { type EmergencyPurpose, emergencyAccess, emergencyPurposes } from '../../access/emergency.ts';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { isTreatingProvider } from '../../referral/treating-provider.ts';
import type { StoredVersion } from '../../store/types.ts';
import { canonical } from '../canonical.ts';
import { createRepository } from '../create-repository.ts';
import { searchContext } from '../run-search.ts';
import { parseSearch } from '../search/parse.ts';
import { internal } from '../write/world.ts';
import { hubActor } from '../write/write.ts';
import type { Operation, OperationCall } from './operation.ts';

/**
 * Emergency access ("break the glass", 42 CFR 2.51): who treats people opens one person's whole record for a few
 * hours. It is recorded, and who keeps the record is told by the same commit that opens it.
 */
export const breakGlass: Operation = {
  name: 'break-glass',
  definition: `${canonical}/OperationDefinition/break-glass`,
  documentation:
    'Emergency access to the record of one person, by id, identifier or name and birthdate: purpose (ETREAT or BTG) and reason. The organization that keeps the record is told at once.',
  levels: ['type', 'instance'],
  types: ['Patient'],
  methods: ['POST'],
  async run(call) {
    const { parts, repository } = call;
    requireScope(repository.actor, 'read', 'Patient');
    requireAbility(repository.actor, 'break-glass');
    await requireTreating(call);
    const purpose = readPurpose(call.query);
    const reason = readReason(call.query);
    const found = await onlyPerson(call);
    const { organization } = repository.actor;
    if (found?.source === organization)
      throw new HubError('invalid', 'Your organization keeps this record: it is open to it.');
    await record(call, purpose, found);
    if (!found?.body) throw nobody();
    const access = emergencyAccess({
      patient: JSON.parse(found.body) as Patient,
      organization,
      keeper: found.source,
      purpose,
      reason,
      now: parts.clock.now(),
      hours: parts.privacy.emergencyHours,
    });
    const hub = createRepository(parts, hubActor(parts));
    const [written] = await hub.write([{ kind: 'create', resource: access }], { purpose });
    const resource: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'patient', valueReference: { reference: `Patient/${found.id}` } },
        { name: 'access', valueReference: { reference: `Communication/${written?.stored?.id}` } },
        { name: 'until', valueInstant: access.extension?.[0]?.valuePeriod?.end ?? '' },
      ],
    };
    return { kind: 'resource', resource };
  },
};

async function requireTreating({ parts, repository }: OperationCall): Promise<void> {
  const key = { type: 'Organization', id: repository.actor.organization };
  const stored = await parts.store.read(key, internal(parts));
  const organization = stored?.body ? (JSON.parse(stored.body) as Organization) : undefined;
  if (organization && isTreatingProvider(organization)) return;
  throw new HubError('forbidden', 'Only an organization that treats people opens a record in an emergency.');
}

function readPurpose(query: URLSearchParams): EmergencyPurpose {
  const given = query.get('purpose');
  const purpose = emergencyPurposes.find(one => one === given);
  if (purpose) return purpose;
  throw new HubError('invalid', {
    text: `purpose must be ${emergencyPurposes.join(' or ')} (v3 PurposeOfUse).`,
    expression: 'Parameters.parameter',
  });
}

const shortest = 10;
const longest = 2000;

function readReason(query: URLSearchParams): string {
  const reason = (query.get('reason') ?? '').trim();
  if (reason.length >= shortest && reason.length <= longest) return reason;
  throw new HubError('invalid', {
    text: `reason must say in ${shortest} to ${longest} characters why the record is needed now.`,
    expression: 'Parameters.parameter',
  });
}

/** The one person that is meant: nobody and several are the same to the caller. */
async function onlyPerson({ parts, id, query }: OperationCall): Promise<StoredVersion | undefined> {
  if (id !== undefined) return parts.store.read({ type: 'Patient', id }, internal(parts));
  const wanted = identity(query);
  const context = searchContext(parts, internal(parts));
  const parsed = await parseSearch(context, { type: 'Patient', query: wanted });
  const bounded = { ...parsed.query, count: 2, total: 'none' } as const;
  const { entries } = await parts.store.search(bounded, internal(parts));
  return entries.length === 1 ? entries[0] : undefined;
}

function identity(query: URLSearchParams): URLSearchParams {
  const [identifier, name, birthdate] = ['identifier', 'name', 'birthdate'].map(one => query.get(one) ?? '');
  if (identifier?.includes('|')) return new URLSearchParams({ identifier });
  if (name && birthdate && /^\d{4}-\d\d-\d\d$/.test(birthdate))
    return new URLSearchParams([
      ...name
        .trim()
        .split(/\s+/)
        .map(word => ['name', word]),
      ['birthdate', birthdate],
    ]);
  throw new HubError('invalid', {
    text: 'Say who is meant: identifier (system|value), or name and birthdate (YYYY-MM-DD).',
    expression: 'Parameters.parameter',
  });
}

const nobody = (): HubError => new HubError('not-found', 'This selects no person, or more than one.');

async function record(
  { parts, repository }: OperationCall,
  purpose: string,
  found: StoredVersion | undefined,
): Promise<void> {
  const { kind, id, organization } = repository.actor;
  const entities = found?.body
    ? [{ type: 'Patient', id: found.id, owner: found.source, patient: found.id }]
    : [];
  await parts.audit.record({
    kind: 'emergency',
    outcome: entities.length ? 'success' : 'not-found',
    agent: { kind, id, organization },
    interaction: '$break-glass',
    type: 'Patient',
    purpose,
    entities,
  });
}
