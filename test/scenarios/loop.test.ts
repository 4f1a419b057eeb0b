import { globSync, readFileSync } from 'node:fs';
import type { Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';
import { treatingOrganization } from '../harness/referral.ts';
import { type Ehr, ehr, make, offerService, playLoop } from './story.ts';

const [synthea] = globSync('../shared/data/synthea/Milan_Beatty_*.json');

eachDatabase('a referral goes round the loop', database => {
  let hub: TestHub;
  let hospital: Ehr;
  let centers: [Ehr, Ehr];

  beforeAll(async () => {
    hub = await startTestHub(database);
    const party = async (name: string) => {
      const { organization, token } = await hub.party(name, { organization: treatingOrganization });
      return ehr(hub.url, organization, token);
    };
    hospital = await party('hospital');
    centers = [await party('a-center'), await party('b-center')];
    for (const center of centers) await offerService(center, `Case management at ${center.organization}`);
  });
  afterAll(() => hub.stop());

  const play = (from: Ehr, patient: Patient) =>
    playLoop({ hospital: from, centers, patient, settle: hub.settle, between: async () => undefined });

  it('for a person the hospital registers', async () => {
    const patient = await make<Patient>(hospital, {
      resourceType: 'Patient',
      name: [{ family: 'Example', given: ['Ida'] }],
      birthDate: '1985-07-01',
    });
    await play(hospital, patient);
  });

  it.skipIf(!synthea)('for Milan Beatty (skipped where ../shared/data is absent)', async () => {
    const loader = await hub.party('loading', { loads: true, organization: treatingOrganization });
    const loaded = await loader.request('POST', '/', readFileSync(synthea as string, 'utf8'));
    expect(loaded.status, loaded.text.slice(0, 2000)).toBe(200);
    expect(loaded.json.entry).toHaveLength(220);
    const patient = (await loader.get('/Patient?family=Beatty')).json.entry[0].resource as Patient;
    await play(ehr(hub.url, loader.organization, loader.token), patient);
  });
});
