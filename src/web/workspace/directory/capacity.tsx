import { Form } from '../../components/form.tsx';
import { Mark } from '../../components/mark.tsx';
import type { Room } from '../room.ts';
import { CapacityButtons } from './capacity-form.tsx';
import { DayAgo } from './day.tsx';
import type { ServiceEntry } from './find-services.ts';
import { roomWords } from './words.ts';

interface Props {
  entry: ServiceEntry;
  /** The reader keeps this entry. */
  keeps: boolean;
  room: Pick<Room, 'now' | 'token'>;
}

/** How much room a service has, and for who keeps it, where to say so. */
export function Capacity({ entry, keeps, room }: Props) {
  const { service, facts } = entry;
  const { tone, words, more, said } = roomWords(facts.capacity, room.now);
  const { slots, waitDays, firstOpening, status } = facts.capacity ?? {};
  return (
    <section class="card" aria-labelledby="room">
      <h2 id="room">Room</h2>
      <p>
        <Mark tone={tone}>{words}</Mark> {more.join(', ')}
      </p>
      {said && (
        <p class="quiet">
          Said <DayAgo date={said} now={room.now} />
        </p>
      )}
      {keeps && (
        <>
          <CapacityButtons
            id={facts.id}
            name={service.name ?? facts.name}
            chosen={status}
            token={room.token}
            to={`/directory/${facts.id}`}
          />
          <details class="fold">
            <summary>Say more exactly</summary>
            <Form action={`/directory/${facts.id}/capacity`} token={room.token} to={`/directory/${facts.id}`}>
              <Small name="slots" label="Free places" value={slots} />
              <Small name="wait-days" label="Days of waiting" value={waitDays} />
              <div class="field">
                <label for="first-opening">First opening</label>
                <input id="first-opening" name="first-opening" type="date" value={firstOpening ?? ''} />
              </div>
              <button type="submit">Save</button>
            </Form>
          </details>
        </>
      )}
    </section>
  );
}

const Small = ({ name, label, value }: { name: string; label: string; value: number | undefined }) => (
  <div class="field">
    <label for={name}>{label}</label>
    <input
      id={name}
      name={name}
      type="number"
      min="0"
      max="999999"
      value={value === undefined ? '' : String(value)}
    />
  </div>
);
