import type { Coding, Extension, Task } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { HubError, type Problem } from '../../../errors.ts';
import { gapExtension, gapsOf, withGaps } from '../../../referral/packet/gaps.ts';
import { mendable } from '../../sign-in/desk.ts';
import { type KeptFile, keeping } from '../document.ts';
import type { Room, RoomContext, RoomEnv, Workspace } from '../room.ts';
import { show } from '../show.tsx';
import { askedOf } from './asked.ts';
import { type Draft, readDraft, savingOf } from './draft.ts';
import { drafted } from './drafted.ts';
import { type FormValues, formValues } from './form-values.ts';
import { askedWords } from './instruments.ts';
import {
  documentTypeOf,
  gapReasonOf,
  type PacketState,
  packetOf,
  referenceTo,
  withAttached,
  withoutAttached,
} from './packet.ts';
import { PacketPage } from './packet-page.tsx';
import { stepPath } from './steps.tsx';
import { wayOf } from './way.ts';

type Packet = PacketState & { readers: string[] };

/** What goes along. */
export function packetRoutes({ parts }: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();

  app.get('/refer/:id/packet', c =>
    drafted({ parts }, async (context, draft) => {
      const packet = await packetFor(context, draft);
      return packet ? packetPage(context, draft, packet) : toPlaces(context, draft);
    })(c),
  );

  app.post('/refer/:id/packet', c =>
    drafted({ parts }, async (context, draft, { repository, ...room }) => {
      const packet = await packetFor(context, draft);
      if (!packet) return toPlaces(context, draft);
      const values = await formValues(context);
      const { gaps, problems } = reasonsIn(packet, values, draft.task);
      try {
        const documents = await documentsIn(values, packet, draft, room);
        const made = documents.flatMap(({ document }) => document.reference ?? []);
        const attached = [...tickedIn(values, packet), ...made];
        const request = withAttached(draft.request, attached);
        await repository.write([
          ...documents.flatMap(({ operations }) => operations),
          ...savingOf({ request, task: withGaps(draft.task, gaps) }),
        ]);
      } catch (error) {
        return again(context, draft, values, mendable(error));
      }
      if (problems.length === 0) return context.redirect(stepPath(draft.request.id ?? '', 'send'), 303);
      // What was right is kept; the page is shown with what is not.
      const now = await readDraft(repository, draft.request.id ?? '', parts.hubOrganization);
      return 'sent' in now
        ? context.redirect(`/referrals/${now.sent}`, 303)
        : again(context, now, values, new HubError('invalid', problems));
    })(c),
  );

  app.post('/refer/:id/leave-out', c =>
    drafted({ parts }, async (context, { request, task }, { repository }) => {
      const out = (await formValues(context)).one('reference');
      await repository.write(savingOf({ request: withoutAttached(request, out), task }));
      return context.redirect(stepPath(request.id ?? '', 'packet'), 303);
    })(c),
  );

  /** The page with what was typed, and what is wrong with it. */
  async function again(c: RoomContext, draft: Draft, values: FormValues, problem: HubError) {
    const packet = await packetFor(c, draft);
    if (!packet) return toPlaces(c, draft);
    return packetPage(
      c,
      { ...draft, task: withGaps(draft.task, typedGaps(packet, values)) },
      packet,
      problem,
    );
  }

  async function packetFor(c: RoomContext, draft: Draft): Promise<Packet | undefined> {
    const source = { parts, repository: c.var.room.repository };
    const way = wayOf(draft.task);
    if (!way) return undefined;
    const { ids, names } = await askedOf(source, draft, way);
    return { ...(await packetOf(source, draft, ids)), readers: names };
  }

  return app;
}

const said = { ...askedWords, answered: 'The answers are saved and attached.' };

const toPlaces = (c: RoomContext, { request }: Draft): Response =>
  c.redirect(stepPath(request.id ?? '', 'places'), 303);

function packetPage(c: RoomContext, draft: Draft, packet: Packet, problem?: HubError) {
  const page = (
    <PacketPage
      {...draft}
      packet={packet}
      readers={packet.readers}
      token={c.var.room.token}
      problem={problem}
    />
  );
  return show(c, { title: 'Refer: packet', done: said, problem }, page);
}

/** What was ticked, of what the page showed. */
function tickedIn(values: FormValues, { checked, others }: PacketState): string[] {
  const shown = [...checked.flatMap(({ evidence }) => evidence), ...others].map(referenceTo);
  return values.all('attach').filter(one => shown.includes(one));
}

/** The reason for each thing that is sent without, and what is wrong with those that say nothing. */
function reasonsIn(
  { checked }: PacketState,
  values: FormValues,
  task: Task,
): { gaps: Extension[]; problems: Problem[] } {
  const gaps: Extension[] = [];
  const problems: Problem[] = [];
  const before = gapsOf(task);
  for (const { need } of checked) {
    const code = values.one(`why:${need.key}`);
    const text = values.one(`words:${need.key}`).trim().slice(0, 500);
    const reason = gapReasonOf(code, text);
    if (reason) gaps.push(gapExtension(need, reason));
    // An extension that is not sent stays: a reason that was taken back is sent as none.
    else if (before.some(({ key }) => key === need.key)) gaps.push(gapExtension(need, undefined));
    if (code && !reason) problems.push({ text: `Say in words why it is sent without “${need.title}”.` });
  }
  return { gaps, problems };
}

/** What was typed, for the page to show it again. */
const typedGaps = ({ checked }: PacketState, values: FormValues) =>
  checked.flatMap(({ need }) => {
    const code = values.one(`why:${need.key}`);
    const text = values.one(`words:${need.key}`);
    return code ? [gapExtension(need, { coding: [{ code }], ...(text ? { text } : {}) })] : [];
  });

/** A document that is nothing in particular (https://loinc.org/34133-9). */
const anyType: Coding = { system: 'http://loinc.org', code: '34133-9', display: 'Summary of episode note' };

/** The files that came with the form, each as what it was given for. */
async function documentsIn(
  values: FormValues,
  { checked }: PacketState,
  { request }: Draft,
  { actor, now }: Pick<Room, 'actor' | 'now'>,
): Promise<KeptFile[]> {
  const places = [
    { key: '', type: anyType },
    ...checked.map(({ need }) => ({ key: need.key, type: documentTypeOf(need) })),
  ];
  const given = places.flatMap(({ key, type }) => {
    const file = values.file(`file:${key}`);
    return file && type ? [{ file, type }] : [];
  });
  const { organization } = actor;
  return Promise.all(
    given.map(({ file, type }) =>
      keeping(file, { title: file.name.slice(0, 200), subject: request.subject, organization, type, now }),
    ),
  );
}
