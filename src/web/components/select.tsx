import type { HubError } from '../../errors.ts';
import { faultOf } from './form.tsx';

interface SelectProps {
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
  /** What was chosen before. */
  value?: string | undefined;
  /** What stands for no choice; absent: one has to choose. */
  none?: string;
  autocomplete?: string;
  hint?: string;
  problem?: HubError | undefined;
}

/** One of many, with its label, its hint, and what is wrong with it. Of a few use `Choices`. */
export function Select({ name, label, options, value, none, autocomplete, hint, problem }: SelectProps) {
  const { fault, described } = faultOf(name, hint, problem);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <select
        id={name}
        name={name}
        {...(none === undefined ? { required: true } : {})}
        {...(autocomplete ? { autocomplete } : {})}
        {...(described ? { 'aria-describedby': described } : {})}
        {...(fault ? { 'aria-invalid': 'true' } : {})}
      >
        <option value="">{none ?? 'Choose'}</option>
        {options.map(option => (
          <option value={option.value} {...(option.value === value ? { selected: true } : {})}>
            {option.label}
          </option>
        ))}
      </select>
      {fault && (
        <p class="problem" id={`${name}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}
