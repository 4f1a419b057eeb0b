import type { HubError } from '../../../errors.ts';
import { Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Live } from '../../components/live.tsx';
import { Warning } from '../../components/notice.tsx';
import type { Room } from '../room.ts';
import { About, Packet } from './about.tsx';
import { Capacity } from './capacity.tsx';
import type { ServiceEntry } from './find-services.ts';
import { Freshness } from './freshness.tsx';
import { Reach } from './reach.tsx';

interface Props {
  entry: ServiceEntry;
  /** It is an entry of the reader's organization. */
  own: boolean;
  /** The reader keeps this entry. */
  keeps: boolean;
  room: Pick<Room, 'now' | 'zone' | 'token'>;
  problem?: HubError | undefined;
}

/** One service: all that one has to know before one asks it, and for who keeps it, what is said of it. */
export function ServicePage({ entry, own, keeps, room, problem }: Props) {
  const { service, facts, organization, sunk } = entry;
  const path = `/directory/${facts.id}`;
  return (
    <>
      <Head
        title={service.name ?? facts.name}
        up={{ path: '/directory', label: 'Directory' }}
        actions={
          keeps && (
            <a class="button second" href={`${path}/edit`}>
              <Icon name="pencil" /> Correct this entry
            </a>
          )
        }
      >
        {organization}
      </Head>
      <Problem of={problem} />
      <Live id="service" path={path}>
        {facts.inactive && <Warning>{facts.inactive}. It takes nobody now.</Warning>}
        {sunk && !keeps && (
          <Warning>Nobody has confirmed this entry for long. Call before you rely on it.</Warning>
        )}
        <div class="columns">
          <div>
            <About entry={entry} />
            <Packet service={service} />
          </div>
          <div>
            <Capacity entry={entry} keeps={keeps} room={room} />
            <Freshness entry={entry} own={own} keeps={keeps} room={room} />
            <Reach entry={entry} />
          </div>
        </div>
      </Live>
    </>
  );
}
