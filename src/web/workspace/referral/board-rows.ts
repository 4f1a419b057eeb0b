import { system } from '../../../fhir/canonical.ts';
import type { Repository, SearchEntry } from '../../../fhir/repository.ts';
import { requestOf } from '../../../referral/lifecycle/referral-task.ts';
import { type Referral, referralOf } from '../../referrals.ts';
import { nextOf, seenIn } from '../../seen.ts';

export interface BoardRows {
  rows: readonly Referral[];
  /** Where what comes after begins: of the open ones, of the finished ones. */
  next: { open?: string; finished?: string };
}

/** Open referrals are worked through as a whole; of the finished ones the latest are enough. */
const most = { open: 500, finished: 50, recent: 12 } as const;

/** A search names so many ids at most. */
const idsAtOnce = 500;

/**
 * Referrals that the organization sent or was asked to take: everything that is open, and the latest that are
 * finished. Of one kind alone, `from` is the `next` of an earlier page.
 */
export async function boardRows(
  repository: Repository,
  { finished, from }: { finished: boolean; from?: string | undefined },
): Promise<BoardRows> {
  const [open, ended] = await Promise.all([
    finished ? undefined : tasksOf(repository, true, most.open, from),
    finished || !from
      ? tasksOf(repository, false, finished ? most.finished : most.recent, finished ? from : undefined)
      : undefined,
  ]);
  const found = [...(open?.entries ?? []), ...(ended?.entries ?? [])];
  const { organization } = repository.actor;
  const known = seenIn(found);
  const own = known.tasks.filter(task =>
    [task.requester, task.owner].some(party => known.organizationOf(party) === organization),
  );
  const requests = own.flatMap(task => requestOf(task)?.split('/')[1] ?? []);
  const seen = seenIn([...found, ...(await peopleOf(repository, requests))]);
  return {
    rows: own.map(task => referralOf(task, organization, seen)),
    next: {
      ...(open?.next ? { open: open.next } : {}),
      ...(ended?.next ? { finished: ended.next } : {}),
    },
  };
}

/** Tasks with who asks and who is asked. The hub's Tasks below one of ours are among them, so is the one above. */
async function tasksOf(repository: Repository, open: boolean, count: number, from?: string) {
  const query = new URLSearchParams([
    ['code', `${system.taskCode}|fulfill`],
    ['next-action:missing', String(!open)],
    ['_sort', '-_lastUpdated'],
    ['_count', String(count)],
    ['_include', 'Task:requester'],
    ['_include', 'Task:owner'],
    ['_include:iterate', 'PractitionerRole:organization'],
    ...(from ? [['_cursor', from]] : []),
    // What is over leads to its sender by the Task above, which need not be over.
    ...(open
      ? []
      : [
          ['_include', 'Task:part-of'],
          ['_include:iterate', 'Task:requester'],
        ]),
  ] as [string, string][]);
  const found = await repository.search('Task', query);
  return { entries: found.entries, next: nextOf(found) };
}

/** The requests of these ids with whom they are for, as far as the organization may see them. */
async function peopleOf(repository: Repository, ids: readonly string[]): Promise<SearchEntry[]> {
  const wanted = [...new Set(ids)];
  const chunks = Array.from({ length: Math.ceil(wanted.length / idsAtOnce) }, (_, index) =>
    wanted.slice(index * idsAtOnce, (index + 1) * idsAtOnce),
  );
  const pages = await Promise.all(
    chunks.map(chunk => {
      const query = new URLSearchParams([
        ['_id', chunk.join(',')],
        ['_count', String(idsAtOnce)],
        ['_include', 'ServiceRequest:subject'],
        ['_include:iterate', 'Patient:organization'],
      ]);
      return repository.search('ServiceRequest', query);
    }),
  );
  return pages.flatMap(({ entries }) => entries.map(entry => ({ ...entry, mode: 'include' as const })));
}
