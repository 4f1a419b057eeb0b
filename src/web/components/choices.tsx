import type { Child } from 'hono/jsx';
import type { HubError } from '../../errors.ts';

interface Choice {
  value: string;
  label: Child;
  hint?: string;
}

interface ChoicesProps {
  legend: string;
  name: string;
  /** One of them, or any number. */
  type: 'radio' | 'checkbox';
  choices: readonly Choice[];
  chosen: readonly string[];
  hint?: string;
  required?: boolean;
  problem?: HubError | undefined;
}

/** One or several of a few, all to be seen at once: a group of radio buttons or checkboxes. */
export function Choices({ legend, name, type, choices, chosen, hint, required, problem }: ChoicesProps) {
  const fault = problem?.problems.find(({ expression }) => expression === name)?.text;
  return (
    <fieldset class="choice-group" {...(fault ? { 'aria-describedby': `${name}-fault` } : {})}>
      <legend>{legend}</legend>
      {hint && <p class="hint">{hint}</p>}
      {fault && (
        <p class="problem" id={`${name}-fault`}>
          {fault}
        </p>
      )}
      <div class="choice-list">
        {choices.map(({ value, label, hint: more }) => (
          <label class="choice">
            <input
              type={type}
              name={name}
              value={value}
              {...(chosen.includes(value) ? { checked: true } : {})}
              {...(required ? { required: true } : {})}
            />
            <span>
              {label}
              {more && <span class="detail">{more}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
