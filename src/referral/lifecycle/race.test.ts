import type { EpisodeOfCare, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../../../test/harness/hub.ts';
import { refer, treatingOrganization } from '../../../test/harness/referral.ts';

eachDatabase('several asked at once', database => {
  let hub: TestHub;
  let source: Party;
  let centers: Party[];

  beforeAll(async () => {
    hub = await startTestHub(database);
    const organization = treatingOrganization;
    source = await hub.party('hospital', { organization });
    centers = await Promise.all(['east', 'west', 'north'].map(name => hub.party(name, { organization })));
  });
  afterAll(() => hub.stop());

  it('have one winner, though all accept in the same moment', async () => {
    for (let round = 0; round < 4; round++) {
      const [first, ...others] = centers.map(center => center.organization);
      const { task } = await refer(source, first as string);
      const { id: _own, meta: _meta, extension: _step, ...again } = task;
      const more = await Promise.all(
        others.map(owner => source.create<Task>({ ...again, owner: { reference: owner } })),
      );
      const ids = [task, ...more].map(one => one.id);
      const accept = [{ op: 'replace', path: '/status', value: 'accepted' }];
      const headers = { 'Content-Type': 'application/json-patch+json' };
      const answers = await Promise.all(
        centers.map((center, index) => center.request('PATCH', `/Task/${ids[index]}`, accept, headers)),
      );
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 422, 422]);
      const winner = answers.findIndex(answer => answer.status === 200);
      const tasks = await Promise.all(ids.map(async id => (await source.get(`/Task/${id}`)).json as Task));
      expect(tasks.map(one => one.status)).toEqual(
        ids.map((_id, index) => (index === winner ? 'accepted' : 'cancelled')),
      );
      const episodes = await Promise.all(
        centers.map(
          async center =>
            (await center.get(`/EpisodeOfCare?patient=${task.for?.reference}`)).json.entry ?? [],
        ),
      );
      expect(
        episodes
          .flat()
          .map((entry: { resource: EpisodeOfCare }) => entry.resource.managingOrganization?.reference),
      ).toEqual([centers[winner]?.organization]);
    }
  });
});
