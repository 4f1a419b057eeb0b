import type { EntryAnswer } from '../../auth/links/entry-answer.ts';
import { HubError } from '../../errors.ts';
import { capacityStatuses } from '../../referral/routing/directory-entries.ts';

/** What the forms of an entry's page send; undefined for those of a referral's. HubError('invalid') for a wrong number. */
export function readEntryForm(form: URLSearchParams): EntryAnswer | undefined {
  const event = form.get('event');
  const version = form.get('version') ?? '';
  if (event === 'confirm-entry') return { event, version };
  if (event !== 'state-capacity') return undefined;
  const status = capacityStatuses.find(one => one === form.get('status'));
  const [slots, waitDays] = [numberIn(form, 'slots'), numberIn(form, 'wait-days')];
  return {
    event,
    version,
    capacity: {
      ...(status ? { status } : {}),
      ...(slots === undefined ? {} : { slots }),
      ...(waitDays === undefined ? {} : { waitDays }),
    },
  };
}

/** Where a number is written that is none. */
export const numberField = 'Entry.number';

function numberIn(form: URLSearchParams, name: string): number | undefined {
  const text = form.get(name)?.trim() ?? '';
  if (text === '') return undefined;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new HubError('invalid', { text: `${name} is a whole number.`, expression: numberField });
}
