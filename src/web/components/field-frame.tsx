import type { PropsWithChildren } from 'hono/jsx';
import type { HubError } from '../../errors.ts';

/** What stands around every field. */
export interface Framed {
  name: string;
  label: string;
  hint?: string | undefined;
  /** What was refused: what of it is about this field is said there. */
  problem?: HubError | undefined;
}

/** A field with its label above, its hint, and what is wrong with it below. The field itself takes `described`. */
export function FieldFrame({ name, label, hint, problem, children }: PropsWithChildren<Framed>) {
  const fault = faultOf(name, problem);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {fault && (
        <p class="problem" id={`${name}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}

/** What ties a field to its hint and its fault, for who hears the page. */
export function described({ name, hint, problem }: Omit<Framed, 'label'>) {
  const fault = faultOf(name, problem);
  const ids = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(' ');
  return {
    ...(ids ? { 'aria-describedby': ids } : {}),
    ...(fault ? { 'aria-invalid': 'true' as const } : {}),
  };
}

/** What is wrong with a field, or with a part of it, `name[0]`. */
export function faultOf(name: string, problem: HubError | undefined): string | undefined {
  const isOfField = (expression = ''): boolean => expression.split(/[.[]/, 1)[0] === name;
  return problem?.problems.find(one => isOfField(one.expression))?.text;
}
