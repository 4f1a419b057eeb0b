import { nextStepOf } from '../../../referral/lifecycle/next-step.ts';
import type { Action } from '../../../referral/working/action.ts';
import { Form, Problem } from '../../components/form.tsx';
import { Warning } from '../../components/notice.tsx';
import { ActForm } from './act-form.tsx';
import { actionsFor, meaningOf } from './act-words.ts';
import { closingOf } from './closing.ts';
import type { ReferralPageProps } from './referral-page.tsx';

/** What may be done now: what the next step asks for first and open, the rest below it. */
export function Actions(props: ReferralPageProps) {
  const { referral, refused } = props;
  const { actions, row, task } = referral;
  const first = row.turn?.yours ? actionsFor(nextStepOf(task)?.action) : [];
  // A message has its place below what happened.
  const others = actions.filter(({ name }) => name !== 'message');
  const main = first.flatMap(name => others.find(one => one.name === name) ?? []);
  const more = others.filter(one => !main.includes(one));
  const gone =
    refused &&
    !['documents', 'close'].includes(refused.action) &&
    !actions.some(one => one.name === refused.action);
  return (
    <>
      {gone && (
        <Warning>
          <p>{refused.problem.message}</p>
          <p>Nothing was changed. What is possible now stands below.</p>
        </Warning>
      )}
      <SenderNext {...props} />
      {main.length > 0 && (
        <section class="card next-act" aria-labelledby="next">
          <h2 id="next">{row.turn?.action ?? 'Next'}</h2>
          {main.map((action, index) =>
            index === 0 ? <One action={action} {...props} open /> : <Folded action={action} {...props} />,
          )}
        </section>
      )}
      {more.length > 0 && (
        <section class="card more-acts" aria-labelledby="more">
          <h2 id="more">{main.length > 0 ? 'More' : 'What you can do'}</h2>
          {more.map(action => (
            <Folded action={action} {...props} />
          ))}
        </section>
      )}
    </>
  );
}

type OneProps = ReferralPageProps & { action: Action; open?: boolean };

const One = ({ action, referral, choices, token, act, refused }: OneProps) => (
  <ActForm
    id={referral.id}
    action={action}
    choices={choices}
    token={token}
    focus={act === action.name}
    {...(refused?.action === action.name ? { problem: refused.problem, sent: refused.sent } : {})}
  />
);

function Folded(props: OneProps) {
  const { action, referral, act, refused } = props;
  return (
    <details
      class="act-fold"
      id={`act-${referral.id}-${action.name}`}
      open={(refused?.action ?? act) === action.name}
    >
      <summary>{action.title}</summary>
      <p class="hint">{meaningOf(action)}</p>
      <One {...props} />
    </details>
  );
}

/** What the sender does beside working the Task: choose somebody else, close the request. */
function SenderNext({ referral, refers, token, refused }: ReferralPageProps) {
  const { row, task, request, id } = referral;
  if (!refers || row.direction !== 'sent' || !row.turn?.yours || !request) return null;
  const next = nextStepOf(task)?.action;
  if (next === 'send')
    return (
      <section class="card next-act" aria-labelledby="draft">
        <h2 id="draft">A draft</h2>
        <p>Nobody is asked yet.</p>
        <p>
          <a class="button" href={`/refer/${request.id}`}>
            Go on with it
          </a>
        </p>
      </section>
    );
  const closing = closingOf(referral);
  const again = next === 'choose-again' || next === 'choose-recipient' || next === 'decide';
  if (!again && !closing) return null;
  return (
    <section class="card next-act" aria-labelledby="go-on">
      <h2 id="go-on">{row.turn.action}</h2>
      {again && (
        <p>
          {row.reason && (
            <>
              {row.to} said: {row.reason}{' '}
            </>
          )}
          The person still needs a place.
        </p>
      )}
      <div class="actions">
        {again && (
          <a class="button" href={`/refer/${request.id}/places`}>
            Choose another place
          </a>
        )}
        {closing && (
          <Form action={`/referrals/${id}/close`} token={token} look="beside">
            <button type="submit" class={again ? 'second' : ''}>
              {closing === 'completed' ? 'Close the request' : 'Close it without a place'}
            </button>
          </Form>
        )}
      </div>
      {refused?.action === 'close' && <Problem of={refused.problem} />}
    </section>
  );
}
