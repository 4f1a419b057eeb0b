import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Patient, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeParties } from '../harness/parties-at-rest.ts';
import { type HubProcess, startHubProcess } from '../harness/process.ts';
import { treatingOrganization } from '../harness/referral.ts';
import { type Ehr, ehr, make, offerService, playLoop } from './story.ts';

/** Each kill before a bot's turn costs the time of a dead process's lease: all of them in the full check. */
const kills = process.env.CHECK_FULL
  ? ['sent', 'offered', 'declined', 'accepted', '5.1.2', 'output made', 'completed']
  : ['sent', 'accepted'];

let hub: HubProcess;
let data: string;
let tokens: string[];
const names = ['general', 'north', 'south'] as const;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'hub-kill-'));
  tokens = await makeParties(
    { HUB_DATA: data },
    names.map(id => ({ id, ...(id === 'general' ? {} : treatingOrganization) })),
  );
  hub = await startHubProcess(data);
});
afterAll(async () => {
  await hub.stop();
  await rm(data, { recursive: true, force: true });
});

function party(name: (typeof names)[number]): Ehr {
  return ehr(hub.url, `Organization/${name}`, tokens[names.indexOf(name)] ?? '');
}

it('a hub that is killed in the middle of everything goes on where it was', {
  timeout: 120_000,
}, async () => {
  const hospital = party('general');
  const centers = [party('north'), party('south')] as const;
  for (const center of centers) await offerService(center, `Case management at ${center.organization}`);
  const patient = await make<Patient>(hospital, {
    resourceType: 'Patient',
    name: [{ family: 'Unbroken' }],
    birthDate: '1979-09-09',
  });
  const killedAfter: string[] = [];
  await playLoop({
    hospital,
    centers,
    patient,
    settle: async () => undefined,
    async between(step) {
      if (!kills.includes(step)) return;
      await hub.killAndRestart();
      killedAfter.push(step);
    },
  });
  expect(killedAfter).toEqual(kills);
  const tasks = (await hospital.client.search({
    resourceType: 'Task',
    searchParams: { requester: hospital.organization },
  })) as unknown as {
    entry: { resource: Task }[];
  };
  expect(tasks.entry.map(entry => entry.resource.status)).toEqual(['completed']);
});
