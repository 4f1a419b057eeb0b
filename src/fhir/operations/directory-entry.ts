import type { HealthcareService } from '@medplum/fhirtypes';
import { requireOwner, requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { capacityStatuses } from '../../referral/routing/directory-entries.ts';
import { type CapacityStatement, confirmed, withCapacity } from '../../referral/routing/statements.ts';
import { canonical } from '../canonical.ts';
import type { Operation, OperationAnswer, OperationCall } from './operation.ts';

/** Its organization says that the entry is right. */
export const confirmEntry: Operation = {
  name: 'confirm',
  definition: `${canonical}/OperationDefinition/healthcare-service-confirm`,
  documentation:
    'Says that this entry of the directory is right as of today. Only the organization that owns it calls it.',
  levels: ['instance'],
  types: ['HealthcareService'],
  methods: ['POST'],
  run: call => changing(call, confirmed),
};

/** Its organization says how much room it has; the next match goes by it. */
export const stateCapacity: Operation = {
  name: 'capacity',
  definition: `${canonical}/OperationDefinition/healthcare-service-capacity`,
  documentation:
    'Says how much room this service has as of today: status, slots (free places), wait-days, first-opening. Only the organization that owns it calls it; the next match goes by it.',
  levels: ['instance'],
  types: ['HealthcareService'],
  methods: ['POST'],
  run(call) {
    const statement = statementIn(call.query);
    return changing(call, (service, day) => withCapacity(service, statement, day));
  },
};

async function changing(
  { parts, repository, id = '' }: OperationCall,
  change: (service: HealthcareService, day: string) => HealthcareService,
): Promise<OperationAnswer> {
  requireScope(repository.actor, 'update', 'HealthcareService');
  const found = await repository.read('HealthcareService', id);
  requireOwner(repository.actor, found);
  const day = parts.clock.now().toISOString().slice(0, 10);
  const [written] = await repository.write([
    {
      kind: 'update',
      type: 'HealthcareService',
      id,
      resource: change(found.resource() as HealthcareService, day),
      ifMatch: `W/"${found.versionId}"`,
    },
  ]);
  return { kind: 'resource', resource: (written?.stored ?? found).resource() };
}

function statementIn(query: URLSearchParams): CapacityStatement {
  const [status, slots, waitDays, firstOpening] = [
    query.get('status'),
    wholeNumber(query, 'slots'),
    wholeNumber(query, 'wait-days'),
    query.get('first-opening'),
  ];
  const known = capacityStatuses.find(one => one === status);
  if (status !== null && !known) throw wrong('status', `is one of ${capacityStatuses.join(', ')}`);
  if (firstOpening !== null && Number.isNaN(Date.parse(firstOpening)))
    throw wrong('first-opening', 'is a date such as 2026-03-09');
  return {
    ...(known ? { status: known } : {}),
    ...(slots === undefined ? {} : { slots }),
    ...(waitDays === undefined ? {} : { waitDays }),
    ...(firstOpening === null ? {} : { firstOpening: firstOpening.slice(0, 10) }),
  };
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw wrong(name, 'is a whole number that is not negative');
}

const wrong = (name: string, what: string): HubError =>
  new HubError('unprocessable', {
    text: `${name} ${what}.`,
    expression: `Parameters.parameter.where(name = '${name}')`,
  });
