import type { HubError } from '../../../errors.ts';
import { words } from '../../../referral/routing/codes.ts';
import { Form } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Live } from '../../components/live.tsx';
import { Mark } from '../../components/mark.tsx';
import { Empty, Warning } from '../../components/notice.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import type { Room } from '../room.ts';
import { CapacityButtons } from './capacity-form.tsx';
import { DayAgo } from './day.tsx';
import type { FoundServices, ListedService, Offered } from './find-services.ts';
import { keepsContact } from './keeping.ts';
import { distanceWords, languageWords, roomWords } from './words.ts';

export interface ListProps {
  kinds: readonly Offered[];
  asked: { service?: string | undefined; near?: string | undefined; text?: string | undefined };
  /** What people call the place that is looked at. */
  place?: string | undefined;
  found?: FoundServices | undefined;
  /** The reader keeps what the directory says of their organization. */
  keeps: boolean;
  /** Their entries, where they keep them. */
  own: readonly ListedService[];
  room: Pick<Room, 'actor' | 'now' | 'zone' | 'token' | 'organization'>;
  problem?: HubError | undefined;
}

/** Who offers what, near a place: for everybody who signs in. */
export function ListPage(props: ListProps) {
  const { keeps, own, room, asked, found } = props;
  const query = new URLSearchParams(
    Object.entries({ service: asked.service, near: asked.near }).flatMap(([name, value]) =>
      value ? [[name, value]] : [],
    ),
  ).toString();
  const path = query ? `/directory?${query}` : '/directory';
  const results = found && <Results {...props} found={found} />;
  return (
    <>
      <Head title="Directory">Who offers what, how much room they have, and when they last said so.</Head>
      {keeps && <Own own={own} room={room} />}
      <SearchForm {...props} />
      {asked.text ? (
        results
      ) : (
        <Live id="services" path={path}>
          {results}
        </Live>
      )}
    </>
  );
}

function SearchForm({ kinds, asked, room, problem }: ListProps) {
  const fault = problem?.problems.find(({ expression }) => expression === 'near')?.text;
  return (
    <search>
      <Form action="/directory" token={room.token} look="lookup">
        <div class="field">
          <label for="service">Need</label>
          <select id="service" name="service">
            <option value="">Any service</option>
            {kinds.map(({ code, words }) => (
              <option value={code} {...(code === asked.service ? { selected: true } : {})}>
                {words}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="near">ZIP code or town</label>
          <input
            id="near"
            name="near"
            type="text"
            autocomplete="off"
            value={asked.near ?? ''}
            {...(fault ? { 'aria-invalid': 'true', 'aria-describedby': 'near-fault' } : {})}
          />
          {fault && (
            <p class="problem" id="near-fault">
              {fault}
            </p>
          )}
        </div>
        <div class="field">
          <label for="words">Words</label>
          <input id="words" name="text" type="text" autocomplete="off" value={asked.text ?? ''} />
        </div>
        <button type="submit">
          <Icon name="search" /> Show
        </button>
      </Form>
    </search>
  );
}

function Results({ found, place, asked, room }: ListProps & { found: FoundServices }) {
  const { services, partial } = found;
  if (services.length === 0)
    return (
      <Empty
        icon="map-pin"
        title="Nobody in the directory offers this"
        action={<a href="/directory">Show the whole directory</a>}
      >
        Look for another word or a wider need. Who is missing is added by the network’s administrator.
      </Empty>
    );
  const elsewhere = services.filter(one => one.serves === false);
  const here = services.filter(one => one.serves !== false);
  const filtered = asked.service || asked.near || asked.text;
  return (
    <>
      {partial && <Warning>There are more than these. Say what is needed, or where, to see fewer.</Warning>}
      <section aria-labelledby="services-title">
        <h2 id="services-title">
          {place ? `Serving ${place}` : 'Services'} <span class="count">{here.length}</span>{' '}
          {filtered && (
            <a class="detail-link" href="/directory">
              Show all
            </a>
          )}
        </h2>
        {here.length === 0 ? <p class="quiet">None of them.</p> : <Services services={here} room={room} />}
      </section>
      {elsewhere.length > 0 && (
        <section aria-labelledby="elsewhere">
          <h2 id="elsewhere">
            Serving other places <span class="count">{elsewhere.length}</span>
          </h2>
          <Services services={elsewhere} room={room} />
        </section>
      )}
    </>
  );
}

const Services = ({ services, room }: { services: readonly ListedService[]; room: ListProps['room'] }) => (
  <Table look="first-wide" headings={['Service', 'Room', 'Languages', 'Where', 'Confirmed']}>
    {services.map(one => (
      <Service one={one} room={room} />
    ))}
  </Table>
);

function Service({ one, room }: { one: ListedService; room: ListProps['room'] }) {
  const { service, facts, organization, town, distance, sunk } = one;
  const capacity = roomWords(facts.capacity, room.now);
  const { verified } = facts;
  return (
    <Row
      head={
        <>
          <a class="person" href={`/directory/${facts.id}`}>
            {service.name ?? facts.name}
          </a>
          <span class="detail">{organization}</span>
          <span class="detail">{(service.type ?? []).map(type => words(type)).join(', ')}</span>
        </>
      }
    >
      <Cell label="Room">
        <Mark tone={capacity.tone}>{capacity.words}</Mark>
        {capacity.more.length > 0 && <span class="detail">{capacity.more.join(', ')}</span>}
      </Cell>
      <Cell label="Languages">{languageWords(service)}</Cell>
      <Cell label="Where">
        {town ?? <span class="quiet">Not told</span>}
        {distance !== undefined && <span class="detail">{distanceWords(distance)} away</span>}
      </Cell>
      <Cell label="Confirmed">
        {verified ? <DayAgo date={verified} now={room.now} /> : 'Never'}
        {sunk && (
          <span class="detail">
            <Mark tone="attention">Call first</Mark>
          </span>
        )}
      </Cell>
    </Row>
  );
}

function Own({ own, room }: Pick<ListProps, 'own' | 'room'>) {
  return (
    <section class="card" aria-labelledby="own">
      <h2 id="own">{own.length > 0 ? `How much room has ${room.organization}?` : room.organization}</h2>
      {own.map(({ service, facts, sunk }) => (
        <div class="own-service">
          <p>
            <a href={`/directory/${facts.id}`}>{service.name ?? facts.name}</a>{' '}
            {sunk && <Mark tone="attention">Please confirm this entry</Mark>}
          </p>
          <CapacityButtons
            id={facts.id}
            name={service.name ?? facts.name}
            chosen={facts.capacity?.status}
            token={room.token}
            to="/directory"
          />
        </div>
      ))}
      {keepsContact(room) && (
        <p>
          <a href="/directory/own/contact">Correct how we are reached</a>
        </p>
      )}
    </section>
  );
}
