import { z } from 'zod';

/** What is absent in JSON is null in some sources, and in CSV an empty cell or one of blanks: none of them is 0. */
const isAbsent = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && value.trim() === '');

const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess(value => (isAbsent(value) ? undefined : value), schema.optional());

const text = optional(z.coerce.string());
/** GeoJSON as a text; some sources have it as an object. */
const geometry = z.preprocess(
  value => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value),
  text,
);
const number = optional(z.coerce.number());
const id = z.union([z.string().min(1), z.number()]).transform(String);
const many = <T extends z.ZodType>(schema: T) =>
  z.preprocess(value => value ?? [], z.array(schema)) as z.ZodType<z.output<T>[]>;

const phone = z.object({ number: text, extension: text, type: text });
const language = z.object({ name: text, code: text });

const schedule = z.object({ byday: text, opens_at: text, closes_at: text, description: text });

const address = z.object({
  address_1: text,
  address_2: text,
  city: text,
  region: text,
  state_province: text,
  postal_code: text,
  country: text,
  address_type: text,
});

const location = z.object({
  id,
  location_type: text,
  name: text,
  description: text,
  latitude: number,
  longitude: number,
  addresses: many(address),
  phones: many(phone),
});

const term = z.object({ code: text, name: text, taxonomy: text, term_uri: text });

export const organizationSchema = z.object({
  id,
  name: z.string().min(1),
  alternate_name: text,
  description: text,
  email: text,
  website: text,
  phones: many(phone),
});

/**
 * A service of HSDS 3 with all that it refers to inside it, as `/services/{id}` of an HSDS API answers
 * (https://docs.openreferral.org/en/3.0/hsds/schema_reference.html). What the directory has no use for is passed over.
 */
export const serviceSchema = z.object({
  id,
  name: z.string().min(1),
  alternate_name: text,
  description: text,
  url: text,
  email: text,
  status: text,
  application_process: text,
  fees_description: text,
  eligibility_description: text,
  minimum_age: number,
  maximum_age: number,
  assured_date: text,
  alert: text,
  organization: organizationSchema,
  phones: many(phone),
  languages: many(language),
  schedules: many(schedule),
  cost_options: many(z.object({ amount: number })),
  capacities: many(z.object({ available: number, updated: text })),
  service_areas: many(z.object({ id, name: text, description: text, extent: geometry, extent_type: text })),
  service_at_locations: many(z.object({ location: optional(location) })),
  attributes: many(z.object({ taxonomy_term: optional(term) })),
});

export type HsdsService = z.output<typeof serviceSchema>;
export type HsdsOrganization = z.output<typeof organizationSchema>;
export type HsdsLocation = z.output<typeof location>;
export type HsdsTerm = z.output<typeof term>;
export type HsdsArea = HsdsService['service_areas'][number];
export type HsdsPhone = z.output<typeof phone>;

/** A data set as it was read: services that are right, and those that are not, with what is wrong. */
export interface HsdsData {
  services: HsdsService[];
  refused: { key: string; why: string }[];
}

/** Reads services one by one: what is wrong with one holds up no other. */
export function readServices(all: readonly unknown[]): HsdsData {
  const data: HsdsData = { services: [], refused: [] };
  for (const [index, one] of all.entries()) {
    const parsed = serviceSchema.safeParse(one);
    if (parsed.success) data.services.push(parsed.data);
    else {
      const named = (one as { id?: unknown } | null)?.id;
      const why = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
      data.refused.push({ key: `service:${named ?? `number ${index + 1}`}`, why });
    }
  }
  return data;
}
