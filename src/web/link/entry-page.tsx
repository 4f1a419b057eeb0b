import type { EntryView, OpeningHours } from '../../auth/links/entry-view.ts';
import type { OpenedEntry } from '../../auth/links/link-desk.ts';
import { filled, type Words } from '../../auth/links/words/words.ts';
import { capacityStatuses } from '../../referral/routing/directory-entries.ts';
import { CallUs } from './closed-page.tsx';
import { Frame } from './layout.tsx';

export interface EntryPageProps {
  words: Words;
  network: string;
  opened: OpenedEntry;
  /** What happened to what was just sent. */
  said?: { good: boolean; text: string };
}

/** An entry of the directory as its organization confirms it: one button, or how much room there is. */
export function EntryPage({ words, network, opened, said }: EntryPageProps) {
  const { entry, asker } = opened;
  const own = words.entry;
  return (
    <Frame words={words} network={network} title={own.title}>
      {said && (
        <p class={said.good ? 'said' : 'said wrong'} role={said.good ? 'status' : 'alert'}>
          {said.text}
        </p>
      )}
      <h1>{own.heading}</h1>
      <p class="lead">{filled(own.lead, { from: network })}</p>
      <Facts words={words} entry={entry} />
      <div class="choices">
        <form method="post">
          <input type="hidden" name="version" value={entry.version} />
          <button type="submit" name="event" value="confirm-entry" class="button main">
            {own.allRight}
          </button>
        </form>
        <Room words={words} entry={entry} />
      </div>
      <p class="aside">{own.otherwise}</p>
      <CallUs words={words} asker={asker} />
    </Frame>
  );
}

function Facts({ words, entry }: { words: Words; entry: EntryView }) {
  const { entry: own } = words;
  const facts: [name: string, lines: (string | undefined)[]][] = [
    [own.organization, [entry.organization]],
    [own.service, [entry.service]],
    [words.phone, entry.phones],
    [own.hours, entry.hours.map(one => hoursIn(one, words))],
    [
      own.languages,
      [
        listed(
          entry.languages.map(code => languageIn(code, words)),
          words,
        ),
      ],
    ],
    [own.room, roomIn(entry, words)],
    [own.lastConfirmed, [entry.verified && dayIn(entry.verified, words)]],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, lines]) => {
        const told = lines.filter(Boolean);
        return (
          <>
            <dt>{name}</dt>
            <dd>{told.length === 0 ? own.notSaid : told.map(line => <div>{line}</div>)}</dd>
          </>
        );
      })}
    </dl>
  );
}

function Room({ words: { entry: own }, entry: { capacity, version } }: { words: Words; entry: EntryView }) {
  return (
    <details class="explain">
      <summary class="button">{own.update}</summary>
      <form method="post">
        <input type="hidden" name="version" value={version} />
        <label for="status">{own.status}</label>
        <select id="status" name="status" required>
          {capacityStatuses.map(status => (
            <option value={status} selected={status === capacity?.status}>
              {own.statuses[status]}
            </option>
          ))}
        </select>
        <label for="slots">{own.slots}</label>
        <input id="slots" name="slots" inputmode="numeric" maxlength={5} value={capacity?.slots} />
        <label for="wait-days">{own.waitDays}</label>
        <input id="wait-days" name="wait-days" inputmode="numeric" maxlength={5} value={capacity?.waitDays} />
        <button type="submit" name="event" value="state-capacity" class="button main">
          {own.save}
        </button>
      </form>
    </details>
  );
}

function roomIn({ capacity }: EntryView, words: Words): string[] {
  if (!capacity) return [];
  const { entry: own } = words;
  const { status, slots, waitDays, confirmed } = capacity;
  const asOf = confirmed ? `, ${filled(own.asOf, { day: dayIn(confirmed, words) })}` : '';
  return [
    `${own.statuses[status]}${asOf}`,
    ...(slots === undefined ? [] : [filled(own.places, { count: String(slots) })]),
    ...(waitDays === undefined ? [] : [filled(own.days, { count: String(waitDays) })]),
  ];
}

/** Days of the week by FHIR's codes, as days of a week that began on a Monday. */
const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function hoursIn({ days, from, to }: OpeningHours, words: Words): string {
  const named = days.map(day =>
    formatted({ weekday: 'long' }, `2024-01-0${week.indexOf(day) + 1}T12:00:00Z`, words),
  );
  const when = named.length === 0 ? words.entry.everyDay : listed(named, words);
  const clock = (time: string) =>
    formatted({ hour: 'numeric', minute: '2-digit' }, `2024-01-01T${time}Z`, words);
  return `${when}: ${from && to ? `${clock(from)} – ${clock(to)}` : words.entry.allDay}`;
}

const localeOf = ({ lang }: Words): string => (lang === 'es' ? 'es-US' : 'en-US');

const formatted = (format: Intl.DateTimeFormatOptions, at: string, words: Words): string =>
  new Intl.DateTimeFormat(localeOf(words), { ...format, timeZone: 'UTC' }).format(new Date(at));

const dayIn = (day: string, words: Words): string =>
  formatted({ year: 'numeric', month: 'long', day: 'numeric' }, `${day}T12:00:00Z`, words);

const listed = (items: readonly string[], words: Words): string =>
  new Intl.ListFormat(localeOf(words), { type: 'conjunction' }).format(items);

/** The name of a language in the reader's; a code that is none stays as it is. */
function languageIn(code: string, words: Words): string {
  try {
    return new Intl.DisplayNames(localeOf(words), { type: 'language' }).of(code) ?? code;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return code;
  }
}
