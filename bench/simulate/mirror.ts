import type { Resource, Task } from '@medplum/fhirtypes';
import { chaseOffers } from '../../bots/chase-offers.ts';
import type { Operation } from '../../src/fhir/operations/operation.ts';
import { referralActions } from '../../src/fhir/operations/referral-actions.ts';
import { isTerminal } from '../../src/referral/lifecycle/state.ts';
import { inputsOf } from '../../src/referral/routing/need.ts';
import { query } from '../../src/referral/routing/reader.ts';
import { Catalogue } from './catalogue.ts';
import { consentEntry } from './consent.ts';
import type { Deed, Refusal, Sent } from './deeds.ts';
import { coverageEntry, hospitalId, patientEntry, requestEntry, serviceEntry, taskEntry } from './entries.ts';
import type { Network } from './network.ts';
import type { Referral } from './referrals.ts';
import type { Service } from './services.ts';
import { dayOf } from './statements.ts';
import type { Inputs, WholeHub } from './whole-hub.ts';

const hourMs = 3_600_000;

/** What the whole hub has of one referral. */
interface Held {
  /** References. */
  patient: string;
  coverage?: string;
  /** The id of the source's Task of the latest request. */
  task: string;
  /** The id of the offer that was made last. */
  offer?: string;
}

/** Where the whole hub did something else than the pure functions. */
export interface Difference {
  referral: number;
  at: string;
  expected: string;
  found: string;
}

/** Does in a whole hub, as the parties, what happened in the simulation; and looks whether the hub does the same. */
export class Mirror {
  readonly differences: Difference[] = [];
  choices = 0;
  readonly #whole: WholeHub;
  readonly #catalogue: Catalogue;
  readonly #held = new Map<number, Held>();
  #sweepAt = 0;

  constructor(whole: WholeHub, network: Network) {
    this.#whole = whole;
    this.#catalogue = new Catalogue(network);
  }

  /** All that happened at one moment: what parties do first, then what the hub makes of it. */
  async follow(deeds: readonly Deed[]): Promise<void> {
    const seen = deeds.filter(({ byHand }) => !byHand);
    const [first] = seen;
    if (!first) return;
    await this.#sweep(first.at);
    this.#whole.set(first.at);
    for (const deed of seen) await this.#act(deed);
    await this.#whole.events.drain();
    for (const deed of seen) await this.#compare(deed);
  }

  /** Once an hour the bot looks at all that waits, as it does each minute in a hub that runs. */
  async #sweep(before: number): Promise<void> {
    if (this.#sweepAt === 0) this.#sweepAt = before;
    const { events, set } = this.#whole;
    for (; this.#sweepAt < before; this.#sweepAt += hourMs) {
      set(this.#sweepAt);
      await events.runByHand(chaseOffers.name, new Date(this.#sweepAt));
      await events.drain();
    }
  }

  async #act(deed: Deed): Promise<void> {
    if (deed.kind === 'sent') await this.#send(deed.sent);
    // A tick comes once a minute; here offers end to the millisecond, several in one minute.
    else if (deed.kind === 'reminded' || deed.kind === 'expired') await this.#chase(deed);
    else if (deed.kind === 'accepted') await this.#answer(deed, 'accept');
    else if (deed.kind === 'declined') await this.#answer(deed, 'decline', reasonOf(deed.why));
    else if (deed.kind === 'scheduled') await this.#answer(deed, 'schedule', startOf(deed.visit));
    else if (deed.kind === 'missed') await this.#answer(deed, 'no-show');
    else if (deed.kind === 'visited') {
      await this.#answer(deed, 'keep');
      await this.#answer(deed, 'complete', {
        closure: { valueCode: 'engaged' },
        received: { valueCode: 'yes' },
      });
    } else if (deed.kind === 'failed') {
      const ended = { closure: { valueCode: 'never-attended' }, received: { valueCode: 'no' } };
      await this.#answer(deed, 'complete', ended);
    } else if (deed.kind === 'given-up') await this.#cancel(deed.sent);
    else if (deed.kind === 'stated') await this.#state(deed);
  }

  async #send({ referral }: Sent): Promise<void> {
    const source = hospitalId(referral.hospital);
    const person = this.#held.get(referral.index) ?? (await this.#admit(referral, source));
    const { patient, coverage } = person;
    const { hubOrganization } = this.#whole.hub.parts;
    const request = 'urn:uuid:6d1c7a4e-0000-4000-8000-000000000002';
    const [, task = ''] = await this.#create(source, {
      [request]: requestEntry(referral, patient, coverage),
      'urn:uuid:6d1c7a4e-0000-4000-8000-000000000003': taskEntry(referral, patient, request, hubOrganization),
    });
    this.#held.set(referral.index, { patient, task, ...(coverage ? { coverage } : {}) });
  }

  /** Who is referred, with who pays, and the consent where one is needed. */
  async #admit(referral: Referral, source: string): Promise<Pick<Held, 'patient' | 'coverage'>> {
    const { id: _, ...person } = patientEntry(referral);
    const self = 'urn:uuid:6d1c7a4e-0000-4000-8000-000000000001';
    const cover = coverageEntry(referral, self);
    const candidates = this.#catalogue.candidates(referral).map(({ organization }) => organization);
    const consent = consentEntry(referral, self, [this.#whole.hub.parts.hubOrganization, ...candidates]);
    const [patient, coverage] = await this.#create(source, {
      [self]: person,
      ...(cover ? { 'urn:uuid:6d1c7a4e-0000-4000-8000-000000000004': cover } : {}),
      ...(consent ? { 'urn:uuid:6d1c7a4e-0000-4000-8000-000000000005': consent } : {}),
    });
    return { patient: `Patient/${patient}`, ...(cover ? { coverage: `Coverage/${coverage}` } : {}) };
  }

  /** Creates in one transaction what refers to each other by `urn:uuid:`; the ids, in their order. */
  async #create(organization: string, resources: Record<string, Resource>): Promise<string[]> {
    const creates = Object.entries(resources).map(
      ([fullUrl, resource]) => ({ kind: 'create', resource, fullUrl }) as const,
    );
    const made = await this.#whole.as(organization).write(creates);
    return made.map(({ stored }) => stored?.id ?? '');
  }

  async #chase({ sent, at }: Deed & { sent: Sent }): Promise<void> {
    const offer = `Task/${this.#held.get(sent.referral.index)?.offer}`;
    await this.#whole.events.runByHand(chaseOffers.name, new Date(at), [offer]);
  }

  async #answer(
    { sent, service }: { sent: Sent; service: Service },
    name: string,
    inputs?: Inputs,
  ): Promise<void> {
    const id = this.#held.get(sent.referral.index)?.offer;
    if (!id) {
      const told = JSON.stringify([...this.differences.slice(-3), ...this.#whole.faults.slice(-3)]);
      throw new Error(`referral ${sent.referral.index} was offered to nobody: ${told}`);
    }
    await this.#whole.call(service.place.id, operation(name), { type: 'Task', id }, inputs);
  }

  /** Its sender has found another way, or none: the hub need not look any longer. */
  async #cancel({ referral }: Sent): Promise<void> {
    const id = this.#held.get(referral.index)?.task ?? '';
    const task = await this.#whole.as(hospitalId(referral.hospital)).read('Task', id);
    // The hub has given it back at the same moment.
    if (isTerminal(task.resource() as Task)) return;
    await this.#whole.call(
      hospitalId(referral.hospital),
      operation('cancel'),
      { type: 'Task', id },
      {
        comment: { valueString: 'Not needed any more.' },
        'at-once': { valueBoolean: true },
      },
    );
  }

  /** As a system does it that keeps its entries itself: the entry as it is, with what room there is. */
  async #state({ service, statement, at }: Deed & { kind: 'stated' }): Promise<void> {
    const { id } = service;
    const resource = serviceEntry(service, { statement, day: dayOf(at) });
    const write = { kind: 'update', type: 'HealthcareService', id, resource } as const;
    await this.#whole.as(service.place.id).write([write]);
  }

  async #compare(deed: Deed): Promise<void> {
    if (deed.kind === 'exhausted') return this.#compareGivenBack(deed);
    if (deed.kind !== 'asked') return;
    const held = this.#held.get(deed.sent.referral.index);
    const search = query({ 'part-of': `Task/${held?.task}`, status: 'requested' });
    const hub = this.#whole.hub;
    const { entries } = await hub.repository(hub.hubActor).search('Task', new URLSearchParams(search));
    const offers = entries.map(({ stored }) => stored.resource() as Task & { id: string });
    const asked = offers.map(
      offer => inputsOf(offer.input ?? [], 'offered-service')[0]?.valueReference?.reference,
    );
    this.#tell(deed, `HealthcareService/${deed.service.id}`, asked.join(', '));
    if (held && offers[0]) held.offer = offers[0].id;
  }

  /** The hub found nobody either, and told the sender. */
  async #compareGivenBack(deed: Deed & { sent: Sent }): Promise<void> {
    const held = this.#held.get(deed.sent.referral.index);
    const source = this.#whole.as(hospitalId(deed.sent.referral.hospital));
    const { status } = (await source.read('Task', held?.task ?? '')).resource() as Task;
    this.#tell(deed, 'given back', status === 'failed' || status === 'rejected' ? 'given back' : status);
  }

  #tell({ at, sent }: { at: number; sent: Sent }, expected: string, found: string): void {
    this.choices++;
    if (expected !== found)
      this.differences.push({
        referral: sent.referral.index,
        at: new Date(at).toISOString(),
        expected,
        found,
      });
  }
}

function operation(name: string): Operation {
  const found = referralActions.find(one => one.name === name);
  if (!found) throw new Error(`no operation ${name}`);
  return found;
}

const reasonOf = (why: Refusal): Inputs => ({
  reason: { valueCode: why },
  ...(why === 'other' ? { comment: { valueString: 'No language in common.' } } : {}),
});

const startOf = (visit: number): Inputs => ({ start: { valueDateTime: new Date(visit).toISOString() } });
