import { Head } from '../../components/head.tsx';
import { Mark } from '../../components/mark.tsx';
import { Empty } from '../../components/notice.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import { Ago, Moment, Time } from '../../components/time.tsx';
import { dueWords } from '../../due-words.ts';
import type { Room } from '../room.ts';
import { addressOf } from './audit-asked.ts';
import { purposeWords } from './audit-row.ts';
import { kindsOf } from './disclosed.ts';
import type { Emergency } from './emergencies.ts';

interface Props {
  emergencies: readonly Emergency[];
  /** How many days back. */
  days: number;
  whoOf(one: Emergency): string;
  organizationOf(id: string): string;
  room: Pick<Room, 'now' | 'zone'>;
}

/** Who opened records in an emergency: each is looked at by somebody. */
export const EmergenciesPage = ({ emergencies, days, whoOf, organizationOf, room }: Props) => (
  <>
    <Head title="Emergency access">
      Records that were opened in an emergency in the last {days} days: those your organization keeps, and
      those it opened.
    </Head>
    <nav aria-label="How far back" class="pages">
      {[7, 30, 90].map(one => (
        <a href={`/emergencies?days=${one}`} {...(one === days ? { 'aria-current': 'page' } : {})}>
          {one === 7 ? 'This week' : `${one} days`}
        </a>
      ))}
    </nav>
    {emergencies.length === 0 ? (
      <Empty icon="flame" title="No record was opened in an emergency" />
    ) : (
      <Table
        look="audit"
        headings={['When', 'Who', 'Whose record', 'Why', 'What was seen']}
        label="Emergency accesses"
      >
        {emergencies.map(one => (
          <Row head={<When one={one} room={room} />}>
            <Cell label="Who">
              {whoOf(one)}
              <span class="detail">{organizationOf(one.opener)}</span>
            </Cell>
            <Cell label="Whose record">
              <a href={addressOf('/audit', { patient: one.patient })}>Patient/{one.patient}</a>
              <span class="detail">Kept by {organizationOf(one.keeper)}</span>
            </Cell>
            <Cell label="Why">
              {one.reason}
              <span class="detail">{purposeWords(one.purpose)}</span>
            </Cell>
            <Cell label="What was seen">
              {one.seen.length === 0 ? <span class="quiet">Nothing yet</span> : kindsOf(one.seen)}
              <a
                class="detail"
                href={addressOf('/audit', { patient: one.patient, organization: one.opener })}
              >
                All of it in the audit
              </a>
            </Cell>
          </Row>
        ))}
      </Table>
    )}
  </>
);

function When({ one, room }: { one: Emergency; room: Props['room'] }) {
  const { at, until } = one;
  const open = until !== undefined && until > room.now;
  return (
    <>
      <Ago at={at} now={room.now} zone={room.zone} />
      {until && (
        <span class="detail">
          {open ? (
            <Mark tone="attention">
              Open:{' '}
              <Time
                at={until}
                words={dueWords(until, room.now).replace(/^Due in /, 'ends in ')}
                zone={room.zone}
              />
            </Mark>
          ) : (
            <>
              Until <Moment at={until} zone={room.zone} />
            </>
          )}
        </span>
      )}
    </>
  );
}
