import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { concept, routingSystem, serviceType } from '../../src/referral/routing/codes.ts';
import shipped from '../../terminology/referral-due.json' with { type: 'json' };
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';

onSqlite('rules of a network’s own', database => {
  let folder: string;
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-own-rules-'));
    const own = { ...shipped, parallelOffers: 2, timeZone: 'America/Phoenix' };
    await writeFile(join(folder, 'referral-due.json'), JSON.stringify(own));
    hub = await startTestHub(database, { HUB_RULES: folder });
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    for (const name of ['alpha', 'beta', 'gamma']) {
      const center = await hub.party(name, { organization: treatingOrganization });
      await center.create({
        resourceType: 'HealthcareService',
        active: true,
        providedBy: { reference: center.organization },
        type: [serviceType('136', 'Case management')],
      });
    }
  });
  afterAll(async () => {
    await hub.stop();
    await rm(folder, { recursive: true });
  });

  const parallel = {
    type: concept(routingSystem.input, 'strategy', 'Way of asking'),
    valueCodeableConcept: concept(routingSystem.strategy, 'parallel', 'Parallel'),
  };

  it('say how many are asked at the same time: by the hub, and of its sender’s wish', async () => {
    const { task } = await refer(hospital, 'Organization/hub', { task: { input: [parallel] } });
    await hub.settle();
    const found = (await hospital.get(`/Task?part-of=Task/${task.id}`)).json as Bundle<Task>;
    expect(found.entry).toHaveLength(2);
    const type = concept(routingSystem.input, 'offers-at-once', 'Asked at the same time');
    const three = { task: { input: [parallel, { type, valuePositiveInt: 3 }] } };
    await expect(refer(hospital, 'Organization/hub', three)).rejects.toThrow(/422.*from 1 to 2/);
  });

  it('say where the clocks are that people read', async () => {
    expect((await hub.hub.linkService.network()).timeZone).toBe('America/Phoenix');
  });
});
