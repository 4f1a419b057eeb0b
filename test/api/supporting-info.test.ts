import type { Bundle, DocumentReference } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { communityOrganization, type Referral, refer, reference } from '../harness/referral.ts';

eachDatabase('what a request is sent with', database => {
  let hub: TestHub;
  let sender: Party;
  let receiver: Party;
  let stranger: Party;
  let referral: Referral;
  let letter: { reference: string };
  beforeAll(async () => {
    hub = await startTestHub(database);
    sender = await hub.party('sender');
    receiver = await hub.party('receiver', { organization: communityOrganization });
    stranger = await hub.party('stranger');
    letter = reference(
      await sender.create<DocumentReference>({
        resourceType: 'DocumentReference',
        status: 'current',
        content: [{ attachment: { contentType: 'text/plain', data: 'TGV0dGVy' } }],
      }),
    );
    referral = await refer(sender, 'Organization/receiver', { request: { supportingInfo: [letter] } });
  });
  afterAll(() => hub.stop());

  const found = async (party: Party, query: string): Promise<string[]> => {
    const { json } = await party.get(`/ServiceRequest?${query}`);
    return ((json as Bundle).entry ?? []).map(({ resource }) => `${resource?.resourceType}/${resource?.id}`);
  };

  it('comes along with _include=ServiceRequest:supporting-info, to whoever may see both', async () => {
    const { request } = referral;
    const query = `_id=${request.id}&_include=ServiceRequest:supporting-info`;
    for (const party of [sender, receiver])
      expect(await found(party, query)).toEqual([`ServiceRequest/${request.id}`, letter.reference]);
    expect(await found(stranger, query)).toEqual([]);
  });

  it('finds the request', async () => {
    const query = `supporting-info=${letter.reference}`;
    expect(await found(receiver, query)).toEqual([`ServiceRequest/${referral.request.id}`]);
    expect(await found(receiver, 'supporting-info=DocumentReference/another')).toEqual([]);
    expect(await found(stranger, query)).toEqual([]);
  });

  it('is not deleted while a request refers to it', async () => {
    const answer = await sender.request('DELETE', `/${letter.reference}`);
    expect(answer.status).toBe(409);
  });
});
