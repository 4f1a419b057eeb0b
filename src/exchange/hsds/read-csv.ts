import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { HubError } from '../../errors.ts';
import { readJson } from './read-json.ts';

type Row = Record<string, string>;
type Tables = ReadonlyMap<string, readonly Row[]>;

const descriptor = z.object({
  resources: z.array(z.object({ name: z.string(), path: z.union([z.string(), z.array(z.string())]) })),
});

/**
 * The services of a data package (https://specs.frictionlessdata.io/data-package/) of HSDS tables, each with all that
 * refers to it inside it, as the API would answer.
 *
 * @param file `datapackage.json`; its tables lie beside it or below
 */
export async function readDataPackage(file: string): Promise<unknown[]> {
  const parsed = descriptor.safeParse(await readJson(file));
  if (!parsed.success)
    throw new HubError('invalid', `${file} is no data package: it lists no resources with name and path.`);
  const tables = new Map<string, Row[]>();
  for (const { name, path } of parsed.data.resources) {
    const rows: Row[] = [];
    for (const one of [path].flat()) rows.push(...(await rowsOf(below(dirname(file), one), one)));
    tables.set(singular(name), rows);
  }
  return nested(tables);
}

/** A package names its own files only. */
function below(folder: string, path: string): string {
  const clean = normalize(path);
  if (isAbsolute(clean) || clean.startsWith('..') || /^[a-z]+:/i.test(path))
    throw new HubError('invalid', `The data package names ${path}: its tables lie beside it.`);
  return join(folder, clean);
}

async function rowsOf(file: string, name: string): Promise<Row[]> {
  try {
    return parse(await readFile(file), { bom: true, columns: true, skip_empty_lines: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new HubError('invalid', `The table ${name} cannot be read: ${why}`);
  }
}

/** Version 3 calls its tables in the singular, some sources as before: services, services_at_location. */
const singular = (name: string): string =>
  name
    .toLowerCase()
    .split('_')
    .map(word =>
      word
        .replace(/ies$/, 'y')
        .replace(/sses$/, 'ss')
        .replace(/([^s])s$/, '$1'),
    )
    .join('_');

function nested(tables: Tables): unknown[] {
  const of = (table: string, column: string) => grouped(tables.get(singular(table)) ?? [], column);
  const by = (table: string) =>
    new Map((tables.get(singular(table)) ?? []).map(row => [row.id ?? '', row] as const));
  const [organizations, locations, terms] = [by('organization'), by('location'), by('taxonomy_term')];
  const links = of('service_at_location', 'service_id');
  const attributes = grouped(
    (tables.get('attribute') ?? []).filter(({ link_entity }) => (link_entity ?? 'service') === 'service'),
    'link_id',
  );
  const inside = (table: string, column: string) => {
    const groups = of(table, column);
    return (row: Row) => groups.get(row.id ?? '') ?? [];
  };
  const parts = {
    phones: inside('phone', 'service_id'),
    languages: inside('language', 'service_id'),
    schedules: inside('schedule', 'service_id'),
    cost_options: inside('cost_option', 'service_id'),
    service_areas: inside('service_area', 'service_id'),
    capacities: inside('service_capacity', 'service_id'),
  };
  const ofLocation = {
    addresses: inside('address', 'location_id'),
    phones: inside('phone', 'location_id'),
  };
  const phonesOfOrganization = inside('phone', 'organization_id');
  const place = (row: Row) => ({ ...row, ...filled(ofLocation, row) });
  return (tables.get('service') ?? []).map(service => {
    const organization = organizations.get(service.organization_id ?? '');
    return {
      ...service,
      ...filled(parts, service),
      organization: organization && { ...organization, phones: phonesOfOrganization(organization) },
      service_at_locations: (links.get(service.id ?? '') ?? []).map(({ location_id }) => {
        const row = locations.get(location_id ?? '');
        return { location: row && place(row) };
      }),
      attributes: (attributes.get(service.id ?? '') ?? []).map(({ taxonomy_term_id }) => ({
        taxonomy_term: terms.get(taxonomy_term_id ?? ''),
      })),
    };
  });
}

const filled = (parts: Record<string, (row: Row) => unknown>, row: Row): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parts).map(([name, of]) => [name, of(row)]));

function grouped(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row[column] ?? '';
    if (key) groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}
