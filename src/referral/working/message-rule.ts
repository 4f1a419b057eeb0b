import { isDeepStrictEqual } from 'node:util';
import type { Communication, Resource } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Change, RuleContext, WriteRule } from '../../fhir/write/rules.ts';

/** What a message says stays once it is sent: the other party relies on it. */
const settled = ['basedOn', 'about', 'inResponseTo', 'sender', 'recipient', 'sent', 'payload'] as const;

/**
 * Messages on a referral: who sends them is who they say they are from, what was sent stays, and only who a message
 * is for says that it was received (`Communication.received`).
 */
export const messageRule: WriteRule = {
  types: ['Communication'],
  async apply(change, context) {
    const before = change.before as Communication | undefined;
    const after = change.after as Communication | undefined;
    if (!after || change.actor.importing) return {};
    if (!isMessage(before ?? after)) return {};
    await checkReceipt(before, after, context);
    if (before) requireSettled(before, after);
    if (!isDeepStrictEqual(before?.sender, after.sender)) await requireSender(after, context);
    return { after: completed(after, before, change, context) };
  },
};

/** A message on a referral names the Task or the request it is about. */
const isMessage = ({ basedOn = [], about = [] }: Communication): boolean =>
  [...basedOn, ...about].some(({ reference }) => /^(Task|ServiceRequest)\//.test(reference ?? ''));

/** Whether nothing but the receipt of a message changes: that is not the author's to write. */
export function isReceipt(before: Resource | undefined, after: Resource | undefined): boolean {
  if (before?.resourceType !== 'Communication' || after?.resourceType !== 'Communication') return false;
  if (!isMessage(before)) return false;
  const rest = ({ received: _received, meta: _meta, ...others }: Communication) => others;
  return isDeepStrictEqual(rest(before), rest(after));
}

async function checkReceipt(
  before: Communication | undefined,
  after: Communication,
  context: RuleContext,
): Promise<void> {
  if (isDeepStrictEqual(before?.received, after.received)) return;
  const sender = await context.organizationOf(after.sender?.reference);
  if (!before || before.received || (sender && (await context.actsFor(sender)))) throw notYourReceipt();
  for (const { reference } of before.recipient ?? [])
    if (await context.actsFor(await context.organizationOf(reference))) return;
  throw notYourReceipt();
}

const notYourReceipt = (): HubError =>
  new HubError('unprocessable', {
    text: 'Communication.received is said once, by an organization that the message is for: leave it out or as it is.',
    expression: 'Communication.received',
  });

function requireSettled(before: Communication, after: Communication): void {
  if (before.status === 'preparation') return;
  const changed = settled.filter(element => !isDeepStrictEqual(before[element], after[element]));
  if (changed.length === 0) return;
  throw new HubError(
    'unprocessable',
    changed.map(element => ({
      text: `Communication.${element} stays as it was sent: write another message, or set the status to entered-in-error.`,
      expression: `Communication.${element}`,
    })),
  );
}

async function requireSender({ sender }: Communication, context: RuleContext): Promise<void> {
  const organization = await context.organizationOf(sender?.reference);
  if (organization === undefined || (await context.actsFor(organization))) return;
  throw new HubError('forbidden', {
    text: 'Communication.sender names an organization this client does not act for; name your own organization.',
    expression: 'Communication.sender',
  });
}

/** What goes without saying: who sends it, and when. */
function completed(
  after: Communication,
  before: Communication | undefined,
  { actor }: Change,
  { now }: RuleContext,
): Communication {
  if (before) return after;
  const sender = after.sender ?? { reference: `Organization/${actor.organization}` };
  const sent = after.sent ?? (after.status === 'completed' ? now.toISOString() : undefined);
  return { ...after, sender, ...(sent ? { sent } : {}) };
}
