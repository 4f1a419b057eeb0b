import { described, FieldFrame, type Framed } from './field-frame.tsx';

interface SelectProps extends Framed {
  options: readonly { value: string; label: string }[];
  /** What was chosen before. */
  value?: string | undefined;
  /** What stands for no choice; absent: one has to choose. */
  none?: string;
  autocomplete?: string;
}

/** One of many. Of a few use `Choices`. */
export const Select = ({ options, value, none, autocomplete, ...framed }: SelectProps) => (
  <FieldFrame {...framed}>
    <select
      id={framed.name}
      name={framed.name}
      {...(none === undefined ? { required: true } : {})}
      {...(autocomplete ? { autocomplete } : {})}
      {...described(framed)}
    >
      <option value="">{none ?? 'Choose'}</option>
      {options.map(option => (
        <option value={option.value} {...(option.value === value ? { selected: true } : {})}>
          {option.label}
        </option>
      ))}
    </select>
  </FieldFrame>
);
