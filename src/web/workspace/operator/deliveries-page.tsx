import type { HubError } from '../../../errors.ts';
import type { ParkedItem } from '../../../events/parked.ts';
import { Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Live } from '../../components/live.tsx';
import type { Room } from '../room.ts';
import { ParkedTable } from './parked-table.tsx';

interface Props {
  items: readonly ParkedItem[];
  room: Pick<Room, 'now' | 'zone' | 'token'>;
  problem?: HubError | undefined;
}

/** What could not be delivered, with retry. */
export const DeliveriesPage = ({ items, room, problem }: Props) => (
  <>
    <Head title="Deliveries">
      Mail and notifications that were not taken, however often the hub tried. Nothing is lost: what waits is
      sent once it is tried again and taken.
    </Head>
    <Problem of={problem} />
    <Live id="deliveries" path="/deliveries">
      <ParkedTable items={items} room={room} at="/deliveries" />
    </Live>
  </>
);
