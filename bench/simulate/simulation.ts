import { dueAt, type TimedAction } from '../../src/referral/lifecycle/due.ts';
import { answersAt, remindsAt } from './answering.ts';
import { missed } from './attendance.ts';
import { hoursPerDay } from './business-time.ts';
import type { Ask, Deed, Refusal, Sent, Way, What } from './deeds.ts';
import { numbersOf } from './distributions.ts';
import { around, normal } from './draw.ts';
import { dayMs, type Network } from './network.ts';
import { Queue } from './queue.ts';
import type { Referral } from './referrals.ts';
import { Room } from './room.ts';
import type { Service } from './services.ts';
import { firstStatement } from './statements.ts';
import { refusal } from './truth.ts';

const live = numbersOf('liveByTelephone', 'share');
const gone = numbersOf('closed', 'toldByTelephone');
const scheduling = numbersOf('scheduling', 'withinPlace', 'urgent');
const afterNoShow = numbersOf('afterNoShow', 'again', 'visits');
const sender = numbersOf(
  'sender',
  'handling',
  'patienceRoutine',
  'patienceUrgent',
  'againRoutine',
  'againUrgent',
  'givesUp',
);

/** Lives through the referrals of a network, sent in one way, from one moment at which something happens to the next. */
export class Simulation {
  readonly sent: readonly Sent[];
  readonly #network: Network;
  readonly #way: Way;
  readonly #room: Room;
  readonly #queue = new Queue<() => void>();
  #now = 0;
  #open: number;
  #deeds: Deed[] = [];

  constructor(network: Network, referrals: readonly Referral[], way: Way) {
    this.#network = network;
    this.#way = way;
    this.#room = new Room(network);
    this.#open = referrals.length;
    this.sent = referrals.map(referral => ({
      referral,
      round: 0,
      tried: new Set(),
      declined: new Set(),
      byHand: false,
      waiting: new Set(),
      visits: 0,
      outcome: { asked: 0, overdueTurns: 0, overdueMs: 0 },
    }));
    for (const sent of this.sent) this.#queue.add(sent.referral.at, () => this.#send(sent));
    if (way.told) this.#stateRooms();
  }

  /** What happens next; undefined when every referral has come to an end. */
  step(): readonly Deed[] | undefined {
    if (this.#open === 0) return undefined;
    const event = this.#queue.take();
    if (!event) throw new Error(`${this.#open} referrals rest: nothing happens any more`);
    this.#now = event.at;
    this.#deeds = [];
    event.value();
    return this.#deeds;
  }

  run(): void {
    while (this.step() !== undefined);
  }

  #do(deed: What): void {
    const byHand = 'sent' in deed && deed.sent.byHand;
    const done = { ...deed, at: this.#now, byHand };
    this.#deeds.push(done);
    if (!byHand) this.#way.told?.(done);
  }

  #stateRooms(): void {
    for (const service of this.#network.services) {
      const first = firstStatement(service, this.#network);
      if (first !== undefined && !service.place.truth.closed)
        this.#queue.add(first, () => this.#state(service));
    }
  }

  #state(service: Service): void {
    this.#do({ kind: 'stated', service, statement: this.#room.statement(service, this.#now) });
    const days = service.place.truth.updateDays;
    if (days !== undefined) this.#queue.add(this.#now + days * dayMs, () => this.#state(service));
  }

  #send(sent: Sent): void {
    this.#do({ kind: 'sent', sent });
    this.#soon(sent);
  }

  /** The next attempt: the hub makes it at once, a planner needs time. */
  #soon(sent: Sent): void {
    if (this.#wayOf(sent).telephone) this.#queue.add(this.#after(sender.handling), () => this.#try(sent));
    else this.#try(sent);
  }

  #try(sent: Sent): void {
    const { referral, waiting } = sent;
    if (this.#now > referral.at + sender.givesUp * dayMs) {
      if (waiting.size === 0) this.#end(sent, 'unserved', 'given-up');
      return;
    }
    const asks = this.#wayOf(sent).next(sent, this.#now);
    for (const ask of asks) this.#ask(sent, ask);
    if (waiting.size === 0) this.#nobodyLeft(sent);
  }

  #ask(sent: Sent, ask: Ask): void {
    const { service } = ask;
    sent.tried.add(service.place.index);
    sent.waiting.add(service);
    sent.outcome.asked++;
    this.#do({ kind: 'asked', sent, service });
    if (this.#wayOf(sent).telephone) this.#call(sent, service);
    else this.#offer(sent, ask);
  }

  /** What the hub gives back its sender tries by hand at once; what was tried by hand is tried again later. */
  #nobodyLeft(sent: Sent): void {
    this.#do({ kind: 'exhausted', sent });
    if (this.#way.byHand && !sent.byHand) {
      sent.byHand = true;
      sent.tried = new Set(sent.declined);
      this.#turn(sent, 'choose-again', this.#after(sender.handling));
      this.#soon(sent);
      return;
    }
    const urgent = sent.referral.priority === 'urgent';
    const at = this.#after((urgent ? sender.againUrgent : sender.againRoutine) * hoursPerDay);
    this.#turn(sent, 'choose-again', at);
    this.#queue.add(at, () => {
      sent.round++;
      sent.tried.clear();
      sent.declined.clear();
      sent.byHand = false;
      if (this.#way.byHand) this.#do({ kind: 'sent', sent });
      this.#try(sent);
    });
  }

  #wayOf({ byHand }: Sent): Way {
    return (byHand ? this.#way.byHand : undefined) ?? this.#way;
  }

  /** The hub waits until the offer ends. */
  #offer(sent: Sent, { service, until = this.#now }: Ask): void {
    const half = remindsAt(sent.referral, this.#now, until);
    const first = answersAt(this.#network, sent, service, { from: this.#now, time: 1 });
    if (first === undefined || first > half)
      this.#later(half, sent, service, () => this.#do({ kind: 'reminded', sent, service }));
    const answer = first ?? answersAt(this.#network, sent, service, { from: half, time: 2 });
    if (answer !== undefined && answer < until)
      this.#later(answer, sent, service, () => this.#answer(sent, service));
    else this.#later(until, sent, service, () => this.#expire(sent, service));
  }

  /** A planner telephones; where nobody decides at once, a message is left and waited for. */
  #call(sent: Sent, service: Service): void {
    const { index, truth } = service.place;
    const goneForGood = truth.closed && gone.toldByTelephone === 1;
    const decides = this.#network.draw('live', sent.referral.index, index, sent.round) < live.share;
    if (goneForGood || decides) {
      // After those that are asked in the same breath.
      this.#later(this.#now, sent, service, () =>
        goneForGood ? this.#refused(sent, service, 'other') : this.#answer(sent, service),
      );
      return;
    }
    const urgent = sent.referral.priority === 'urgent';
    const patience = this.#after(urgent ? sender.patienceUrgent : sender.patienceRoutine);
    const answer = answersAt(this.#network, sent, service, { from: this.#now, time: 1 });
    const inTime = answer !== undefined && answer < patience;
    const at = inTime ? answer : patience;
    this.#turn(sent, 'answer', at);
    this.#later(at, sent, service, () =>
      inTime ? this.#answer(sent, service) : this.#expire(sent, service),
    );
  }

  /** Something that happens only while the answer is waited for. */
  #later(at: number, sent: Sent, service: Service, event: () => void): void {
    this.#queue.add(at, () => {
      if (sent.waiting.has(service)) event();
    });
  }

  #expire(sent: Sent, service: Service): void {
    sent.waiting.delete(service);
    this.#do({ kind: 'expired', sent, service });
    this.#soon(sent);
  }

  #answer(sent: Sent, service: Service): void {
    const why =
      refusal(service, sent.referral, this.#network.draw) ??
      (this.#room.hasRoom(service, this.#now) ? undefined : 'no-capacity');
    if (why) this.#refused(sent, service, why);
    else this.#accepted(sent, service);
  }

  /** The first to accept has it: the others are told. */
  #accepted(sent: Sent, service: Service): void {
    sent.waiting.delete(service);
    this.#do({ kind: 'accepted', sent, service });
    for (const other of sent.waiting) this.#do({ kind: 'withdrawn', sent, service: other });
    sent.waiting.clear();
    sent.outcome.service = service;
    this.#schedule(sent, service);
  }

  #refused(sent: Sent, service: Service, why: Refusal): void {
    sent.waiting.delete(service);
    sent.declined.add(service.place.index);
    this.#do({ kind: 'declined', sent, service, why });
    if (this.#wayOf(sent).telephone) this.#turn(sent, 'choose-again', this.#after(sender.handling));
    this.#soon(sent);
  }

  #schedule(sent: Sent, service: Service): void {
    const { referral, visits } = sent;
    const urgent = referral.priority === 'urgent';
    const { schedulingHours, urgentHours } = service.place.truth;
    const standard = normal(this.#network.draw, 'scheduling', referral.index, service.place.index, visits);
    const hours =
      around(schedulingHours, scheduling.withinPlace, standard) * (urgent ? scheduling.urgent : 1);
    const made = this.#after(hours);
    if (visits === 0) this.#turn(sent, 'schedule', made);
    const visit = urgent ? this.#room.workIn(service, made, urgentHours) : this.#room.book(service, made);
    this.#queue.add(made, () => this.#do({ kind: 'scheduled', sent, service, visit }));
    this.#queue.add(visit, () => this.#visit(sent, service, (visit - made) / dayMs));
  }

  #visit(sent: Sent, service: Service, leadDays: number): void {
    const { draw } = this.#network;
    const { referral, visits, outcome } = sent;
    const kept = draw('attends', referral.index, visits) >= missed(leadDays);
    const told = this.#after(service.place.truth.recordingHours);
    this.#turn(sent, 'record-visit', told);
    if (kept) outcome.seenAt = this.#now;
    sent.visits++;
    const again =
      sent.visits < afterNoShow.visits && draw('again', referral.index, visits) < afterNoShow.again;
    this.#queue.add(told, () => {
      if (kept) this.#end(sent, 'seen', 'visited');
      else if (!again) this.#end(sent, 'never-attended', 'failed');
      else {
        this.#do({ kind: 'missed', sent, service });
        this.#schedule(sent, service);
      }
    });
  }

  #end(
    sent: Sent,
    end: 'seen' | 'unserved' | 'never-attended',
    kind: 'visited' | 'failed' | 'given-up',
  ): void {
    const { outcome } = sent;
    outcome.end = end;
    outcome.endedAt = this.#now;
    this.#open--;
    if (kind === 'given-up') this.#do({ kind, sent });
    else if (outcome.service) this.#do({ kind, sent, service: outcome.service });
  }

  #after(hours: number, from = this.#now): number {
    return this.#network.time.after(from, hours);
  }

  #due(action: TimedAction, { referral }: Sent): Date {
    return dueAt(action, referral.priority, new Date(this.#now));
  }

  /** A turn that begins now and ends then: whether it is over time by the hub's rule pack, and by how much. */
  #turn(sent: Sent, action: TimedAction, until: number): void {
    const over = until - this.#due(action, sent).getTime();
    if (over <= 0) return;
    sent.outcome.overdueTurns++;
    sent.outcome.overdueMs += over;
  }
}
