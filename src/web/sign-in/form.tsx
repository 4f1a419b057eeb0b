import type { PropsWithChildren } from 'hono/jsx';
import type { HubError } from '../../errors.ts';
import { tokenField } from './desk.ts';

interface FormProps {
  action: string;
  token: string;
  /** Where to go in the end. */
  to?: string | undefined;
  look?: string;
}

/** A form that posts to the hub, with the token of this browser. */
export function Form({ action, token, to, look, children }: PropsWithChildren<FormProps>) {
  return (
    <form method="post" action={action} class={look ?? 'form'}>
      <input type="hidden" name={tokenField} value={token} />
      {to !== undefined && <input type="hidden" name="return" value={to} />}
      {children}
    </form>
  );
}

interface FieldProps {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password';
  /** https://html.spec.whatwg.org/#autofill : lets password managers and phones help. */
  autocomplete: string;
  hint?: string;
  value?: string;
  numeric?: boolean;
  problem?: HubError | undefined;
}

/** A field with its label, its hint, and what is wrong with it. */
export function Field({
  name,
  label,
  type = 'text',
  autocomplete,
  hint,
  value,
  numeric,
  problem,
}: FieldProps) {
  const fault = problem?.problems.find(one => one.expression === name)?.text;
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <input
        id={name}
        name={name}
        type={type}
        autocomplete={autocomplete}
        required
        {...(numeric ? { inputmode: 'numeric' } : {})}
        {...(value ? { value } : {})}
        {...(described ? { 'aria-describedby': described } : {})}
        {...(fault ? { 'aria-invalid': 'true' } : {})}
      />
      {fault && (
        <p class="problem" id={`${name}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}

/** What went wrong and is not said at a field. */
export function Problem({ of, fields = [] }: { of: HubError | undefined; fields?: readonly string[] }) {
  const texts = of?.problems.filter(one => !one.expression || !fields.includes(one.expression)) ?? [];
  if (texts.length === 0) return null;
  return (
    <div class="problem" role="alert">
      {texts.map(({ text }) => (
        <div>{text}</div>
      ))}
    </div>
  );
}
