import type { Child } from 'hono/jsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Mark } from '../../components/mark.tsx';
import { Ago } from '../../components/time.tsx';
import type { Happening, Kind } from './happenings.ts';

interface TimelineProps {
  happenings: readonly Happening[];
  now: Date;
  zone: string | undefined;
  nameOf(organization: string): string;
  /** A link to a document, by its reference. */
  linkTo(document: string): Child;
}

const icons: Record<Kind, IconName> = {
  state: 'circle-check',
  message: 'message-square',
  question: 'circle-question-mark',
  answer: 'undo-2',
};

/** What happened with a referral, newest last. */
export const Timeline = ({ happenings, ...around }: TimelineProps) => (
  <ol class="timeline">
    {happenings.map(one => (
      <Entry happening={one} {...around} />
    ))}
  </ol>
);

function Entry({
  happening,
  now,
  zone,
  nameOf,
  linkTo,
}: Omit<TimelineProps, 'happenings'> & { happening: Happening }) {
  const { at, kind, who, title, texts, reasons, documents, read, fresh } = happening;
  return (
    <li class={`happening ${kind}`}>
      <Icon name={icons[kind]} />
      <div>
        <p class="happened">
          <strong>{title}</strong> {who && <span class="quiet">{nameOf(who)}</span>}{' '}
          <span class="quiet">
            <Ago at={at} now={now} zone={zone} />
          </span>{' '}
          {fresh && <Mark tone="attention">New</Mark>}
        </p>
        {texts.map(text => (
          <p class="said">{text}</p>
        ))}
        {documents.length > 0 && (
          <p class="quiet">
            With{' '}
            {documents.map((one, index) => (
              <>
                {index > 0 && ', '}
                {linkTo(one)}
              </>
            ))}
          </p>
        )}
        {reasons.length > 0 && (
          <details class="fold">
            <summary>Why these places</summary>
            {reasons.map(text => (
              <Reasons text={text} />
            ))}
          </details>
        )}
        {read !== undefined && (
          <p class="receipt quiet">
            {read ? (
              <>
                Read <Ago at={read} now={now} zone={zone} />
              </>
            ) : (
              'Not read yet'
            )}
          </p>
        )}
      </div>
    </li>
  );
}

/** The hub's explanation: paragraphs, and lists whose lines begin with a dash. */
const Reasons = ({ text }: { text: string }) => (
  <>
    {text.split('\n\n').map(block => {
      const lines = block.split('\n');
      const items = lines.filter(line => line.startsWith('- ')).map(line => line.slice(2));
      const words = lines.filter(line => !line.startsWith('- ')).join(' ');
      return (
        <>
          {words && <p>{words}</p>}
          {items.length > 0 && (
            <ul>
              {items.map(item => (
                <li>{item}</li>
              ))}
            </ul>
          )}
        </>
      );
    })}
  </>
);
