import type { HealthcareService, Location } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../src/access/roles.ts';
import { serviceExtension } from '../../src/referral/routing/directory-entries.ts';
import { findServices, readService } from '../../src/web/workspace/directory/find-services.ts';
import { placeCalled } from '../../src/web/workspace/directory/place.ts';
import { Reach } from '../../src/web/workspace/directory/reach.tsx';
import { faultsOf, faultsOfLinked } from '../harness/accessible.ts';
import { signInAs } from '../harness/crawl.ts';
import { type DemoHub, startDemoHub } from '../harness/demo-hub.ts';
import { hostile } from '../harness/hostile.ts';
import { keyboardOf } from '../harness/keyboard.ts';
import { picture, signIn } from '../harness/workplace.ts';

let demo: DemoHub;
let planner: Page;
let keeper: Page;
let url: string;
beforeAll(async () => {
  demo = await startDemoHub();
  url = demo.running.url;
  [planner, keeper] = await Promise.all([
    signIn(demo, 'Discharge planner of General Hospital'),
    signIn(demo, 'Organization administrator of Northside CMHC'),
  ]);
});
afterAll(() => demo?.stop());

const id = 'northside-cmhc-case-management';
const textOf = async (page: Page): Promise<string> =>
  (await page.locator('main').innerText()).replace(/\s+/g, ' ');
const entry = async (of = id): Promise<HealthcareService> => {
  const { hub } = demo.running;
  return (await hub.repository(hub.hubActor).read('HealthcareService', of)).resource() as HealthcareService;
};
const capacityOf = (service: HealthcareService) =>
  service.extension
    ?.find(one => one.url === serviceExtension.capacity)
    ?.extension?.map(({ url, valueCoding, valueUnsignedInt, valueDate }) => [
      url,
      valueCoding?.code ?? valueUnsignedInt ?? valueDate,
    ]);
const names = (page: Page, table = 0) =>
  page.getByRole('table').nth(table).getByRole('rowheader').getByRole('link').allInnerTexts();

describe('looking for a service', () => {
  it('by need and place shows who serves it, the nearest first, with room, languages and freshness', async () => {
    await planner.goto(`${url}/directory`);
    expect(await names(planner)).toHaveLength(18);
    const hands = keyboardOf(planner);
    await planner.getByLabel('Need').selectOption({ label: 'Mental Health Case Management' });
    await hands.type(planner.getByLabel('ZIP code or town'), 'North Fork');
    await hands.enter();
    expect(new URL(planner.url()).search).toBe('?service=136&near=56811');
    expect(await textOf(planner)).toContain('Serving North Fork (56811) 2');
    expect(await names(planner)).toEqual([
      'Adult case management and intake',
      'Children, youth and families',
    ]);
    const first = planner.getByRole('row').nth(1);
    expect((await first.innerText()).replace(/\s+/g, ' ')).toMatch(
      /Northside CMHC .* Has room .* English, Spanish North Fork 0 miles away \d+ days ago/,
    );
    expect(await names(planner, 1)).toContain('Older adults program');
  });

  it('by words leaves nothing in the address', async () => {
    await planner.goto(`${url}/directory`);
    await planner.getByLabel('Words').fill('groceries');
    await planner.getByRole('button', { name: 'Show', exact: true }).click();
    await planner.waitForLoadState();
    expect(await names(planner)).toEqual(['Groceries and meals']);
    expect(planner.url()).toBe(`${url}/directory`);
    await planner.getByLabel('Words').fill('harbor');
    await planner.getByRole('button', { name: 'Show', exact: true }).click();
    await planner.waitForLoadState();
    expect(await names(planner)).toEqual(['Emergency beds']);
  });

  it('says what to do where the place is not known, or nobody offers it', async () => {
    await planner.getByLabel('Words').fill('zzz');
    await planner.getByLabel('ZIP code or town').fill('Atlantis');
    await planner.getByRole('button', { name: 'Show', exact: true }).click();
    await planner.waitForLoadState();
    expect(await textOf(planner)).toContain('The directory knows nobody there. Try a ZIP code');
    expect(await textOf(planner)).toContain('Nobody in the directory offers this');
    expect(await planner.getByLabel('ZIP code or town').inputValue()).toBe('Atlantis');
  });

  it('sinks an entry that nobody confirmed for 90 days, and says so', async () => {
    const { hub } = demo.running;
    const old: HealthcareService = {
      ...(await entry()),
      extension: [
        ...((await entry()).extension ?? []),
        { url: serviceExtension.verified, valueDate: '2020-01-05' },
      ],
    };
    await hub
      .repository(hub.hubActor)
      .write([{ kind: 'update', type: 'HealthcareService', id, resource: old, inNameOf: 'northside-cmhc' }]);
    await planner.goto(`${url}/directory?service=136&near=56811`);
    expect(await names(planner)).toEqual([
      'Children, youth and families',
      'Adult case management and intake',
    ]);
    expect(await textOf(planner)).toContain('Call first');
    await planner.getByRole('link', { name: 'Adult case management and intake' }).first().click();
    await planner
      .getByText('Nobody has confirmed this entry for long. Call before you rely on it.')
      .waitFor();
  });
});

describe('a service', () => {
  it('says all that one has to know before one asks it', async () => {
    await planner.goto(`${url}/directory/${id}`);
    const text = await textOf(planner);
    for (const told of [
      'Ages 18 and older',
      'North Fork (56811), Pine Landing (56812)',
      'English, Spanish',
      'Wheelchair access',
      'Prairie State Medicaid',
      'Monday to Friday: 8:30 am to 5 pm',
      '(320) 555-0120',
      '18 Mission Street, North Fork, MN 56811',
    ])
      expect(text).toContain(told);
    expect(await planner.getByRole('button', { name: 'All of this is right' }).count()).toBe(0);
  });

  it.each([
    'general-hospital discharge-planner',
    'northside-cmhc intake',
    'hub network-administrator',
    'harbor-shelter supervisor',
  ])('that hides from violence never tells its address to %s', async who => {
    const [organization = '', role = ''] = who.split(' ');
    const someone = await signInAs(url, organization, role);
    for (const path of ['/directory', '/directory?near=56822', '/directory/safe-passage-service']) {
      const { text, status } = await someone.get(path);
      expect(status).toBe(200);
      expect(text).not.toContain('Willow Bend');
    }
    const { text } = await someone.get('/directory/safe-passage-service');
    expect(text).toContain('Its address is not told');
  });
});

it('a shelter from violence does not tell its address to its own people either', async () => {
  const { hub } = demo.running;
  const own = { account: 'a', organization: 'safe-passage', role: 'organization-administrator' } as const;
  const repository = hub.repository(actorOf(own));
  const site = (await repository.read('Location', 'safe-passage-site')).resource() as Location;
  expect(site.address?.line).toEqual(['8 Willow Bend']);
  const entry = await readService(repository, 'safe-passage-service', hub.parts.clock.now());
  expect(entry?.town).toBeUndefined();
  const shown = String(entry && Reach({ entry }));
  expect(shown).toContain('Its address is not told');
  expect(shown).not.toContain('Willow Bend');
  const found = await findServices(
    repository,
    { place: await placeCalled(repository, '56822', hub.parts.clock.now()) },
    hub.parts.clock.now(),
  );
  expect(found.services.find(one => one.facts.id === 'safe-passage-service')).not.toHaveProperty('distance');
});

describe('keeping the entry', () => {
  it('takes two clicks to say how much room there is, and others see it within a second', async () => {
    await planner.goto(`${url}/directory?service=136&near=56811`);
    await keeper.goto(`${url}/directory`);
    let clicks = 0;
    const click = async (name: string) => {
      await keeper.getByRole('button', { name }).click();
      clicks++;
    };
    await click('No room Adult case management and intake');
    await keeper.getByText('Saved. The next match goes by it.').waitFor();
    await planner
      .getByRole('row', { name: /Adult case management/ })
      .getByText('No room')
      .waitFor({ timeout: 1000 });
    expect(clicks).toBeLessThanOrEqual(2);
    const today = demo.running.hub.parts.clock.now().toISOString().slice(0, 10);
    expect(capacityOf(await entry())).toEqual([
      ['status', 'no-capacity'],
      ['confirmed', today],
    ]);
  });

  it('can say it more exactly, and is told what contradicts itself', async () => {
    await keeper.goto(`${url}/directory/${id}`);
    await keeper.getByText('Say more exactly').click();
    await keeper.getByLabel('Free places').fill('0');
    await keeper.getByLabel('Days of waiting').fill('14');
    await keeper.getByRole('button', { name: 'Save' }).click();
    await keeper.getByText('about 14 days of waiting').waitFor();
    expect(capacityOf(await entry())).toContainEqual(['status', 'waitlist']);
    const administrator = await signInAs(url, 'northside-cmhc', 'organization-administrator');
    const sent = await administrator.send(`/directory/${id}`, `/directory/${id}/capacity`, {});
    expect(sent.status).toBe(422);
    expect(sent.text).toContain('Say status');
  });

  it('is confirmed with one click', async () => {
    await keeper.getByRole('button', { name: 'All of this is right' }).click();
    await keeper.getByText('the entry is confirmed as of today').waitFor();
    expect(await textOf(keeper)).toContain('Last confirmed today.');
  });

  it('is corrected: telephone, hours, languages', async () => {
    await keeper.getByRole('link', { name: 'Correct this entry' }).click();
    await keeper.getByLabel('Telephone').fill('(320) 555-0199');
    await keeper.getByLabel('Vietnamese').check();
    await keeper.getByLabel('Another language').fill('Filipino');
    const more = keeper.getByRole('group', { name: 'More hours (2)' });
    await more.getByLabel('Saturday').check();
    await more.getByLabel('From').fill('09:00');
    await more.getByLabel('to', { exact: true }).fill('08:00');
    await keeper.getByRole('button', { name: 'Save' }).click();
    await keeper.getByText('It closes after it opens.').waitFor();
    expect(await keeper.getByLabel('Telephone').inputValue()).toBe('(320) 555-0199');
    await more.getByLabel('to', { exact: true }).fill('12:00');
    await keeper.getByRole('button', { name: 'Save' }).click();
    await keeper.getByText('Saved. The whole network reads it from now on.').waitFor();
    const text = await textOf(keeper);
    expect(text).toContain('English, Spanish, Vietnamese, Filipino');
    expect(text).toContain('Monday to Friday: 8:30 am to 5 pm Saturday: 9 am to 12 pm');
    expect(text).toContain('(320) 555-0199');
    expect((await entry()).coverageArea).toHaveLength(4);
  });

  it('goes for how the organization is reached too', async () => {
    await keeper.goto(`${url}/directory`);
    await keeper.getByRole('link', { name: 'Correct how we are reached' }).click();
    expect(await keeper.getByLabel('Telephone').inputValue()).toBe('(320) 555-0120');
    await keeper.getByLabel('E-mail').fill('intake');
    await keeper.getByRole('button', { name: 'Save' }).click();
    await keeper.getByText('An e-mail address has the form').waitFor();
    await keeper.getByLabel('E-mail').fill('intake@northside.example');
    await keeper.getByRole('button', { name: 'Save' }).click();
    await keeper.getByText('Saved. The whole network reads it from now on.').waitFor();
    const { text } = await (await signInAs(url, 'general-hospital', 'intake')).get(
      '/directory/northside-cmhc-psychiatry',
    );
    expect(text).toContain('mailto:intake@northside.example');
    expect(text).toContain('(320) 555-0120');
    const someone = await signInAs(url, 'northside-cmhc', 'intake');
    expect((await someone.get('/directory/own/contact')).status).toBe(403);
    expect((await someone.get('/directory')).text).not.toContain('/directory/own/contact');
  });

  it('does not write over what somebody else has changed meanwhile', async () => {
    const administrator = await signInAs(url, 'northside-cmhc', 'organization-administrator');
    const fields = { version: '1', name: 'Mine' };
    const sent = await administrator.send(`/directory/${id}/edit`, `/directory/${id}/edit`, fields);
    expect(sent.status).toBe(409);
    expect(sent.text).toContain('Somebody else has changed this entry meanwhile');
    expect((await entry()).name).not.toBe('Mine');
  });

  it.each([
    ['general-hospital', 'organization-administrator'],
    ['northside-cmhc', 'case-manager'],
    ['southside-cmhc', 'intake'],
    ['hub', 'auditor'],
  ])('is refused to %s %s', async (organization, role) => {
    const someone = await signInAs(url, organization, role);
    const { status, text } = await someone.get(`/directory/${id}`);
    expect(status).toBe(200);
    expect(text).not.toContain(`/directory/${id}/edit`);
    expect((await someone.get(`/directory/${id}/edit`)).status).toBe(403);
    const { text: account } = await someone.get('/account');
    const token = /name="form-token" value="([\w-]+)"/.exec(account)?.[1] ?? '';
    for (const path of ['capacity', 'confirm', 'edit']) {
      const before = await entry();
      const sent = await someone.post(`/directory/${id}/${path}`, {
        'form-token': token,
        status: 'capacity',
      });
      expect(sent.status, path).toBe(403);
      expect(await entry()).toEqual(before);
    }
  });
});

it('who receives referrals says how much room there is, and leaves the organization to its administrators', async () => {
  const intake = await signInAs(url, 'northside-cmhc', 'intake');
  const sent = await intake.send(`/directory/${id}`, `/directory/${id}/capacity`, { status: 'no-capacity' });
  expect(sent.status).toBe(303);
  expect(capacityOf(await entry())).toContainEqual(['status', 'no-capacity']);
  expect((await intake.get('/directory')).text).not.toContain('/directory/own/contact');
  expect((await intake.get('/directory/own/contact')).status).toBe(403);
});

it('no address and no form makes a page fail, whatever is in it', async () => {
  const administrator = await signInAs(url, 'northside-cmhc', 'organization-administrator');
  const psychiatry = '/directory/northside-cmhc-psychiatry';
  for (const value of hostile) {
    const said = encodeURIComponent(value);
    const answers = await Promise.all([
      administrator.get(`/directory?service=${said}`),
      administrator.get(`/directory?near=${said}`),
      administrator.get(`/directory/${said}`),
      administrator.get(`/directory/${said}/edit`),
      administrator.send('/directory', '/directory', { text: value, service: value }),
      administrator.send('/directory', '/directory', { near: value }),
      ...['status', 'slots', 'wait-days', 'first-opening'].map(name =>
        administrator.send('/directory', `${psychiatry}/capacity`, { [name]: value }),
      ),
      administrator.send('/directory', `${psychiatry}/edit`, {
        ...{ name: value, languages: value, 'other-language': value, version: value, email: value },
      }),
      administrator.send('/directory', '/directory/own/contact', { version: value, phone: value }),
    ]);
    for (const { status, text } of answers) {
      expect(status, value).toBeLessThan(500);
      expect(text).not.toContain('<script>alert');
    }
  }
});

it('each page is well for everybody, and fits a phone', async () => {
  for (const [page, path] of [
    [planner, '/directory?service=136&near=56811'],
    [keeper, '/directory'],
    [keeper, `/directory/${id}`],
  ] as const) {
    await page.goto(`${url}${path}`);
    expect(await faultsOf(page, page === keeper ? 'dark' : 'light'), path).toEqual([]);
  }
  await keeper.goto(`${url}/directory/${id}/edit`);
  expect(await faultsOfLinked(keeper, 'dark')).toEqual([]);
  await planner.goto(`${url}/directory?service=136&near=56811`);
  await picture(planner, 'directory');
  await keeper.goto(`${url}/directory/${id}`);
  await picture(keeper, 'directory-service');
}, 60_000);
