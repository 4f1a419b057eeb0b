import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { requireAbility } from '../../access/abilities.ts';
import { labelsIn } from '../../access/labels.ts';
import { type AuditEntity, type AuditRecord, fromRow } from '../../audit/entry.ts';
import { HubError } from '../../errors.ts';
import { keyOf } from '../../store/audit/keys.ts';
import { canonical } from '../canonical.ts';
import { dateRange } from '../definitions/dates.ts';
import { basisFinder } from './disclosure-basis.ts';
import type { Operation, OperationCall } from './operation.ts';

const years = 3;
const most = 1000;

/** One resource that one organization was shown. */
interface Disclosure {
  record: AuditRecord;
  entity: AuditEntity;
}

/**
 * Who received what of a person's record, when and on what ground: at most three years back (42 CFR 2.24), newest
 * first. An organization is told of its own resources; the operator of the hub of all.
 */
export const disclosures: Operation = {
  name: 'disclosures',
  definition: `${canonical}/OperationDefinition/disclosures`,
  documentation:
    'Who received what of the person’s record, when and on what ground, for three years: _since, _count, and before (of the answer before) for the next page.',
  levels: ['instance'],
  types: ['Patient'],
  methods: ['GET'],
  async run(call) {
    const { parts, repository, id = '' } = call;
    requireAbility(repository.actor, 'list-disclosures');
    const patient = repository.actor.organization === parts.hubOrganization ? id : await visible(call);
    const { found, next } = await disclosed(call, patient);
    const basisOf = basisFinder(parts, patient);
    const parameter: ParametersParameter[] = [];
    for (const one of found) parameter.push({ name: 'disclosure', part: await partsOf(one, basisOf) });
    if (next !== undefined) parameter.push({ name: 'next', valueString: String(next) });
    const resource: Parameters = { resourceType: 'Parameters', parameter };
    return { kind: 'resource', resource };
  },
};

const visible = async ({ repository, id = '' }: OperationCall): Promise<string> =>
  (await repository.read('Patient', id)).id;

async function disclosed(
  { parts, repository, query }: OperationCall,
  patient: string,
): Promise<{ found: Disclosure[]; next?: number }> {
  const { organization } = repository.actor;
  const limit = count(query);
  const before = place(query);
  const rows = await parts.audit.events.search({
    keys: [[keyOf.patient(patient)]],
    kinds: ['read', 'search', 'history', 'operation', 'export', 'link', 'disclosure'],
    outcomes: ['success'],
    from: since(threeYearsBefore(parts.clock.now()), query),
    ...(before === undefined ? {} : { start: before }),
    limit: limit + 1,
  });
  const all = organization === parts.hubOrganization;
  const found = rows.slice(0, limit).flatMap(row => {
    const record = fromRow(row);
    const shown = (record.entities ?? []).filter(
      entity =>
        (entity.patient === patient || (entity.type === 'Patient' && entity.id === patient)) &&
        isDisclosure(record, entity) &&
        (all || entity.owner === organization),
    );
    return shown.map(entity => ({ record, entity }));
  });
  const next = rows[limit]?.seq;
  return { found, ...(next === undefined ? {} : { next }) };
}

/** Shown to somebody else than its owner, by somebody else than the hub's own machinery. */
const isDisclosure = ({ agent }: AuditRecord, { owner, hidden }: AuditEntity): boolean =>
  !hidden && agent.kind !== 'hub' && agent.kind !== 'bot' && agent.organization !== owner;

async function partsOf(
  { record, entity }: Disclosure,
  basisOf: ReturnType<typeof basisFinder>,
): Promise<ParametersParameter[]> {
  const { agent, at, kind } = record;
  const { type, id, version, owner, label = 0 } = entity;
  const basis = await basisOf({ at, recipient: agent.organization ?? '', owner: owner ?? '', label });
  return [
    { name: 'recipient', valueReference: { reference: `Organization/${agent.organization}` } },
    { name: 'agent', valueString: agent.id },
    { name: 'at', valueInstant: new Date(at).toISOString() },
    { name: 'discloser', valueReference: { reference: `Organization/${owner}` } },
    {
      name: 'what',
      valueReference: { reference: `${type}/${id}${version ? `/_history/${version}` : ''}` },
    },
    { name: 'how', valueCode: kind },
    ...labelsIn(label).map(valueCode => ({ name: 'label', valueCode })),
    ...(basis.reference ? [{ name: 'under', valueReference: { reference: basis.reference } }] : []),
    { name: 'because', valueString: basis.words },
  ];
}

const threeYearsBefore = (now: Date): number => {
  const start = new Date(now.getTime());
  start.setUTCFullYear(start.getUTCFullYear() - years);
  return start.getTime();
};

function since(earliest: number, query: URLSearchParams): number {
  const asked = query.get('_since');
  if (asked === null) return earliest;
  const range = dateRange(asked);
  if (!range) throw new HubError('invalid', '_since must be an instant such as 2024-05-01T08:30:00Z.');
  return Math.max(earliest, range.lo);
}

function count(query: URLSearchParams): number {
  const asked = query.get('_count') ?? '200';
  if (!/^[1-9][0-9]{0,8}$/.test(asked))
    throw new HubError('invalid', '_count must be a whole number from 1.');
  return Math.min(Number(asked), most);
}

function place(query: URLSearchParams): number | undefined {
  const asked = query.get('before');
  if (asked === null) return undefined;
  if (!/^[0-9]{1,15}$/.test(asked))
    throw new HubError('invalid', 'before must be what "next" of the answer before said.');
  return Number(asked);
}
