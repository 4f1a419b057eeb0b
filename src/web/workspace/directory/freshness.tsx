import { Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Mark } from '../../components/mark.tsx';
import type { Room } from '../room.ts';
import { DayAgo } from './day.tsx';
import type { ServiceEntry } from './find-services.ts';

interface Props {
  entry: ServiceEntry;
  /** It is an entry of the reader's organization. */
  own: boolean;
  /** The reader keeps this entry. */
  keeps: boolean;
  room: Pick<Room, 'now' | 'token'>;
}

/** When an entry was last said to be right; who keeps it says so again. */
export function Freshness({ entry, own, keeps, room }: Props) {
  const { facts, sunk } = entry;
  return (
    <section class="card" aria-labelledby="fresh">
      <h2 id="fresh">Is this entry right?</h2>
      <p>
        {facts.verified ? (
          <>
            Last confirmed <DayAgo date={facts.verified} now={room.now} />.
          </>
        ) : (
          'Nobody has confirmed it yet.'
        )}{' '}
        {sunk && <Mark tone="attention">Not confirmed for long</Mark>}
      </p>
      {keeps ? (
        <Form action={`/directory/${facts.id}/confirm`} token={room.token} look="beside">
          <button type="submit" class="second">
            <Icon name="check" /> All of this is right
          </button>
        </Form>
      ) : (
        <p class="quiet">
          Something is wrong? {own ? 'Your organization’s administrator' : entry.organization} keeps this
          entry: tell them.
        </p>
      )}
    </section>
  );
}
