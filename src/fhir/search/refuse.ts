import { HubError } from '../../errors.ts';

/** A 400 about one parameter of a search; `http.name` is how an OperationOutcome points at it. */
export function refuse(parameter: string, text: string): HubError {
  return new HubError('invalid', { text: `${parameter}: ${text}`, expression: `http.${parameter}` });
}

/** `a, b or c`, shortened when long. */
export function oneOf(names: Iterable<string>, most = 60): string {
  const all = [...names].sort();
  const shown = all.slice(0, most);
  if (all.length > most) shown.push(`${all.length - most} more`);
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : (shown[0] ?? 'nothing');
}
