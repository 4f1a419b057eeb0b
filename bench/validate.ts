import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '@medplum/fhirtypes';
import { systemClock } from '../src/clock.ts';
import type { Config } from '../src/config.ts';
import { readConfig } from '../src/config.ts';
import { createXml } from '../src/fhir/xml/xml.ts';
import { createHub, type Hub } from '../src/hub.ts';
import { firstAnswer, type Ground, prepareGround, startHub } from './hub-process.ts';
import { condition, encounter, patient } from './resources.ts';
import { atMost, type Figure, format, median, printFigures } from './table.ts';

/** Beside the project; without it only the base is measured. */
const usCore = join(import.meta.dirname, '../../shared/data/us-core');
const profile = (name: string) => `http://hl7.org/fhir/us/core/StructureDefinition/us-core-${name}`;
const rounds = 1000;
const starts = 5;

/** The processor time of validating one resource, and of a start with a package that was compiled before. */
export async function benchValidate(): Promise<boolean> {
  const hasPackage = existsSync(usCore);
  const data = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  const ground = await prepareGround();
  try {
    const packages: Record<string, string> = hasPackage ? { HUB_PACKAGES: usCore } : {};
    const hub = await openHub(readConfig({ ...ground.env, ...packages, HUB_DATA: data }));
    const figures: Figure[] = await validation(hub, hasPackage);
    await hub.close();
    // The address of the hub is found in what it says: a warning may name others.
    const env = { ...ground.env, ...packages, HUB_LOG: 'error' };
    if (hasPackage) figures.push(await startFrom({ ...ground, env }));
    return printFigures(
      'validate: processor time of one resource',
      `  mean of ${rounds} rounds over Patient, Encounter, Condition, Observation${hasPackage ? '' : '; ../shared/data/us-core is absent: only the base'}`,
      figures,
    );
  } finally {
    await ground.remove();
    await rm(data, { recursive: true, force: true });
  }
}

const openHub = (config: Config): Promise<Hub> =>
  createHub({ config, clock: systemClock, baseUrl: 'http://127.0.0.1' });

async function validation({ parts }: Hub, hasPackage: boolean): Promise<Figure[]> {
  const xml = createXml(parts.definitions.schema);
  const plain = resources();
  const texts = plain.map(one => JSON.stringify(one));
  const documents = texts.map(one => xml.write(one) ?? '');
  const figures = [
    figure('against FHIR R4, ms', await timeOf(plain, one => parts.validate(one)), 0.3),
    figure('written as XML, ms', await timeOf(texts, one => xml.write(one))),
    figure('read from XML, ms', await timeOf(documents, one => xml.read(one, 'It'))),
  ];
  if (!hasPackage) return figures;
  const claiming = resources(true);
  for (const one of claiming) {
    const [problem] = await parts.validate(one);
    if (problem) throw new Error(`${one.resourceType} is not valid: ${problem.expression} ${problem.text}`);
  }
  return [
    figure('against its US Core profile, ms', await timeOf(claiming, one => parts.validate(one)), 1),
    figure(
      'the same with warnings, as $validate, ms',
      await timeOf(claiming, one => parts.validate(one, { remarks: true })),
    ),
    ...figures,
  ];
}

function figure(name: string, value: number, most?: number): Figure {
  return { name, value, shown: format(value), ...(most === undefined ? {} : { floor: atMost(most) }) };
}

/** Milliseconds of processor time for each, user and system, after a warm-up. */
async function timeOf<T>(all: readonly T[], run: (one: T) => unknown): Promise<number> {
  for (let round = 0; round < rounds / 4; round += 1) for (const one of all) await run(one);
  const from = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) for (const one of all) await run(one);
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000 / (rounds * all.length);
}

function resources(claiming = false): Resource[] {
  const claim = (name: string) => (claiming ? { meta: { profile: [profile(name)] } } : {});
  return [
    { ...patient(1), ...claim('patient') },
    { ...encounter(1, 'Patient/1'), ...claim('encounter') },
    { ...condition(1, 'Patient/1', 'Encounter/1'), ...claim('condition-encounter-diagnosis') },
    { ...bloodPressure, ...claim('blood-pressure') },
  ];
}

const measured = (code: string, value: number) => ({
  code: { coding: [{ system: 'http://loinc.org', code }] },
  valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
});
const bloodPressure: Resource = {
  resourceType: 'Observation',
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
    },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2024-03-07T10:15:00Z',
  component: [measured('8480-6', 121), measured('8462-4', 79)],
};

/** The first start compiles the package and publishes what it defines. */
async function startFrom(ground: Ground): Promise<Figure> {
  const seconds: number[] = [];
  for (let at = 0; at <= starts; at += 1) {
    const from = performance.now();
    const hub = await startHub(ground);
    const time = await firstAnswer(`${hub.url}/fhir/metadata`, from);
    if (at > 0) seconds.push(time / 1000);
    await hub.stop();
  }
  return figure('start with US Core, compiled before, s', median(seconds), 2);
}
