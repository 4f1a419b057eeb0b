import type { Task } from '@medplum/fhirtypes';
import { nextStepOf } from '../../../referral/lifecycle/next-step.ts';
import { Ago, Due } from '../../components/time.tsx';
import { reasonWords, statusWords } from '../../status-words.ts';

interface PlacesProps {
  offers: readonly Task[];
  now: Date;
  zone: string | undefined;
  nameOf(task: Task): string;
}

/** Who was asked for the same need, and what each said. */
export const PlacesAsked = ({ offers, now, zone, nameOf }: PlacesProps) => (
  <section class="card" aria-labelledby="asked">
    <h2 id="asked">Places asked</h2>
    <ul class="places-asked">
      {offers.map(task => {
        const due = nextStepOf(task)?.due;
        const reason = reasonWords(task);
        return (
          <li>
            <strong>{nameOf(task)}</strong>
            <span class="detail">
              {statusWords(task)}
              {reason && `: ${reason}`}
            </span>
            {due ? (
              <Due at={new Date(due)} now={now} zone={zone} />
            ) : (
              <span class="detail">
                <Ago at={new Date(task.lastModified ?? task.authoredOn ?? 0)} now={now} zone={zone} />
              </span>
            )}
          </li>
        );
      })}
    </ul>
  </section>
);
