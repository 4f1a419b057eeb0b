import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Row = Record<string, string | number>;

/** A made-up county in HSDS 3: some organizations, each with services at places. */
export interface MadeUp {
  organization: Row[];
  service: Row[];
  location: Row[];
  service_at_location: Row[];
  address: Row[];
  phone: Row[];
  language: Row[];
  schedule: Row[];
  service_area: Row[];
  service_capacity: Row[];
  taxonomy_term: Row[];
  attribute: Row[];
  cost_option: Row[];
}

/** A square of one degree around a place, as GeoJSON. */
export const square = (latitude: number, longitude: number): string =>
  JSON.stringify({
    type: 'Polygon',
    coordinates: [
      [
        [longitude - 0.5, latitude - 0.5],
        [longitude + 0.5, latitude - 0.5],
        [longitude + 0.5, latitude + 0.5],
        [longitude - 0.5, latitude + 0.5],
        [longitude - 0.5, latitude - 0.5],
      ],
    ],
  });

const terms: Row[] = [
  { id: 't-food', code: 'BD-1800.2000', name: 'Food Pantries', taxonomy: 'https://211hsis.org' },
  { id: 't-house', code: 'BH-1800.8500', name: 'Homeless Shelter', taxonomy: 'https://211hsis.org' },
  { id: 't-safe', code: 'BH-1800.1500-100', name: 'Crisis Shelter', taxonomy: 'https://211hsis.org' },
];

/** `count` services of a third as many organizations; the last one is a shelter from domestic violence. */
export function madeUp(count: number): MadeUp {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const organizations = Array.from({ length: Math.ceil(count / 3) }, (_, index) => index);
  const hidden = count - 1;
  return {
    organization: organizations.map(index => ({
      id: `o${index}`,
      name: `Helpers ${index}`,
      email: `help${index}@example.org`,
    })),
    service: numbers.map(index => ({
      id: `s${index}`,
      organization_id: `o${Math.floor(index / 3)}`,
      name: index === hidden ? 'Safe nights' : `Service ${index}, "open" to all`,
      description:
        index === hidden ? 'A door at 9 Hidden Lane is open at night.' : `What number ${index} does`,
      status: 'active',
      minimum_age: 18,
      assured_date: '2026-02-01',
    })),
    location: numbers.map(index => ({
      id: `l${index}`,
      location_type: 'physical',
      name: `Place ${index}`,
      latitude: 30 + index / 100,
      longitude: -97,
    })),
    service_at_location: numbers.map(index => ({
      id: `sl${index}`,
      service_id: `s${index}`,
      location_id: `l${index}`,
    })),
    address: numbers.map(index => ({
      id: `a${index}`,
      location_id: `l${index}`,
      address_1: index === hidden ? '9 Hidden Lane' : `${index} Main Street`,
      city: 'Austin',
      state_province: 'TX',
      postal_code: '78701',
      country: 'US',
      address_type: 'physical',
    })),
    phone: numbers.map(index => ({ id: `p${index}`, service_id: `s${index}`, number: `555-01${index}` })),
    language: numbers.map(index => ({
      id: `g${index}`,
      service_id: `s${index}`,
      name: 'Spanish',
      code: 'es',
    })),
    schedule: numbers.map(index => ({
      id: `h${index}`,
      service_id: `s${index}`,
      byday: 'MO,TU',
      opens_at: '09:00:00',
      closes_at: '17:00:00',
    })),
    service_area: [
      {
        id: 'area1',
        service_id: 's0',
        name: 'Around Austin',
        extent: square(30.2, -97.7),
        extent_type: 'geojson',
      },
      { id: 'area2', service_id: 's1', name: 'All of the county', extent: 'county', extent_type: 'text' },
    ],
    service_capacity: [
      { id: 'c1', service_id: 's0', available: 3, maximum: 9, updated: '2026-02-20T10:00:00Z' },
    ],
    taxonomy_term: terms,
    attribute: numbers.map(index => ({
      id: `at${index}`,
      link_id: `s${index}`,
      link_entity: 'service',
      taxonomy_term_id: index === hidden ? 't-safe' : index % 2 ? 't-house' : 't-food',
    })),
    cost_option: [{ id: 'co1', service_id: 's0', amount: 0 }],
  };
}

/** The data set as a data package of CSV tables (https://docs.openreferral.org/en/3.0/). */
export async function writePackage(folder: string, data: MadeUp): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tables = Object.entries(data) as [string, Row[]][];
  const resources = tables.map(([name]) => ({ name, path: `${name}.csv`, profile: 'tabular-data-resource' }));
  await writeFile(join(folder, 'datapackage.json'), JSON.stringify({ name: 'county', resources }));
  for (const [name, rows] of tables) {
    const columns = Object.keys(rows[0] ?? { id: '' });
    const cell = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
    const lines = [columns.join(','), ...rows.map(row => columns.map(column => cell(row[column])).join(','))];
    await writeFile(join(folder, `${name}.csv`), `\ufeff${lines.join('\r\n')}\r\n`);
  }
}

/** The same services as an HSDS API has them: each whole, what it refers to inside it. */
export function asJson(data: MadeUp): Row[] {
  const of = (rows: readonly Row[], column: string, id: unknown) => rows.filter(row => row[column] === id);
  const services = data.service.map(service => ({
    ...service,
    organization: of(data.organization, 'id', service.organization_id)[0],
    phones: of(data.phone, 'service_id', service.id),
    languages: of(data.language, 'service_id', service.id),
    schedules: of(data.schedule, 'service_id', service.id),
    service_areas: of(data.service_area, 'service_id', service.id),
    capacities: of(data.service_capacity, 'service_id', service.id),
    cost_options: of(data.cost_option, 'service_id', service.id),
    service_at_locations: of(data.service_at_location, 'service_id', service.id).map(link => ({
      ...link,
      location: of(data.location, 'id', link.location_id).map(place => ({
        ...place,
        addresses: of(data.address, 'location_id', place.id),
        phones: null,
      }))[0],
    })),
    attributes: of(data.attribute, 'link_id', service.id).map(attribute => ({
      ...attribute,
      taxonomy_term: of(data.taxonomy_term, 'id', attribute.taxonomy_term_id)[0],
    })),
  }));
  return services as unknown as Row[];
}
