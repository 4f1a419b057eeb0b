import { Hono } from 'hono';
import { allows } from '../../../access/actor.ts';
import { HubError } from '../../../errors.ts';
import { packetOf } from '../../../fhir/operations/packet.ts';
import { referralActions } from '../../../fhir/operations/referral-actions.ts';
import { actions } from '../../../referral/working/actions.ts';
import { type PrintedPacket, printed } from '../../packet/blocks.ts';
import { fieldsOf, localPath, mendable } from '../../sign-in/desk.ts';
import { hasArea } from '../areas.ts';
import { type RoomContext, type RoomEnv, room, type Workspace } from '../room.ts';
import { doneAt, show } from '../show.tsx';
import { bodyOf, type Sent } from './act-body.ts';
import { choicesFor } from './act-choices.ts';
import { doneWords } from './act-words.ts';
import { attach, download } from './attach.ts';
import { readFilter } from './board.ts';
import { BoardPage } from './board-page.tsx';
import { boardRows } from './board-rows.ts';
import { closeRequest } from './closing.ts';
import { happenings, isUnread } from './happenings.ts';
import { readInbox } from './inbox.ts';
import { InboxPage } from './inbox-page.tsx';
import { type OneReferral, readReferral } from './one-referral.ts';
import { markRead } from './reading.ts';
import { ReferralPage, type ReferralPageProps } from './referral-page.tsx';

/** The board, the inbox, and the page of one referral. */
export function referralRoutes(workspace: Workspace): Hono<RoomEnv> {
  const { parts, pages, maxDocument } = workspace;
  const app = new Hono<RoomEnv>();
  app.use('/referrals/*', room(workspace, '/referrals'));

  app.get('/referrals', async c => {
    const { repository, now, zone, organization, person } = c.var.room;
    const filter = readFilter(c.req.query());
    const from = c.req.query('from');
    const board = await boardRows(repository, { finished: filter.group === 'finished', from });
    const props = { board, filter, now, zone, organization, from };
    return show(
      c,
      { title: 'Referrals', done: doneWords },
      <BoardPage {...props} refers={hasArea(person.role, '/refer')} />,
    );
  });

  app.use('/inbox', room(workspace, '/inbox'));
  app.get('/inbox', async c => {
    const { repository, now, zone, token, organization } = c.var.room;
    const inbox = await readInbox(parts, repository);
    const actions = inbox.waiting.flatMap(one => one.actions);
    const choices = await choicesFor(repository, actions, {
      now,
      zone,
      organizations: async () => othersOf(await pages.organizations(), c),
    });
    const props = { inbox, choices, now, zone, token, organization };
    return show(c, { title: 'Inbox', done: doneWords }, <InboxPage {...props} />);
  });

  app.get('/referrals/:task', async c => {
    const referral = await readReferral(parts, c.var.room.repository, c.req.param('task'));
    const shown = await pageOf(c, referral);
    // A page that fetches itself again is not somebody who reads.
    if (!c.req.header('hx-request'))
      await markRead(c.var.room.repository, unreadOf(c, referral), c.var.room.now);
    return shown;
  });

  app.post('/referrals/:task/documents', async c => {
    const { repository, now } = c.var.room;
    const referral = await readReferral(parts, repository, c.req.param('task'));
    const { file, title } = await c.req.parseBody();
    return done(c, referral, 'documents', {}, async () => {
      if (!(file instanceof File) || file.size === 0)
        throw new HubError('invalid', 'Choose a file that is not empty.');
      await attach(repository, referral, { file, title: String(title ?? '').trim() || 'Document', now });
      return 'document';
    });
  });

  app.get('/referrals/:task/documents/:document', async c => {
    const { bytes, contentType, name } = await download(c.var.room.repository, c.req.param('document'));
    // Never shown as a page of the hub, whatever it holds.
    return c.body(bytes, 200, {
      'Content-Type': contentType,
      'Content-Disposition': `attachment; filename="${name}"`,
    });
  });

  app.post('/referrals/:task/close', async c => {
    const referral = await readReferral(parts, c.var.room.repository, c.req.param('task'));
    return done(c, referral, 'close', {}, async () => {
      await closeRequest(c.var.room.repository, referral);
      return 'close';
    });
  });

  app.post('/referrals/:task/:action', async c => {
    const { repository, zone } = c.var.room;
    const { task: id, action: name } = c.req.param();
    const action = actions.find(one => one.name === name);
    const operation = referralActions.find(one => one.name === name);
    if (!action || !operation) throw new HubError('not-found', 'There is no such action on a referral.');
    const sent = await allFieldsOf(c);
    const referral = await readReferral(parts, repository, id);
    return done(c, referral, name, sent, async () => {
      const body = bodyOf(action.inputs, sent, zone);
      await operation.run({ parts, repository, type: 'Task', id, query: new URLSearchParams(), body });
      return name;
    });
  });

  /** Does it and goes on, or shows the page again with what was refused and what was sent. */
  async function done(
    c: RoomContext,
    referral: OneReferral,
    action: string,
    sent: Sent,
    act: () => Promise<string>,
  ): Promise<Response> {
    try {
      const code = await act();
      return doneAt(c, localPath((await fieldsOf(c)).return) ?? `/referrals/${referral.id}`, code);
    } catch (error) {
      const problem = refusal(error);
      const now = await readReferral(parts, c.var.room.repository, referral.id);
      return pageOf(c, now, { action, problem, sent });
    }
  }

  async function pageOf(
    c: RoomContext,
    referral: OneReferral,
    refused?: ReferralPageProps['refused'],
  ): Promise<Response> {
    const { actor, person, repository, now, zone, token } = c.var.room;
    const { task, request, row, seen } = referral;
    const [choices, packet] = await Promise.all([
      choicesFor(repository, referral.actions, {
        now,
        zone,
        patient: row.person && task.for?.reference?.split('/')[1],
        service: serviceOf(referral),
        organizations: async () => othersOf(await pages.organizations(), c),
      }),
      row.direction === 'received' && request ? packetFor(c, request.id) : undefined,
    ]);
    const past = happenings({
      versions: referral.versions,
      messages: referral.messages.map(one => one.resource()),
      reader: repository.actor.organization,
      hub: parts.hubOrganization,
      organizationOf: reference => seen.organizationOf(reference),
      zone,
    });
    const attaches = allows(actor, 'create', 'Binary') && task.status !== 'draft';
    const refers = hasArea(person.role, '/refer');
    const shown = { referral, happenings: past, choices, packet, refers, attaches, maxDocument };
    const props = { ...shown, now, zone, token, refused, act: c.req.query('act') };
    return show(
      c,
      { title: 'A referral', done: doneWords, problem: refused?.problem },
      <ReferralPage {...props} />,
    );
  }

  const packetFor = async (c: RoomContext, id: string): Promise<PrintedPacket> =>
    printed(await packetOf({ parts, repository: c.var.room.repository, id }));

  const othersOf = (all: readonly { id: string; name: string }[], c: RoomContext) =>
    all.filter(({ id }) => id !== parts.hubOrganization && id !== c.var.room.person.organization);

  return app;
}

/** What the person can do something about: also that the referral has moved on meanwhile. */
function refusal(error: unknown): HubError {
  if (error instanceof HubError && ['unprocessable', 'precondition-failed', 'too-large'].includes(error.kind))
    return error;
  return mendable(error);
}

const unreadOf = (c: RoomContext, { messages, seen }: OneReferral) =>
  messages.filter(one =>
    isUnread(one.resource(), c.var.room.actor.organization, reference => seen.organizationOf(reference)),
  );

/** The service that was asked for, where the Task names one. */
const serviceOf = ({ task }: OneReferral): string | undefined =>
  [task.owner, ...(task.input ?? []).map(one => one.valueReference)]
    .map(one => one?.reference)
    .find(one => one?.startsWith('HealthcareService/'));

/** The fields of a form, each with all that was chosen. */
async function allFieldsOf(c: RoomContext): Promise<Sent> {
  const fields = await c.req.parseBody({ all: true });
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      [value].flat().filter(one => typeof one === 'string'),
    ]),
  );
}
