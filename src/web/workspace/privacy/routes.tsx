import type { Parameters } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { disclosures } from '../../../fhir/operations/disclosures.ts';
import { fieldsOf } from '../../sign-in/desk.ts';
import { type RoomContext, type RoomEnv, room, type Workspace } from '../room.ts';
import { show } from '../show.tsx';
import { type AuditAsked, askedIn } from './audit-asked.ts';
import { AuditPage } from './audit-page.tsx';
import { readAudit, readWholeAudit } from './audit-reading.ts';
import { auditCsv } from './csv.ts';
import { disclosedIn } from './disclosed.ts';
import { ChooseDisclosuresPage, DisclosuresPage } from './disclosures-page.tsx';
import { emergenciesSince } from './emergencies.ts';
import { EmergenciesPage } from './emergencies-page.tsx';
import { namesOf } from './names.ts';
import { type Chosen, peopleCalled, personCalled } from './people.ts';

const rowsOnPage = 50;
const dayMs = 86_400_000;

type Sought = { text: string; people: readonly Chosen[] };

/** What who answers for privacy looks at: the audit, a person's disclosures, emergency accesses. */
export function privacyRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const { parts, pages } = workspace;
  for (const area of ['/audit', '/disclosures', '/emergencies']) app.use(`${area}/*`, room(workspace, area));

  app.get('/audit', c =>
    auditPage(
      c,
      askedIn(name => c.req.query(name)),
    ),
  );
  app.post('/audit/person', async c => auditPage(c, {}, await soughtIn(c)));
  app.get('/audit/download', async c => {
    const { repository, zone } = c.var.room;
    const { rows, whole } = await readWholeAudit(
      repository,
      askedIn(name => c.req.query(name)),
      zone,
    );
    const csv = auditCsv(rows, await namesOf(workspace, rows));
    return c.body(csv, 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="audit${whole ? '' : '-newest'}.csv"`,
    });
  });

  app.get('/disclosures', async c => {
    const patient = c.req.query('patient');
    if (!patient) return show(c, { title: 'Disclosures' }, <ChooseDisclosuresPage room={c.var.room} />);
    return disclosuresPage(c, patient, c.req.query('before'));
  });
  app.post('/disclosures/person', async c => {
    const sought = await soughtIn(c);
    return show(c, { title: 'Disclosures' }, <ChooseDisclosuresPage room={c.var.room} sought={sought} />);
  });

  app.get('/emergencies', async c => {
    const { repository, now } = c.var.room;
    const days = [30, 90].find(one => String(one) === c.req.query('days')) ?? 7;
    const emergencies = await emergenciesSince(parts, repository, new Date(now.getTime() - days * dayMs));
    const doers = emergencies.flatMap(({ by }) => by ?? []);
    const organizations = [...new Set(emergencies.flatMap(({ opener, keeper }) => [opener, keeper]))];
    const [nameOf, names] = await Promise.all([
      namesOf(workspace, doers),
      Promise.all(organizations.map(async id => [id, await pages.nameOf(id)] as const)),
    ]);
    const called = new Map(names);
    return show(
      c,
      { title: 'Emergency access' },
      <EmergenciesPage
        emergencies={emergencies}
        days={days}
        whoOf={({ by }) => (by ? [nameOf(by).name, nameOf(by).what].filter(Boolean).join(', ') : 'Not known')}
        organizationOf={id => called.get(id) ?? id}
        room={c.var.room}
      />,
    );
  });

  const soughtIn = async (c: RoomContext): Promise<Sought> => {
    const text = ((await fieldsOf(c)).text ?? '').trim();
    return { text, people: text ? await peopleCalled(c.var.room.repository, text) : [] };
  };

  async function auditPage(c: RoomContext, asked: AuditAsked, sought?: Sought) {
    const { repository, zone } = c.var.room;
    const [{ rows, next }, organizations, person] = await Promise.all([
      readAudit(repository, asked, { zone, after: c.req.query('after'), count: rowsOnPage }),
      pages.organizations(),
      asked.patient ? personCalled(repository, asked.patient) : undefined,
    ]);
    const nameOf = await namesOf(workspace, rows);
    return show(
      c,
      { title: 'Audit' },
      <AuditPage {...{ asked, rows, nameOf, person, sought, organizations, next }} room={c.var.room} />,
    );
  }

  async function disclosuresPage(c: RoomContext, id: string, before: string | undefined) {
    const { repository } = c.var.room;
    const query = new URLSearchParams(before ? { before } : {});
    const [answer, person] = await Promise.all([
      disclosures.run({ parts, repository, type: 'Patient', id, query }),
      personCalled(repository, id),
    ]);
    if (answer.kind !== 'resource') throw new Error('$disclosures answers with Parameters');
    const { disclosed, next } = disclosedIn(answer.resource as Parameters);
    const doers = disclosed.map(({ agent, recipient }) => ({ agent, organization: recipient }));
    const [nameOf, disclosers] = await Promise.all([
      namesOf(workspace, doers),
      Promise.all(
        [...new Set(disclosed.map(one => one.discloser))].map(
          async one => [one, await pages.nameOf(one)] as const,
        ),
      ),
    ]);
    const called = new Map(disclosers);
    return show(
      c,
      { title: 'Disclosures' },
      <DisclosuresPage
        {...{ person, disclosed, next }}
        nameOf={({ agent, recipient }) => nameOf({ agent, organization: recipient })}
        discloserOf={({ discloser }) => called.get(discloser) ?? discloser}
        room={c.var.room}
      />,
    );
  }
  return app;
}
