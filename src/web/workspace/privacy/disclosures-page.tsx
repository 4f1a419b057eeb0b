import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Mark } from '../../components/mark.tsx';
import { Empty } from '../../components/notice.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import type { Room } from '../room.ts';
import { ChoosePerson } from './choose-person.tsx';
import { type Disclosed, kindsOf } from './disclosed.ts';
import type { Named } from './names.ts';
import type { Chosen } from './people.ts';

type Seen = Pick<Room, 'now' | 'zone' | 'token' | 'organization'>;

/** Asks whose disclosures are to be listed. */
export const ChooseDisclosuresPage = ({
  room,
  sought,
}: {
  room: Seen;
  sought?: { text: string; people: readonly Chosen[] } | undefined;
}) => (
  <>
    <Head title="Disclosures">
      Who was shown a person’s record, when and on what ground, for three years. A person may ask for this
      list.
    </Head>
    <ChoosePerson path="/disclosures" token={room.token} sought={sought} />
  </>
);

interface Props {
  person: Chosen;
  disclosed: readonly Disclosed[];
  nameOf(one: Disclosed): Named;
  discloserOf(one: Disclosed): string;
  /** Where the next page begins. */
  next?: string | undefined;
  room: Seen;
}

/** One person's disclosures, to be read, printed and handed out. */
export const DisclosuresPage = ({ person, disclosed, nameOf, discloserOf, next, room }: Props) => (
  <>
    <Head title="Disclosures" up={{ path: '/disclosures', label: 'Another person' }}>
      <strong>{person.name ?? person.id}</strong>
      {person.born && <>, born {person.born}</>}. What others were shown of the record that{' '}
      {room.organization} keeps, in the last three years, the newest first.
    </Head>
    {disclosed.length === 0 ? (
      <Empty icon="eye" title="Nobody else was shown anything" />
    ) : (
      <Table look="audit" headings={['When', 'To whom', 'What', 'On what ground']} label="Disclosures">
        {disclosed.map(one => (
          <Line one={one} named={nameOf(one)} discloser={discloserOf(one)} room={room} />
        ))}
      </Table>
    )}
    {next && (
      <nav aria-label="Pages" class="pages">
        <a href={`/disclosures?patient=${encodeURIComponent(person.id)}&before=${encodeURIComponent(next)}`}>
          Earlier <Icon name="arrow-right" />
        </a>
      </nav>
    )}
  </>
);

const ways: Record<string, string> = {
  read: 'read',
  search: 'found in a search',
  history: 'read with its history',
  operation: 'through an operation',
  export: 'exported',
  link: 'through a link',
  disclosure: 'sent',
};

function Line(props: { one: Disclosed; named: Named; discloser: string; room: Seen }) {
  const { one, named, discloser, room } = props;
  return (
    <Row head={<Moment at={one.at} zone={room.zone} />}>
      <Cell label="To whom">
        {named.organization || one.recipient}
        <span class="detail">{[named.name, named.what].filter(Boolean).join(', ')}</span>
      </Cell>
      <Cell label="What">
        {kindsOf(one.what)}
        <span class="detail">
          {ways[one.how] ?? one.how}, of {discloser}
        </span>
        {one.labels.map(label => (
          <>
            <Mark tone="attention" icon="shield">
              {label}
            </Mark>{' '}
          </>
        ))}
      </Cell>
      <Cell label="On what ground">
        {one.because}
        {one.under && (
          <span class="detail">
            <code>{one.under}</code>
          </span>
        )}
      </Cell>
    </Row>
  );
}
