import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Address, CodeableConcept, Coding, Identifier, Organization } from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';
import { type Command, type CommandHub, exitCode, required, UsageError, withHub } from './command.ts';

/** Short names for the kinds of organizations that a network is made of. */
const treating: Record<string, Coding> = {
  hospital: { system: system.organizationType, code: 'prov', display: 'Healthcare Provider' },
  'psychiatric-hospital': { system: system.nucc, code: '283Q00000X', display: 'Psychiatric Hospital' },
  'psychiatric-unit': { system: system.nucc, code: '273R00000X', display: 'Psychiatric Hospital Unit' },
  cmhc: {
    system: system.nucc,
    code: '261QM0801X',
    display: 'Mental Health Clinic/Center (Including Community Mental Health Center)',
  },
  'behavioral-health-agency': {
    system: system.nucc,
    code: '251S00000X',
    display: 'Community/Behavioral Health Agency',
  },
  'case-management': { system: system.nucc, code: '251B00000X', display: 'Case Management Agency' },
};
const others: Record<string, Coding> = {
  community: { system: system.organizationType, code: 'cg', display: 'Community Group' },
  government: { system: system.organizationType, code: 'govt', display: 'Government' },
  business: {
    system: system.organizationType,
    code: 'bus',
    display: 'Non-Healthcare Business or Corporation',
  },
};
const names = (kinds: Record<string, Coding>) => Object.keys(kinds).join(', ');

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
                             referral: ${names(treating)}.
                             These see what the sender attached to it: ${names(others)}.
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
  const known = treating[text] ?? others[text];
  if (known) return { coding: [known] };
  const [, named, code] = /^(?:([^|\s]+)\|)?([^|\s]+)$/.exec(text) ?? [];
  if (!code) {
    throw new UsageError(
      `--type ${text} is not one of ${names({ ...treating, ...others })}, a code, or SYSTEM|CODE`,
    );
  }
  return { coding: [{ system: named ?? system.organizationType, code }] };
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
