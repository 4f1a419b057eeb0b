import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../../../test/harness/hub.ts';
import { importFiles } from './import.ts';
import { findSources } from './source-files.ts';

const data = join(import.meta.dirname, '../../../../shared/data');
const folder = (name: string): string => join(data, name);

if (!existsSync(data)) process.stderr.write(`skipped: there is no ${data} with data written by others\n`);

eachDatabase('hub import of data written by others', database => {
  let test: TestHub;
  let ehr: Party;
  beforeAll(async () => {
    test = await startTestHub(database);
    ehr = await test.party('system-ehr', { loads: true });
  });
  afterAll(() => test.stop());

  const load = async (name: string) => {
    const actor = await test.hub.authorization.authenticate(`Bearer ${ehr.token}`);
    const refused: string[] = [];
    const { files } = await findSources([folder(name)]);
    const tally = await importFiles(files, {
      parts: test.hub.parts,
      repository: test.hub.repository({ ...actor, importing: true }),
      restart: false,
      listener: {
        skipped: () => undefined,
        refused: ({ name: resource }, { problems }) => void refused.push(`${resource}: ${problems[0]?.text}`),
        ended: () => undefined,
        moved: () => undefined,
      },
    });
    return { tally, refused };
  };

  it.skipIf(!existsSync(folder('synthea')))('loads every entry of Synthea’s transactions', async () => {
    const { tally, refused } = await load('synthea');
    expect(refused).toEqual([]);
    expect(tally.entries).toBe(1931);
    expect(tally.total()).toMatchObject({ created: 1929, unchanged: 2, refused: 0 });
    const found = await ehr.get('/Patient?name=Beatty&_revinclude=Condition:subject');
    expect(found.json.entry).toHaveLength(6);
  });

  it.skipIf(!existsSync(folder('gravity')))(
    'loads the examples of the Gravity guide, in the order of their names',
    async () => {
      const { tally, refused } = await load('gravity');
      expect(refused).toEqual([]);
      expect(tally.total()).toMatchObject({ created: 58, refused: 0 });
      const task = await ehr.get('/Task/SDOHCC-TaskReferralManagementOrderFulfillmentCompletedExample');
      expect(task.json).toMatchObject({ status: 'completed', meta: { versionId: '1' } });
    },
  );
});
