import type { ProfileElement } from '../../definitions/schema-profile.ts';
import type { Report } from '../report.ts';

/** The report stands at what has the element. */
export function count(element: ProfileElement & { sliceName?: string }, found: number, report: Report): void {
  const { name, min = 0, max = Number.POSITIVE_INFINITY } = element;
  const what = element.sliceName ? ` of the slice ${element.sliceName}` : '';
  if (found < min) {
    const wanted = min === 1 ? `is required${what ? `: one${what}` : ''}` : `needs at least ${min}${what}`;
    report.addAt(name, found === 0 ? wanted : `${wanted}, and has ${found}`, 'required');
  } else if (found > max) {
    const wanted =
      max === 0 ? `must not be there${what && `: none${what}`}` : `must have at most ${max}${what}`;
    report.addAt(name, max === 0 ? wanted : `${wanted}, and has ${found}`, 'structure');
  }
}
