import type {
  HealthcareService,
  Parameters,
  ParametersParameter,
  Reference,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { attachedTo, readAttached } from '../../referral/packet/attached.ts';
import { type Checked, checkPacket, isComplete, type Material } from '../../referral/packet/check.ts';
import { type Need, needsOf } from '../../referral/packet/needs.ts';
import { canonical } from '../canonical.ts';
import type { Operation, OperationCall } from './operation.ts';
import { heldOf, readIfThere, tasksOf } from './packet-material.ts';
import { servicesAsked, servicesCalled } from './packet-services.ts';
import { sentence } from './validate.ts';

/** What is missing from a referral, before it is sent. */
export const packetCheck: Operation = {
  name: 'packet-check',
  definition: `${canonical}/OperationDefinition/packet-check`,
  documentation:
    'Compares what is attached to a referral, also to one that is not created yet, with what services need: attached, held but not attached, or missing. By service (HealthcareServices), or those with whose needs the referral is compared when it is sent.',
  levels: ['type', 'instance'],
  types: ['ServiceRequest'],
  methods: ['GET', 'POST'],
  async run(call) {
    requireScope(call.repository.actor, 'read', 'ServiceRequest');
    const asked = await askedOf(call);
    const services = await servicesOf(call, asked);
    const needs = services.map(service => needsOf([service]));
    const material = await materialOf(call, asked, needs.flat());
    const parameter = services.map((service, index) =>
      answerFor(service, checkPacket(needs[index] ?? [], material)),
    );
    const resource: Parameters = {
      resourceType: 'Parameters',
      ...(parameter.length ? { parameter } : {}),
    };
    return { kind: 'resource', resource };
  },
};

/** A referral as far as it is there. */
interface Asked {
  request: ServiceRequest;
  tasks: Task[];
  /** References that the Task would carry. */
  inputs: Reference[];
}

async function askedOf(call: OperationCall): Promise<Asked> {
  const given = parametersOf(call.body);
  const inputs = given.flatMap(({ name, valueReference }) =>
    name === 'input' && valueReference ? [valueReference] : [],
  );
  if (call.id !== undefined) {
    const request = (await call.repository.read('ServiceRequest', call.id)).resource() as ServiceRequest;
    return { request, tasks: await tasksOf(call.repository, request), inputs };
  }
  const request = given.find(({ name }) => name === 'request')?.resource;
  if (request?.resourceType !== 'ServiceRequest')
    throw new HubError('invalid', {
      text: 'Without an id, packet-check is asked by POST with Parameters whose parameter "request" is the ServiceRequest.',
      expression: 'Parameters.parameter',
    });
  const problems = await call.parts.validate(request);
  if (problems.length) throw new HubError('invalid', problems.map(sentence));
  const [type = '', id = ''] = request.subject?.reference?.split('/') ?? [];
  if (type !== 'Patient')
    throw new HubError('invalid', {
      text: 'The request must name its Patient, as in Patient/1.',
      expression: 'ServiceRequest.subject',
    });
  await call.repository.read(type, id);
  return { request, tasks: [], inputs };
}

function parametersOf(body: unknown): ParametersParameter[] {
  const { parameter } = (body ?? {}) as Partial<Parameters>;
  return Array.isArray(parameter) ? parameter.filter(one => typeof one === 'object' && one !== null) : [];
}

async function servicesOf(call: OperationCall, asked: Asked): Promise<HealthcareService[]> {
  const inBody = parametersOf(call.body).flatMap(({ name, valueReference }) =>
    name === 'service' ? (valueReference?.reference ?? []) : [],
  );
  const named = [...inBody, ...call.query.getAll('service')].map(one =>
    one.includes('/') ? one : `HealthcareService/${one}`,
  );
  return named.length ? servicesCalled([...new Set(named)], call) : servicesAsked(asked, call);
}

/** What is attached to a referral, and what the caller holds besides of the kinds that are needed and missing. */
export async function materialOf(
  { repository, parts }: Pick<OperationCall, 'repository' | 'parts'>,
  { request, tasks, inputs }: Asked,
  needs: readonly Need[],
): Promise<Material> {
  const read = async (reference: string) => (await readIfThere(repository, reference))?.resource();
  const more = { input: inputs.map(valueReference => ({ type: {}, valueReference })) };
  const names = attachedTo(request, [...tasks, more]);
  const { found } = await readAttached(names, read);
  const attached: Resource[] = request.id ? found : [request, ...found];
  const patient = request.subject.reference ?? '';
  const now = parts.clock.now();
  const open = checkPacket(needs, { patient, attached, now }).filter(({ status }) => status !== 'attached');
  const types = open.flatMap(({ need }) => need.is.map(({ type }) => type));
  const held = await heldOf(repository, patient, [...new Set(types)].filter(searched));
  return { patient, attached, held, now };
}

/** The request and the person are what they are: nothing else can be attached in their stead. */
const searched = (type: string): boolean => type !== 'ServiceRequest' && type !== 'Patient';

function answerFor(service: HealthcareService, checked: readonly Checked[]): ParametersParameter {
  const sendable = checked.every(({ need, status }) => status === 'attached' || need.strength !== 'required');
  return {
    name: 'service',
    part: [
      {
        name: 'reference',
        valueReference: {
          reference: `HealthcareService/${service.id}`,
          ...(service.name ? { display: service.name } : {}),
        },
      },
      { name: 'complete', valueBoolean: isComplete(checked) },
      { name: 'sendable', valueBoolean: sendable },
      ...checked.map(needPart),
    ],
  };
}

const needPart = ({ need, status, evidence }: Checked): ParametersParameter => ({
  name: 'need',
  part: [
    ...(need.item ? [{ name: 'item', valueCodeableConcept: need.item }] : []),
    ...(need.questionnaire ? [{ name: 'questionnaire', valueCanonical: need.questionnaire }] : []),
    { name: 'strength', valueCode: need.strength },
    { name: 'status', valueCode: status },
    ...evidence
      .filter(({ id }) => id !== undefined)
      .map(({ resourceType, id }) => ({
        name: 'evidence',
        valueReference: { reference: `${resourceType}/${id}` },
      })),
  ],
});
