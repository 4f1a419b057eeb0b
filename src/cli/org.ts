import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Address, CodeableConcept, Identifier, Organization } from '@medplum/fhirtypes';
import { kindNames, organizationKind } from '../onboarding/organization-kinds.ts';
import { type Command, type CommandHub, exitCode, required, UsageError, withHub } from './command.ts';

const { treating, others } = kindNames;

const options = {
  name: { type: 'string' },
  type: { type: 'string', multiple: true },
  identifier: { type: 'string', multiple: true },
  phone: { type: 'string' },
  'address-line': { type: 'string', multiple: true },
  'address-city': { type: 'string' },
  'address-district': { type: 'string' },
  'address-state': { type: 'string' },
  'address-postal-code': { type: 'string' },
  'address-country': { type: 'string' },
} as const;

export const org: Command = {
  name: 'org',
  summary: 'add an organization to the directory',
  usage: `hub org add --name NAME --type TYPE [--identifier SYSTEM|VALUE] [--phone NUMBER] [--address-… …]

Adds an Organization, which owns its own directory entry, and prints its id.
  --name NAME                what it is called
  --type TYPE                may be repeated. These treat people, and see the person's record once they accept a
                             referral: ${treating.join(', ')}.
                             These see what the sender attached to it: ${others.join(', ')}.
                             Or a code of HL7's organization types (edu, reli, …), or SYSTEM|CODE
  --identifier SYSTEM|VALUE  for example "http://hl7.org/fhir/sid/us-npi|1234567893"; may be repeated
  --phone NUMBER
  --address-line LINE (may be repeated), --address-city, --address-district, --address-state,
  --address-postal-code, --address-country`,

  async run(args, io, open) {
    const [verb, ...rest] = args;
    if (verb !== 'add') throw new UsageError(`${verb ?? 'nothing'} is not one of: add`);
    const { values } = parseArgs({ args: rest, options });
    const address = addressOf(values);
    const organization: Organization = {
      resourceType: 'Organization',
      active: true,
      ...(values.identifier ? { identifier: values.identifier.map(identifierOf) } : {}),
      name: required(values.name, '--name', '"Northside CMHC"'),
      type: typesOf(values.type),
      ...(values.phone ? { telecom: [{ system: 'phone', value: values.phone, use: 'work' }] } : {}),
      ...(address ? { address: [address] } : {}),
    };
    io.out(await withHub(open, hub => addOrganization(hub, organization)));
    return exitCode.ok;
  },
};

/** Creates the organization as the hub, but as its own: what a directory says, the organization itself maintains. */
async function addOrganization(hub: CommandHub, organization: Organization): Promise<string> {
  const id = randomUUID();
  const repository = hub.repository({ ...hub.hubActor, organization: id });
  const resource = { ...organization, id };
  await repository.write([{ kind: 'update', type: 'Organization', id, resource }], {
    purpose: 'hub org add',
  });
  return id;
}

function typesOf(texts: string[] | undefined): CodeableConcept[] {
  if (!texts) throw new UsageError('--type is missing, for example: --type cmhc');
  return texts.map(typeOf);
}

function typeOf(text: string): CodeableConcept {
  const kind = organizationKind(text);
  if (kind) return kind;
  throw new UsageError(
    `--type ${text} is not one of ${[...treating, ...others].join(', ')}, a code, or SYSTEM|CODE`,
  );
}

function identifierOf(text: string): Identifier {
  const at = text.indexOf('|');
  if (at < 1 || at === text.length - 1) {
    throw new UsageError(
      `--identifier ${text} is not SYSTEM|VALUE, for example http://hl7.org/fhir/sid/us-npi|1234567893`,
    );
  }
  return { system: text.slice(0, at), value: text.slice(at + 1) };
}

type AddressOptions = { [key in keyof typeof options]?: string | string[] | undefined };

function addressOf(values: AddressOptions): Address | undefined {
  const parts = {
    line: values['address-line'],
    city: values['address-city'],
    district: values['address-district'],
    state: values['address-state'],
    postalCode: values['address-postal-code'],
    country: values['address-country'],
  };
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
