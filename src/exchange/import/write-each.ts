import { type ErrorKind, HubError, type Problem } from '../../errors.ts';
import type { Repository, WriteOperation, WriteResult } from '../../fhir/repository.ts';

/** How one operation ended: written, or refused for these reasons. */
export type Ending = { outcome: WriteResult['outcome'] } | { refused: Refused };

export interface Refused {
  kind: ErrorKind;
  problems: readonly Problem[];
}

/** What concerns the database or the client, not what is written: the import cannot go on. */
const fatal: readonly ErrorKind[] = ['unavailable', 'unauthorized', 'too-many-requests'];

/** How often what is left is written again together, after something was refused. */
const together = 4;

/** All operations in one commit; or, of HubErrors, what is wrong with them. */
export async function writeWhole(
  operations: readonly WriteOperation[],
  repository: Repository,
): Promise<Ending[] | Refused> {
  try {
    const written = await repository.write(operations, { purpose: 'import' });
    return written.map(({ outcome }) => ({ outcome }));
  } catch (error) {
    if (!(error instanceof HubError) || fatal.includes(error.kind)) throw error;
    return { kind: error.kind, problems: error.problems };
  }
}

/** Each operation for itself, in as few commits as what is refused allows: what is at fault is left out of the next. */
export async function writeEach(
  operations: readonly WriteOperation[],
  repository: Repository,
): Promise<Ending[]> {
  const endings = new Map<number, Ending>();
  let open = operations.map((operation, index) => ({ operation, index }));
  for (let attempt = 1; open.length > 0 && attempt <= together; attempt++) {
    const result = await writeWhole(
      open.map(one => one.operation),
      repository,
    );
    if (Array.isArray(result)) {
      for (const [at, { index }] of open.entries()) endings.set(index, result[at] as Ending);
      open = [];
    } else {
      const faulty = atFault(result, open.length);
      if (faulty.size === 0) break;
      for (const [at, problems] of faulty)
        endings.set(open[at]?.index ?? -1, { refused: { ...result, problems } });
      open = open.filter((_, at) => !faulty.has(at));
    }
  }
  for (const { operation, index } of open) {
    const result = await writeWhole([operation], repository);
    endings.set(index, Array.isArray(result) ? (result[0] as Ending) : { refused: result });
  }
  return operations.map((_, index) => endings.get(index) as Ending);
}

/** The operations that are refused, with why; none when it is not said which. */
function atFault({ problems }: Refused, count: number): Map<number, Problem[]> {
  if (count === 1) return new Map([[0, [...problems]]]);
  const said = problems.filter(problem => problem.operation !== undefined);
  return Map.groupBy(said, problem => problem.operation as number);
}
