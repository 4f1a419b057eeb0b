import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Draft } from '../../fhir/search/draft.ts';
import { readExpression } from '../../fhir/search/expression.ts';
import type { SearchContext } from '../../fhir/search/parsed.ts';

/** What criteria are read with: references are compared as they are written, so nothing is looked up. */
export function criteriaContext(
  parts: Pick<SearchContext, 'definitions' | 'numbers' | 'baseUrl'> & { clock: Clock },
): SearchContext {
  const { definitions, numbers, baseUrl, clock } = parts;
  return {
    definitions,
    numbers,
    baseUrl,
    get now() {
      return clock.now().getTime();
    },
    locate: async () => [],
  };
}

/** Conditions that can be told from one version of a resource alone. */
const alone: ReadonlySet<Draft['kind']> = new Set([
  'token',
  'reference',
  'string',
  'date',
  'uri',
  'missing',
  'id',
]);

/**
 * The conditions of a subscription's criteria: a search that looks at the changed resource alone.
 * @throws HubError('unprocessable') naming what is not understood or would need other resources.
 */
export function readCriteria(context: SearchContext, type: string, query: string): Draft[] {
  return [...new URLSearchParams(query)].map(([name, value]) => {
    const draft = read(context, type, name, value);
    if (alone.has(draft.kind) && !(draft.kind === 'string' && draft.any.some(one => one.match === 'exact')))
      return draft;
    throw refused(
      `${name} cannot be told from the changed ${type} alone: use its own references, codes, dates and texts, without chains.`,
    );
  });
}

function read(context: SearchContext, type: string, name: string, value: string): Draft {
  if (name.startsWith('_') && !['_id', '_tag', '_profile', '_security'].includes(name.split(':')[0] ?? ''))
    throw refused(`${name} is no criterion: it says how a search is answered, not what it finds.`);
  try {
    return readExpression(context, type, name, value);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw refused(error.problems.map(({ text }) => text).join('; '));
  }
}

const refused = (text: string): HubError =>
  new HubError('unprocessable', { text, expression: 'Subscription.criteria' });
