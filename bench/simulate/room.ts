import type { CapacityStatement } from '../../src/referral/routing/statements.ts';
import type { BusinessTime } from './business-time.ts';
import { hoursPerWeek } from './business-time.ts';
import { numbersOf } from './distributions.ts';
import { begin, dayMs, type Network } from './network.ts';
import type { Service } from './services.ts';

const { waitlistFrom } = numbersOf('stated', 'waitlistFrom');
const { notice } = numbersOf('scheduling', 'notice');
const hoursPerDay = hoursPerWeek / 7;

/** The first visits that services still have, which fill up with whom they accept. */
export class Room {
  readonly #time: BusinessTime;
  /** The next free visit of each service, in business hours. */
  readonly #free: Float64Array;

  constructor({ time, services }: Network) {
    this.#time = time;
    this.#free = Float64Array.from(
      services,
      ({ backlogDays }) => time.hoursAt(begin) + backlogDays * hoursPerDay,
    );
  }

  /** Days until the next free visit. */
  wait(service: Service, now: number): number {
    const slot = Math.max(this.#freeOf(service), this.#time.hoursAt(now) + notice);
    return (this.#time.momentAt(slot) - now) / dayMs;
  }

  hasRoom(service: Service, now: number): boolean {
    return this.wait(service, now) <= service.longestWait;
  }

  /** Books the next free visit after an appointment was made; answers its moment. */
  book(service: Service, made: number): number {
    const slot = Math.max(this.#freeOf(service), this.#time.hoursAt(made) + notice);
    this.#free[service.index] = slot + service.interval;
    return this.#time.momentAt(slot);
  }

  /** Works an urgent visit in, so many business hours later: all others wait longer by one visit. */
  workIn(service: Service, made: number, hours: number): number {
    const hour = this.#time.hoursAt(made);
    this.#free[service.index] = Math.max(this.#freeOf(service), hour) + service.interval;
    return this.#time.momentAt(hour + hours);
  }

  /** What the place says of it, if it says what is so. */
  statement(service: Service, now: number): CapacityStatement {
    return statementOf(this.wait(service, now), service);
  }

  #freeOf(service: Service): number {
    return this.#free[service.index] ?? 0;
  }
}

export function statementOf(wait: number, { longestWait }: Service): CapacityStatement {
  if (wait > longestWait) return { status: 'no-capacity' };
  return { status: wait < waitlistFrom ? 'capacity' : 'waitlist', waitDays: Math.round(wait) };
}
