import { agoWords, dueWords, exactWords, isOverdue, momentWords } from '../due-words.ts';

interface TimeProps {
  at: Date;
  now: Date;
  /** IANA name of where the reader is. */
  zone?: string | undefined;
}

/** When something happened: `3 days ago`, exact on hover. */
export const Ago = ({ at, now, zone }: TimeProps) => <Time at={at} words={agoWords(at, now)} zone={zone} />;

/** By when something has to happen, marked where that is over. */
export function Due({ at, now, zone }: TimeProps) {
  const late = isOverdue(at, now);
  return (
    <span class={late ? 'clock late' : 'clock'}>
      <Time at={at} words={dueWords(at, now)} zone={zone} />
    </span>
  );
}

/** A time in the words given, with the exact one behind them. */
export const Time = ({ at, words, zone }: { at: Date; words: string; zone?: string | undefined }) => (
  <time datetime={at.toISOString()} title={exactWords(at, zone)}>
    {words}
  </time>
);

/** When something happened, where the moment itself matters: `Mar 5, 2026, 3:30 PM`. */
export const Moment = ({ at, zone }: Pick<TimeProps, 'at' | 'zone'>) => (
  <Time at={at} words={momentWords(at, zone)} zone={zone} />
);
