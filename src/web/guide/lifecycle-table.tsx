import { transitions } from '../../referral/lifecycle/table.ts';
import type { From, Party } from '../../referral/lifecycle/transition.ts';
import { Table } from './parts.tsx';

const who: Record<Party, string> = {
  source: 'sender',
  target: 'receiver',
  claimant: 'who claims it',
  hub: 'hub',
};

const needs = { reason: 'statusReason', output: 'an output' } as const;

/** Every event of a referral, from the table by which the hub itself decides. */
export function LifecycleTable() {
  return (
    <Table caption="Events of a referral" columns={['Event', 'Who', 'From', 'To', 'With', 'IHE 360X']}>
      {transitions
        .filter(({ internal }) => !internal)
        .map(one => (
          <tr>
            <th scope="row">{one.event.replaceAll('-', ' ')}</th>
            <td data-label="Who">{who[one.by]}</td>
            <td data-label="From">{fromOf(one.from)}</td>
            <td data-label="To">
              <div>
                {one.to.status}
                {one.to.step && (
                  <span class="detail">{steps[one.to.step] ?? `business status ${one.to.step}`}</span>
                )}
              </div>
            </td>
            <td data-label="With">{(one.needs ?? []).map(need => needs[need]).join(', ') || '–'}</td>
            <td data-label="IHE 360X">
              {one.messages.map(({ transaction }) => `PCC-${transaction}`).join(', ') || '–'}
            </td>
          </tr>
        ))}
    </Table>
  );
}

/** Every status there is, in short, where an event can come at any time. */
function fromOf(from: readonly From[]): string {
  return from.length >= 9 ? 'any' : from.map(one).join('; ');
}

function one({ status, steps, except, owned }: From): string {
  const at = steps ? ` (${steps.join(', ')})` : '';
  const not = except ? `, but not ${except.join(', ')}` : '';
  const owner = owned === false ? ' without an owner' : '';
  return `${status === 'none' ? 'nothing' : status}${at}${not}${owner}`;
}

const steps: Readonly<Record<string, string>> = { prior: 'business status as before the hold' };
