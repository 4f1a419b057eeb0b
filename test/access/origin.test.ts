import type { Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { type LabelledWorld, labelledWorld, substanceUse } from '../harness/labelled-world.ts';
import { fulfill, type Referral, reference } from '../harness/referral.ts';
import { type RoutedWorld, startRoutedWorld } from '../harness/routed-world.ts';

onSqlite('whose information a resource is', database => {
  let world: RoutedWorld;
  let labelled: LabelledWorld;
  let referral: Referral;
  beforeAll(async () => {
    world = await startRoutedWorld(database);
    labelled = labelledWorld(world);
    referral = await labelled.send(await labelled.person(['near', 'far', 'hub']));
    const offer = await labelled.offerTo(world.near, referral);
    expect((await labelled.act(world.near, offer, 'accept')).status).toBe(200);
  });
  afterAll(() => world.hub.stop());

  async function whose({ resourceType: type, id = '' }: Resource): Promise<string> {
    const all = { organization: 'hub', now: 0, types: '*', internal: true } as const;
    const [found] = await world.hub.hub.store.locate([{ type, id }], all);
    return `${found?.source} for ${found?.origin}`;
  }

  it('is its sender’s, of what the hub passes on, in every version', async () => {
    const filler = await labelled.fillerOf(referral);
    const offer = await labelled.offerTo(world.near, referral);
    if (!filler) throw new Error('there is no request of the hub');
    expect(await whose(referral.request)).toBe('hospital for hospital');
    expect([await whose(filler), await whose(offer)]).toEqual(['hub for hospital', 'hub for hospital']);
    const { hub } = world.hub;
    const { id } = filler;
    const resource: ServiceRequest = { ...filler, note: [{ text: 'Asked again' }] };
    await hub.repository(hub.hubActor).write([{ kind: 'update', type: 'ServiceRequest', id, resource }]);
    expect(await whose(filler)).toBe('hub for hospital');
  });

  it('is its owner’s, of whatever anybody else makes of what it was shown', async () => {
    const made = await world.near.create<ServiceRequest>({
      resourceType: 'ServiceRequest',
      meta: substanceUse,
      status: 'active',
      intent: 'filler-order',
      subject: reference(referral.patient),
      basedOn: [reference(referral.request)],
      requester: { reference: world.near.organization },
    });
    const part = await world.near.create<Task>({
      resourceType: 'Task',
      status: 'draft',
      intent: 'order',
      code: fulfill,
      focus: reference(made),
      for: reference(referral.patient),
      partOf: [reference(await labelled.offerTo(world.near, referral))],
      requester: { reference: world.near.organization },
    });
    expect([await whose(made), await whose(part)]).toEqual(['near for near', 'near for near']);
  });
});
