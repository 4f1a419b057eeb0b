import { z } from 'zod';
import { roleNames, rolesFor } from '../access/roles.ts';
import { capacityStatuses } from '../referral/routing/directory-entries.ts';
import { kindNames, organizationKind } from './organization-kinds.ts';

/** A key names a thing in the file and becomes its logical id: it never changes. */
const key = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/, 'must be 1 to 64 letters, digits, dots or dashes');
const text = z.string().trim().min(1, 'must not be empty');
const email = z.email('must be an e-mail address');
const timeZone = text.refine(isTimeZone, 'must be a time zone of IANA, such as America/Chicago');

const address = z.strictObject({
  lines: z.array(text).optional(),
  city: text.optional(),
  county: text.optional(),
  state: text.optional(),
  postalCode: text.optional(),
  country: text.optional(),
});

const area = z.strictObject({
  key,
  name: text,
  state: text,
  county: text.optional(),
  postalCode: text.optional(),
});

const location = z.strictObject({
  key,
  name: text,
  phone: text.optional(),
  address: address.optional(),
  position: z
    .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional(),
});

const code = text.regex(/^([^|\s]+\|)?[^|\s]+$/, 'must be a code, or SYSTEM|CODE');

/** What a service says of its room, on a day: later news is not the file's (leave it out, and it stays as it is). */
const capacity = z.strictObject({
  status: z.enum(capacityStatuses),
  confirmed: z.iso.date('must be a day such as 2026-03-01'),
  firstOpening: z.iso.date('must be a day such as 2026-03-01').optional(),
  slots: z.int().min(0).optional(),
  waitDays: z.int().min(0).optional(),
});

const service = z.strictObject({
  key,
  name: text,
  active: z.boolean().default(true),
  types: z.array(code).min(1),
  comment: text.optional(),
  phone: text.optional(),
  email: email.optional(),
  locations: z.array(key).optional(),
  areas: z.array(key).optional(),
  ages: z
    .strictObject({ from: z.int().min(0).max(130).optional(), to: z.int().min(0).max(130).optional() })
    .optional(),
  payers: z.array(key).optional(),
  capacity: capacity.optional(),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'must be a language such as en'))
    .optional(),
});

const roles = rolesFor('', 'hub');
const role = z.enum(roleNames).refine(one => roles.includes(one), `must be one of ${roles.join(', ')}`);

const person = z.strictObject({ name: text, email, role });

const client = z.strictObject({
  id: key,
  name: text,
  scope: text,
  signsInWith: z.enum(['secret', 'keys', 'operator-token']),
  jwks: z.looseObject({ keys: z.array(z.looseObject({ kty: text })) }).optional(),
  jwksUrl: z.url().optional(),
  redirects: z.array(z.url()).optional(),
  loads: z.boolean().default(false),
});

const organization = z.strictObject({
  key,
  name: text,
  active: z.boolean().default(true),
  kinds: z
    .array(
      text.refine(
        kind => organizationKind(kind) !== undefined,
        `must be one of ${[...kindNames.treating, ...kindNames.others].join(', ')}, a code, or SYSTEM|CODE`,
      ),
    )
    .min(1),
  identifiers: z.array(z.strictObject({ system: z.url(), value: text })).optional(),
  phone: text.optional(),
  email: email.optional(),
  timeZone: timeZone.optional(),
  address: address.optional(),
  locations: z.array(location).default([]),
  services: z.array(service).default([]),
  people: z.array(person).default([]),
  clients: z.array(client).default([]),
});

/** What `hub apply` takes: a whole network, or a part of it. docs/operating.md says what each field is for. */
export const networkFile = z.strictObject({
  network: z
    .strictObject({
      name: text.optional(),
      phone: text.optional(),
      email: email.optional(),
      timeZone: timeZone.optional(),
    })
    .optional(),
  areas: z.array(area).default([]),
  organizations: z.array(organization).default([]),
});

export type NetworkFile = z.output<typeof networkFile>;
export type OrganizationEntry = NetworkFile['organizations'][number];
export type ServiceEntry = OrganizationEntry['services'][number];
export type ClientEntry = OrganizationEntry['clients'][number];
export type AddressEntry = z.output<typeof address>;

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
