import type { Task } from '@medplum/fhirtypes';
import { answersOf } from '../../src/referral/routing/answer-time.ts';
import type { Candidate } from '../../src/referral/routing/candidate.ts';
import { dayMs } from './network.ts';

/** As the hub reads them (standing.ts): the latest offers of so many days. */
const offersLookedAt = 10;
const daysLookedAt = 90;

interface Made {
  at: number;
  /** Newest first. */
  versions: Task[];
}

/** What the hub knows of a place from what it has asked of it: open work, speed and number of answers. */
export class Habits {
  open = 0;
  readonly #offers: Made[] = [];
  #known: { answers: Pick<Candidate, 'answerHours' | 'answered'>; until: number } | undefined;

  asked(at: number): Made {
    const made = { at, versions: [version(at, { status: 'requested' })] };
    this.#offers.push(made);
    if (this.#offers.length > offersLookedAt) this.#offers.shift();
    this.open++;
    this.#known = undefined;
    return made;
  }

  /** It answered, or the offer ended. */
  answered(made: Made, at: number, after: Pick<Task, 'status' | 'statusReason'>): void {
    made.versions.unshift(version(at, after));
    if (after.status !== 'accepted') this.open--;
    this.#known = undefined;
  }

  ended(): void {
    this.open--;
  }

  at(now: number): Pick<Candidate, 'load' | 'answerHours' | 'answered'> {
    if (!this.#known || now > this.#known.until) this.#known = this.#lookedAt(now);
    return { load: this.open, ...this.#known.answers };
  }

  #lookedAt(now: number) {
    const since = now - daysLookedAt * dayMs;
    const latest = this.#offers.filter(({ at }) => at >= since);
    return {
      answers: answersOf(latest.map(({ versions }) => versions)),
      until: (latest[0]?.at ?? Number.POSITIVE_INFINITY) + daysLookedAt * dayMs,
    };
  }
}

const version = (at: number, task: Pick<Task, 'status' | 'statusReason'>): Task => ({
  resourceType: 'Task',
  intent: 'order',
  meta: { lastUpdated: new Date(at).toISOString() },
  ...task,
});
