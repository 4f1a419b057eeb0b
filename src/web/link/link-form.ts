import type { Answer } from '../../auth/links/answer.ts';
import { HubError } from '../../errors.ts';
import { linkEvents } from '../../referral/lifecycle/by-link.ts';

/** What the forms of a link's page send. */
export interface LinkForm {
  wanted: Answer | 'show';
  code?: string;
  /** All but the code, to be sent again with it. */
  fields: Record<string, string>;
}

/** HubError('invalid') for what no form of the page sends. */
export function readLinkForm(form: URLSearchParams): LinkForm {
  const event = form.get('event');
  const code = form.get('code')?.trim();
  const found = linkEvents.find(one => one === event);
  if (!found && event !== 'show') throw new HubError('invalid', 'The form says nothing that a link can do.');
  const [reason, comment] = [form.get('reason') ?? '', form.get('comment') ?? ''];
  const fields = {
    event: event ?? '',
    ...(reason ? { reason: reason.slice(0, 64) } : {}),
    ...(comment ? { comment: comment.slice(0, 500) } : {}),
  };
  const wanted = found
    ? { event: found, ...(reason ? { reason } : {}), ...(comment ? { comment } : {}) }
    : ('show' as const);
  return { wanted, fields, ...(code ? { code } : {}) };
}
