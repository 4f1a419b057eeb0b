import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashPassword } from '../../src/auth/accounts/passwords.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';
import { type Visit, visit } from '../harness/visit.ts';

const password = 'harvest plover umbrella';

onSqlite('what an open page hears', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let stranger: Party;
  let planner: Visit;

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_LOG: 'silent' });
    [hospital, center, stranger] = (await Promise.all(
      ['hospital', 'center', 'stranger'].map(name => hub.party(name, { organization: treatingOrganization })),
    )) as [Party, Party, Party];
    const email = 'planner@hospital.example';
    const invitation = { email, name: 'Sam Planner', organization: 'hospital', role: 'discharge-planner' };
    const { account } = await hub.hub.people.management.invite(invitation, 'operator', { mail: false });
    await hub.hub.store.accounts.setPassword(account, await hashPassword(password));
    planner = visit(hub.url);
    await planner.send('/sign-in', '/sign-in', { email, password });
  });
  afterAll(() => hub?.stop());

  /** The address at which a page that is made now hears of what comes after it. */
  async function address(): Promise<string> {
    const { text } = await planner.get('/referrals');
    return /hx-sse:connect="([^"]+)"/.exec(text)?.[1] ?? '';
  }

  /** Whether the page is told within this time that something changed. */
  async function hears(path: string, ms: number, meanwhile?: () => Promise<unknown>): Promise<boolean> {
    const cookie = [...planner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const gone = new AbortController();
    const response = await fetch(`${hub.url}${path}`, { headers: { cookie }, signal: gone.signal });
    const late = setTimeout(() => gone.abort(), ms);
    const written = meanwhile?.();
    try {
      for await (const chunk of response.body ?? [])
        if (Buffer.from(chunk).toString().includes('event: changed')) return true;
      return false;
    } catch (error) {
      if (gone.signal.aborted) return false;
      throw error;
    } finally {
      clearTimeout(late);
      await written;
      gone.abort();
    }
  }

  const ask = (from: Party) => refer(from, center.organization);

  it('is what happens while it is open', async () => {
    expect(await hears(await address(), 3000, () => ask(hospital))).toBe(true);
  });

  it('is also what happened between the page and its first ear', async () => {
    const path = await address();
    await ask(hospital);
    expect(await hears(path, 3000)).toBe(true);
  });

  it('is nothing where nothing happened since', async () => {
    expect(await hears(await address(), 700)).toBe(false);
  });

  it('is nothing of what others do among themselves', async () => {
    const path = await address();
    await ask(stranger);
    expect(await hears(path, 700, () => ask(stranger))).toBe(false);
  });

  it('is read from where it says, and from nowhere where that is no place', async () => {
    expect(await hears('/live?since=nowhere', 300)).toBe(false);
  });
});
