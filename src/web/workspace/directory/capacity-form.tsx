import { capacityStatuses } from '../../../referral/routing/directory-entries.ts';
import { Form } from '../../components/form.tsx';
import { statusWords } from './words.ts';

interface Props {
  id: string;
  name: string;
  /** What it says now. */
  chosen?: string | undefined;
  token: string;
  /** Where to go on to. */
  to: string;
}

/** How much room there is, in one click. */
export const CapacityButtons = ({ id, name, chosen, token, to }: Props) => (
  <Form action={`/directory/${id}/capacity`} token={token} to={to} look="beside capacity">
    {capacityStatuses.map(status => (
      <button
        type="submit"
        name="status"
        value={status}
        class="second small"
        {...(status === chosen ? { 'aria-pressed': 'true' } : { 'aria-pressed': 'false' })}
      >
        {statusWords[status].words}
        <span class="hidden"> {name}</span>
      </button>
    ))}
  </Form>
);
