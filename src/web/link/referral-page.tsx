import { noticeIssues } from '../../access/disclosure.ts';
import { reasonKind, reasonsFor } from '../../auth/links/answer.ts';
import type { OpenedReferral } from '../../auth/links/link-desk.ts';
import { formatDue } from '../../auth/links/link-words.ts';
import type { Need, ReferralView } from '../../auth/links/referral-view.ts';
import { filled, type Words } from '../../auth/links/words/words.ts';
import type { LinkEvent } from '../../referral/lifecycle/by-link.ts';
import { CallUs } from './closed-page.tsx';
import { Frame } from './layout.tsx';

export interface ReferralPageProps {
  words: Words;
  network: string;
  timeZone: string;
  opened: OpenedReferral;
  /** What happened to the answer that was just sent. */
  said?: { good: boolean; text: string };
}

/** The referral as a link shows it, and what can be answered. */
export function ReferralPage({ words, network, timeZone, opened, said }: ReferralPageProps) {
  const { view, asker, confirmed } = opened;
  const from = asker.name ?? words.heading.somebody;
  const notices = view.disclosed ? noticeIssues(view.disclosed) : [];
  return (
    <Frame words={words} network={network}>
      {said && (
        <p class={said.good ? 'said' : 'said wrong'} role={said.good ? 'status' : 'alert'}>
          {said.text}
        </p>
      )}
      <h1>{filled(words.heading[view.stage], { from })}</h1>
      <Facts words={words} view={view} from={from} timeZone={timeZone} />
      {view.stage !== 'offered' && !confirmed && <Reveal words={words} />}
      <Choices words={words} view={view} />
      <CallUs words={words} asker={asker} />
      {notices.map(({ details }) => (
        <p class="notice">{details?.text}</p>
      ))}
    </Frame>
  );
}

interface FactsProps {
  words: Words;
  view: ReferralView;
  from: string;
  timeZone: string;
}

function Facts({ words, view, from, timeZone }: FactsProps) {
  const { person, initials, need, priority, due, stage } = view;
  return (
    <dl class="facts">
      <dt>{words.need}</dt>
      <dd class="large">{need ? inWords(need, words) : words.notShared}</dd>
      <dt>{words.person}</dt>
      <dd class="large">{person?.name ?? initials ?? words.notShared}</dd>
      {person && (
        <>
          <dt>{words.phone}</dt>
          <dd class="large">
            {person.phone ? (
              <a href={`tel:${person.phone.replace(/[^\d+]/g, '')}`}>{person.phone}</a>
            ) : (
              filled(words.noPhone, { from })
            )}
          </dd>
        </>
      )}
      {priority !== 'routine' && (
        <>
          <dt>{words.urgency}</dt>
          <dd>
            <span class="mark">{words.priority[priority]}</span>
          </dd>
        </>
      )}
      {due && (
        <>
          <dt>{stage === 'offered' ? words.answerBy : words.nextBy}</dt>
          <dd>
            <time datetime={due.toISOString()}>{formatDue(due, words, timeZone)}</time>
          </dd>
        </>
      )}
    </dl>
  );
}

const Reveal = ({ words }: { words: Words }) => (
  <form method="post" class="reveal">
    <p>{words.nameAfterCode}</p>
    <button type="submit" name="event" value="show" class="button plain">
      {words.showName}
    </button>
  </form>
);

function Choices({ words, view: { stage, events } }: { words: Words; view: ReferralView }) {
  const may = (event: LinkEvent) => events.includes(event);
  return (
    <div class="choices">
      {may('accept') && <Press words={words} event="accept" main />}
      {may('accept') && <p class="aside">{words.nameLater}</p>}
      {may('decline') && <Explain words={words} event="decline" title={words.more.decline} />}
      {may('confirm-cancellation') && <Press words={words} event="confirm-cancellation" main />}
      {may('start') && <Press words={words} event="start" main />}
      {may('record-visit') && <Press words={words} event="record-visit" />}
      {may('complete') && <Explain words={words} event="complete" title={words.more.complete} />}
      {may('complete-anyway') && (
        <Explain words={words} event="complete-anyway" title={words.more.complete} />
      )}
      {stage === 'working' && may('fail') && <NotReached words={words} />}
      {may('withdraw') && <Explain words={words} event="withdraw" title={words.more.withdraw} />}
    </div>
  );
}

function Press({ words, event, main }: { words: Words; event: LinkEvent; main?: boolean }) {
  return (
    <form method="post">
      <button type="submit" name="event" value={event} class={main ? 'button main' : 'button'}>
        {words.event[event]}
      </button>
    </form>
  );
}

const NotReached = ({ words }: { words: Words }) => (
  <form method="post">
    <input type="hidden" name="reason" value="unable-to-contact" />
    <button type="submit" name="event" value="fail" class="button">
      {words.event['could-not-reach']}
    </button>
  </form>
);

/** An answer that says why: the list opens without any script. */
function Explain({ words, event, title }: { words: Words; event: LinkEvent; title: string }) {
  const kind = reasonKind(event) ?? 'refusal';
  const labels = kind === 'outcome' ? words.outcomes : words.refusals;
  const ids = { reason: `reason-${event}`, comment: `comment-${event}` };
  return (
    <details class="explain">
      <summary class="button">{title}</summary>
      <form method="post">
        <label for={ids.reason}>{kind === 'outcome' ? words.outcome : words.reason}</label>
        <select id={ids.reason} name="reason" required>
          <option value="">{words.choose}</option>
          {reasonsFor[kind].map(code => (
            <option value={code}>{labels[code] ?? code}</option>
          ))}
        </select>
        <label for={ids.comment}>{words.comment}</label>
        <input id={ids.comment} name="comment" maxlength={500} autocomplete="off" />
        <button type="submit" name="event" value={event} class="button main">
          {words.event[event]}
        </button>
      </form>
    </details>
  );
}

/** In the reader's language where there are words for the code. */
const inWords = ({ text, codes }: Need, { needs }: Words): string =>
  codes.map(code => needs[code]).find(Boolean) ?? text;
