import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Bundle,
  HealthcareService,
  Patient,
  PractitionerRole,
  ServiceRequest,
  StructureDefinition,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { communityOrganization, treatingOrganization } from '../harness/referral.ts';
import { output, polled, procedureFor, profileOf, referralTask, serviceRequest } from './gravity-traffic.ts';

/** A package with what the guide asks of a ServiceRequest and of a Task, as far as this test can break it. */
const profile = (type: 'ServiceRequest' | 'Task', name: string, required: string): StructureDefinition => ({
  resourceType: 'StructureDefinition',
  id: `SDOHCC-${name}`,
  url: profileOf(name),
  name,
  status: 'active',
  kind: 'resource',
  abstract: false,
  type,
  baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
  derivation: 'constraint',
  snapshot: {
    element: [
      { id: type, path: type, min: 0, max: '*', base: { path: type, min: 0, max: '*' } },
      {
        id: `${type}.${required}`,
        path: `${type}.${required}`,
        min: 1,
        max: required === 'category' ? '*' : '1',
        base: { path: `${type}.${required}`, min: 0, max: required === 'category' ? '*' : '1' },
      },
    ],
  },
});

const manifest = { name: 'sdoh.test', version: '1.0.0', fhirVersions: ['4.0.1'], dependencies: {} };

async function packageFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sdoh-'));
  const content = join(folder, 'sdoh', 'package');
  await mkdir(content, { recursive: true });
  const files = {
    'package.json': manifest,
    'StructureDefinition-request.json': profile('ServiceRequest', 'ServiceRequest', 'category'),
    'StructureDefinition-task.json': profile('Task', 'TaskForReferralManagement', 'owner'),
  };
  for (const [name, one] of Object.entries(files)) await writeFile(join(content, name), JSON.stringify(one));
  // What was compiled of it before is found again by names, sizes and times.
  for (const name of await readdir(content)) await utimes(join(content, name), 0, 0);
  return folder;
}

describe('with the profiles of Gravity loaded', () => {
  let folder: string;
  let hub: TestHub;
  let ehr: Party;
  let pantry: Party;
  let patient: Patient & { id: string };
  let role: PractitionerRole & { id: string };

  beforeAll(async () => {
    folder = await packageFolder();
    hub = await startTestHub({ name: 'sqlite' } as TestDatabase, { HUB_PACKAGES: folder });
    ehr = await hub.party('better-health', { organization: treatingOrganization });
    pantry = await hub.party('pantry', { organization: communityOrganization });
    role = await ehr.create<PractitionerRole>({
      resourceType: 'PractitionerRole',
      organization: { reference: ehr.organization },
    });
    patient = await ehr.create<Patient>({ resourceType: 'Patient', name: [{ family: 'Abbas' }] });
    await pantry.create<HealthcareService>({
      resourceType: 'HealthcareService',
      active: true,
      providedBy: { reference: pantry.organization },
      name: 'Food pantry',
      type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '548' }] }],
    });
  });
  afterAll(async () => {
    await hub?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('who claims a profile is held to it', async () => {
    const { category: _, ...without } = serviceRequest(patient.id);
    const refused = await ehr.request('POST', '/ServiceRequest', without);
    expect(refused.status).toBe(400);
    expect(refused.json.issue[0].details.text).toContain('category');
    // Without the claim nobody asks for it.
    const { meta: _meta, ...plain } = without;
    expect((await ehr.request('POST', '/ServiceRequest', plain)).status).toBe(201);
  });

  it('the whole loop by the hub, what it passes on included, claims and keeps them', async () => {
    const request = await ehr.create<ServiceRequest>(serviceRequest(patient.id));
    const asked = { request: request.id, patient: patient.id, role: role.id, owner: 'Organization/hub' };
    const task = await ehr.create<Task>(referralTask(asked));
    await hub.settle();
    const [entry] = ((await pantry.get(polled(pantry.organization))).json as Bundle).entry ?? [];
    let offer = entry?.resource as Task;
    expect(offer.partOf).toEqual([{ reference: `Task/${task.id}` }]);
    const passedOn = (await pantry.get(`/${offer.focus?.reference}`)).json as ServiceRequest;
    const procedure = await pantry.create(procedureFor(passedOn));
    const outcome = [output('resulting-activity', `Procedure/${procedure.id}`)];
    for (const change of [
      { status: 'accepted' },
      { status: 'in-progress' },
      { status: 'completed', output: outcome },
    ]) {
      const answer = await pantry.update({ ...offer, ...change } as Task);
      expect(answer.status, answer.text).toBe(200);
      offer = answer.json;
    }
    const seen = (await ehr.get(`/Task/${task.id}`)).json as Task;
    expect([seen.status, seen.meta?.profile]).toEqual([
      'completed',
      [profileOf('TaskForReferralManagement')],
    ]);
    for (const one of [offer, seen, passedOn]) {
      const told = await ehr.request('POST', `/${one.resourceType}/$validate?mode=profile`, one);
      const severities = told.json.issue.map((issue: { severity: string }) => issue.severity);
      expect(severities).not.toContain('error');
      expect(severities).not.toContain('warning');
    }
  });
});
