import type { Room, RoomContext, Workspace } from '../room.ts';
import { type Draft, readDraft } from './draft.ts';

type Act = (c: RoomContext, draft: Draft, room: Room) => Promise<Response>;

/** A page of a draft. What was sent meanwhile is shown where it is now. */
export const drafted =
  ({ parts }: Pick<Workspace, 'parts'>, act: Act) =>
  async (c: RoomContext): Promise<Response> => {
    const { room } = c.var;
    const found = await readDraft(room.repository, c.req.param('id') ?? '', parts.hubOrganization);
    return 'sent' in found ? c.redirect(`/referrals/${found.sent}`, 303) : act(c, found, room);
  };
