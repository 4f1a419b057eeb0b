import type { PropsWithChildren } from 'hono/jsx';
import type { HubError } from '../../errors.ts';
import { tokenField } from '../sign-in/desk.ts';
import { described, FieldFrame, type Framed } from './field-frame.tsx';

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

interface FieldProps extends Framed {
  type?: 'text' | 'email' | 'password' | 'tel' | 'time' | 'date' | 'datetime-local';
  /** https://html.spec.whatwg.org/#autofill : lets password managers and phones help. */
  autocomplete: string;
  value?: string;
  numeric?: boolean;
  optional?: boolean;
}

/** A field of several lines, which may be empty. */
export const TextArea = ({ value, ...framed }: Framed & { value?: string }) => (
  <FieldFrame {...framed}>
    <textarea id={framed.name} name={framed.name} rows={3} {...described(framed)}>
      {value ?? ''}
    </textarea>
  </FieldFrame>
);

/** A field of one line. */
export const Field = ({ type = 'text', autocomplete, value, numeric, optional, ...framed }: FieldProps) => (
  <FieldFrame {...framed}>
    <input
      id={framed.name}
      name={framed.name}
      type={type}
      autocomplete={autocomplete}
      {...(optional ? {} : { required: true })}
      {...(numeric ? { inputmode: 'numeric' } : {})}
      {...(value ? { value } : {})}
      {...described(framed)}
    />
  </FieldFrame>
);

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
