import { join } from 'node:path';
import { expect } from 'vitest';
import { communityOrganization } from '../../harness/referral.ts';
import { addOrganization, takeMails, visitor } from '../../web/link-world.ts';
import type { Stage } from '../stage.ts';

/** A shelter without an account: it is asked by mail, accepts on the page behind the link, and reports there. */
export async function linkOnly(stage: Stage): Promise<void> {
  const hospital = await stage.joins('hospital', 'hospital');
  await stage.joins('outsider', 'center');
  await addOrganization(stage.hub, {
    resourceType: 'Organization',
    id: 'harbor',
    active: true,
    name: 'Harbor Shelter',
    ...communityOrganization,
    telecom: [{ system: 'email', value: 'desk@harbor.example' }],
  });
  const mail = async () => (await takeMails(join(stage.hub.config.data, 'mail')))[0]?.text ?? '';
  await stage.comes(hospital);
  await stage.refers(hospital, 'Organization/harbor');
  await stage.scene(
    'the shelter is asked',
    {
      hospital: ['record', 'harbor: requested 2.0 · harbor answer by 03-03 09:00'],
    },
    {
      hospital: ['harbor: requested 2.0'],
    },
  );
  const offer = await mail();
  expect(offer).not.toMatch(/Rivera|Ida/);
  const url = /https?:\/\/\S+\/l\/\S+/.exec(offer)?.[0] ?? '';

  const browser = visitor();
  const page = await browser.get(url);
  expect([page.status, /Rivera/.test(page.text)]).toEqual([200, false]);
  expect((await browser.post(url, { event: 'accept' })).status).toBe(200);
  await stage.scene(
    'somebody there wants to accept, and is asked for the code',
    {
      hospital: ['record', 'harbor: requested 2.0 · harbor answer by 03-03 09:00'],
    },
    {},
  );
  const code = /\b(\d{6})\b/.exec(await mail())?.[1] ?? '';
  expect((await browser.post(url, { event: 'accept', code })).status).toBe(303);
  expect((await browser.get(url)).text).toContain('Rivera');
  await stage.scene(
    'the shelter accepts',
    {
      hospital: ['record', 'harbor: accepted 3.0 · harbor schedule by 03-05 09:00'],
    },
    {
      hospital: ['harbor: accepted 3.0'],
    },
  );
  expect((await browser.post(url, { event: 'record-visit' })).status).toBe(303);
  await stage.scene(
    'the person has come',
    {
      hospital: ['record', 'harbor: in-progress 5.1.4 · harbor report-outcome by 03-16 08:00'],
    },
    {
      hospital: ['harbor: in-progress 5.1.4'],
    },
  );
  expect((await browser.post(url, { event: 'complete', reason: 'enrolled' })).status).toBe(303);
  await stage.scene(
    'the shelter reports the outcome',
    {
      hospital: ['record', 'harbor: completed 7.0 · hospital close-request by 03-09 08:00'],
    },
    {
      hospital: ['harbor: completed 7.0'],
    },
  );
  expect((await browser.get(url)).status).toBe(410);
  await stage.ledger(
    hospital,
    {
      harbor: ['Patient', 'ServiceRequest', 'Task'],
    },
    {
      'a link': ['U Task'],
      'client hospital': ['C ServiceRequest', 'C Task'],
    },
  );
}
