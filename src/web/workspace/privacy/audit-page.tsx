import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Mark } from '../../components/mark.tsx';
import { Empty } from '../../components/notice.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import type { Room } from '../room.ts';
import { type AuditAsked, addressOf } from './audit-asked.ts';
import { auditKinds } from './audit-kinds.ts';
import type { AuditRow } from './audit-row.ts';
import { ChoosePerson } from './choose-person.tsx';
import { type MergedRow, mergeRows } from './merge-rows.ts';
import type { Named } from './names.ts';
import type { Chosen } from './people.ts';

export interface AuditProps {
  asked: AuditAsked;
  rows: readonly AuditRow[];
  nameOf(row: AuditRow): Named;
  /** The person that is asked for. */
  person?: Chosen | undefined;
  sought?: { text: string; people: readonly Chosen[] } | undefined;
  organizations: readonly { id: string; name: string }[];
  /** Where the next page begins. */
  next?: string | undefined;
  room: Pick<Room, 'now' | 'zone' | 'token'>;
}

/** Who saw or did what, the newest first. */
export function AuditPage(props: AuditProps) {
  const { asked, rows, person, sought, next, room } = props;
  return (
    <>
      <Head
        title="Audit"
        actions={
          <a class="button second" href={addressOf('/audit/download', asked)}>
            <Icon name="file-text" /> Download as CSV
          </a>
        }
      >
        Who saw or did what, the newest first. Looking here is recorded too.
      </Head>
      {person ? (
        <p>
          About <strong>{person.name ?? person.id}</strong>
          {person.born && <>, born {person.born}</>}.{' '}
          <a href={addressOf('/audit', withoutPerson(asked))}>Everybody again</a>
        </p>
      ) : (
        <ChoosePerson path="/audit" token={room.token} sought={sought} />
      )}
      <Filters {...props} />
      {rows.length === 0 ? (
        <Empty
          icon="eye"
          title="Nothing of this kind is recorded"
          action={<a href="/audit">Show everything</a>}
        >
          Ask for a longer time, or for less.
        </Empty>
      ) : (
        <Rows {...props} />
      )}
      {next && (
        <nav aria-label="Pages" class="pages">
          <a
            href={`${addressOf('/audit', asked)}${asking(asked) ? '&' : '?'}after=${encodeURIComponent(next)}`}
          >
            Earlier <Icon name="arrow-right" />
          </a>
        </nav>
      )}
    </>
  );
}

const asking = (asked: AuditAsked): boolean => Object.keys(asked).length > 0;

const withoutPerson = ({ patient: _, ...asked }: AuditAsked): AuditAsked => asked;

function Filters({ asked, organizations }: Pick<AuditProps, 'asked' | 'organizations'>) {
  return (
    <form method="get" action="/audit" class="lookup">
      {asked.patient && <input type="hidden" name="patient" value={asked.patient} />}
      {asked.agent && <input type="hidden" name="agent" value={asked.agent} />}
      <div class="field">
        <label for="organization">By</label>
        <select id="organization" name="organization">
          <option value="">Any organization</option>
          {organizations.map(({ id, name }) => (
            <option value={id} {...(id === asked.organization ? { selected: true } : {})}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="kind">What</label>
        <select id="kind" name="kind">
          <option value="">Everything</option>
          {Object.entries(auditKinds).map(([kind, { label }]) => (
            <option value={kind} {...(kind === asked.kind ? { selected: true } : {})}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="from">From</label>
        <input id="from" name="from" type="date" value={asked.from ?? ''} />
      </div>
      <div class="field">
        <label for="to">To</label>
        <input id="to" name="to" type="date" value={asked.to ?? ''} />
      </div>
      <label class="tick">
        <input type="checkbox" name="refused" value="yes" {...(asked.refused ? { checked: true } : {})} />{' '}
        Only what was refused or failed
      </label>
      <button type="submit" class="second">
        Show
      </button>
    </form>
  );
}

const Rows = ({ rows, nameOf, asked, room }: AuditProps) => (
  <Table look="audit outcomes" headings={['When', 'Who', 'What', 'Outcome']} label="Events">
    {mergeRows(rows).map(row => (
      <Row head={<Moment at={row.at} zone={room.zone} />}>
        <Cell label="Who">
          <Who row={row} named={nameOf(row)} asked={asked} />
        </Cell>
        <Cell label="What">
          <What row={row} asked={asked} />
        </Cell>
        <Cell label="Outcome">
          <Mark tone={row.outcome.tone}>{row.outcome.words}</Mark>
        </Cell>
      </Row>
    ))}
  </Table>
);

function Who({ row, named, asked }: { row: AuditRow; named: Named; asked: AuditAsked }) {
  return (
    <>
      <a href={addressOf('/audit', onlyBy(row.agent, asked))}>{named.name || row.agentKind}</a>
      <span class="detail">
        {[named.what, named.organization].filter(Boolean).join(', ')}
        {row.address && `, from ${row.address}`}
      </span>
    </>
  );
}

/** What somebody did: about the person one is looking into, if one is. */
const onlyBy = (agent: string, { patient }: AuditAsked): AuditAsked => ({
  agent,
  ...(patient ? { patient } : {}),
});

const resourcesShown = 3;

function What({ row, asked }: { row: MergedRow; asked: AuditAsked }) {
  const { did, patient, resources, search, purpose, events } = row;
  const touched = listWords(resources);
  const details = [
    ...(search && touched ? [`Found ${touched}`] : []),
    ...(purpose ? [`Purpose: ${purpose}`] : []),
    ...(events > 1 ? [`${events} events`] : []),
  ];
  return (
    <>
      {did} {search ?? (touched || (patient ? 'the record' : ''))}
      {patient && (
        <>
          {' of '}
          {asked.patient === patient ? (
            'this person'
          ) : (
            <a href={addressOf('/audit', { patient })}>Patient/{patient}</a>
          )}
        </>
      )}
      {details.length > 0 && <span class="detail">{details.join('. ')}</span>}
    </>
  );
}

/** The first of the resources, whatever their version: `Task/7, Task/8 and 3 more`. */
function listWords(references: readonly string[]): string {
  const each = [...new Set(references.map(reference => reference.split('/_history/')[0] ?? ''))];
  const more = each.length - resourcesShown;
  return `${each.slice(0, resourcesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
