import type { PropsWithChildren } from 'hono/jsx';
import type { HubError } from '../../errors.ts';
import { tokenField } from '../sign-in/desk.ts';

interface FormProps {
  action: string;
  token: string;
  /** Where to go in the end. */
  to?: string | undefined;
  look?: string;
  /** It has a field for a file. */
  files?: boolean;
}

/** A form that posts to the hub, with the token of this browser. */
export function Form({ action, token, to, look, files, children }: PropsWithChildren<FormProps>) {
  return (
    <form
      method="post"
      action={action}
      class={look ?? 'form'}
      {...(files ? { enctype: 'multipart/form-data' } : {})}
    >
      <input type="hidden" name={tokenField} value={token} />
      {to !== undefined && <input type="hidden" name="return" value={to} />}
      {children}
    </form>
  );
}

interface FieldProps {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password' | 'tel' | 'time' | 'date' | 'datetime-local';
  /** https://html.spec.whatwg.org/#autofill : lets password managers and phones help. */
  autocomplete: string;
  hint?: string;
  value?: string;
  numeric?: boolean;
  optional?: boolean;
  problem?: HubError | undefined;
}

/** What is wrong with a field (or a part of it, `name[0]`), and the ids of the texts that describe it. */
export function faultOf(name: string, hint: string | undefined, problem: HubError | undefined) {
  const isOfField = (expression = ''): boolean => expression.split(/[.[]/, 1)[0] === name;
  const fault = problem?.problems.find(one => isOfField(one.expression))?.text;
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(' ');
  return { fault, described };
}

type AreaProps = Pick<FieldProps, 'name' | 'label' | 'hint' | 'value' | 'problem'>;

/** A field of several lines, which may be empty. */
export function TextArea({ name, label, hint, value, problem }: AreaProps) {
  const { fault, described } = faultOf(name, hint, problem);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <textarea
        id={name}
        name={name}
        rows={3}
        {...(described ? { 'aria-describedby': described } : {})}
        {...(fault ? { 'aria-invalid': 'true' } : {})}
      >
        {value ?? ''}
      </textarea>
      {fault && (
        <p class="problem" id={`${name}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
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
  optional,
  problem,
}: FieldProps) {
  const { fault, described } = faultOf(name, hint, problem);
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
        {...(optional ? {} : { required: true })}
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
  const isOfField = (expression: string): boolean => fields.includes(expression.split(/[.[]/, 1)[0] ?? '');
  const texts = of?.problems.filter(one => !one.expression || !isOfField(one.expression)) ?? [];
  if (texts.length === 0) return null;
  return (
    <div class="problem" role="alert">
      {texts.map(({ text }) => (
        <div>{text}</div>
      ))}
    </div>
  );
}
