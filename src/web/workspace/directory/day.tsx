import { Time } from '../../components/time.tsx';
import { daysAgoWords } from './words.ts';

/** On which day something was last said, exact on hover. */
export const DayAgo = ({ date, now }: { date: string; now: Date }) => (
  <Time at={new Date(date)} words={daysAgoWords(date, now)} zone="UTC" />
);
