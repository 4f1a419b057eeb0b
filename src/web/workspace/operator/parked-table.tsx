import type { ParkedItem } from '../../../events/parked.ts';
import { Form } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty } from '../../components/notice.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import { Ago } from '../../components/time.tsx';
import type { Room } from '../room.ts';

interface Props {
  items: readonly ParkedItem[];
  room: Pick<Room, 'now' | 'zone' | 'token'>;
  /** The page it stands on. */
  at: string;
  /** What was done by hand can be settled; a delivery cannot. */
  settles?: true;
}

/** What the hub has given up until a person looks, with what they can do. */
export function ParkedTable({ items, room, at, settles }: Props) {
  if (items.length === 0)
    return (
      <Empty icon="circle-check" title={settles ? 'Nothing is parked' : 'Everything has been delivered'} />
    );
  return (
    <Table headings={['What', 'Why it stopped', 'Since', 'What to do']} label="Given up">
      {items.map(({ id, about, error, since, failures, waiting }) => (
        <Row
          head={
            <>
              <span class="person">{about}</span>
              <span class="detail">
                <code>{id}</code>
              </span>
            </>
          }
        >
          <Cell label="Why it stopped">
            {error}
            {failures !== undefined && (
              <span class="detail">Tried {failures === 1 ? 'once' : `${failures} times`}.</span>
            )}
            {waiting > 1 && <span class="detail">{waiting} wait for it.</span>}
          </Cell>
          <Cell label="Since">
            {since ? <Ago at={new Date(since)} now={room.now} zone={room.zone} /> : 'Not known'}
          </Cell>
          <Cell label="What to do">
            <div class="beside">
              <Form action="/deliveries/retry" token={room.token} to={at} look="beside">
                <input type="hidden" name="id" value={id} />
                <button type="submit" class="second small">
                  <Icon name="refresh-cw" /> Try again<span class="hidden"> {about}</span>
                </button>
              </Form>
              {settles && (
                <Form action="/bots/settle" token={room.token} to={at} look="beside">
                  <input type="hidden" name="id" value={id} />
                  <button type="submit" class="second small">
                    <Icon name="check" /> Settled<span class="hidden"> {about}</span>
                  </button>
                </Form>
              )}
            </div>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
