import type { HumanName, Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Repository, Stored } from '../../fhir/repository.ts';
import type { LinkEvent } from '../../referral/lifecycle/by-link.ts';
import { nextStepOf, priorityOf } from '../../referral/lifecycle/next-step.ts';
import { isWorking, stateOf } from '../../referral/lifecycle/state.ts';
import { openToLink } from './answer.ts';

/** What is asked for: in the words of its code or of the sender, and by its codes, for who has other words for them. */
export interface Need {
  text: string;
  codes: string[];
}

/** As much of a referral as a link shows: initials and the need, and once it is accepted a name and a number. */
export interface ReferralView {
  stage: 'offered' | 'working' | 'cancelling';
  /** Absent: not to be seen by the organization (a consent is missing, or was revoked). */
  need?: Need;
  initials?: string;
  /** Only where the referral is accepted and the contact is confirmed. */
  person?: { name: string; phone?: string };
  priority: 'routine' | 'urgent' | 'asap' | 'stat';
  due?: Date;
  events: LinkEvent[];
  /** Restricted labels of what is shown (`access/labels.ts`): it goes with the notice they ask for. */
  disclosed: number;
}

/**
 * Reads as the link. Before it is accepted the name does not leave this function.
 *
 * @param reveal the contact is confirmed: an accepted referral shows the name
 */
export async function readView(repository: Repository, id: string, reveal: boolean): Promise<ReferralView> {
  const task = (await repository.read('Task', id)).resource() as Task;
  const [request, patient] = await Promise.all([
    readIfSeen(repository, task.focus?.reference),
    readIfSeen(repository, task.for?.reference),
  ]);
  const need = needOf(request?.resource() as ServiceRequest | undefined);
  const someone = patient?.resource() as Patient | undefined;
  const name = nameOf(someone);
  const due = nextStepOf(task)?.due;
  const phone = phoneOf(someone);
  const accepted = isWorking(task);
  return {
    stage: !accepted ? 'offered' : stateOf(task).step === '5.2' ? 'cancelling' : 'working',
    ...(need ? { need } : {}),
    ...(name ? { initials: initialsOf(name) } : {}),
    ...(name && accepted && reveal ? { person: { name: written(name), ...(phone ? { phone } : {}) } } : {}),
    priority: priorityOf(task, request?.resource() as ServiceRequest | undefined),
    ...(due ? { due: new Date(due) } : {}),
    events: openToLink(task),
    disclosed: (request?.label ?? 0) | (patient?.label ?? 0),
  };
}

async function readIfSeen(
  repository: Repository,
  reference: string | undefined,
): Promise<Stored | undefined> {
  const [type, id] = reference?.split('/') ?? [];
  if (!type || !id) return undefined;
  try {
    return await repository.read(type, id);
  } catch (error) {
    if (error instanceof HubError && (error.kind === 'not-found' || error.kind === 'gone')) return undefined;
    throw error;
  }
}

/** Coded needs in their code's words; a sender's own words only where nothing is coded: they may name the person. */
function needOf(request: ServiceRequest | undefined): Need | undefined {
  const concepts = [request?.code, ...(request?.orderDetail ?? []), ...(request?.category ?? [])];
  const shown = concepts.find(concept => concept?.coding?.some(({ display }) => display));
  const text =
    shown?.coding?.find(({ display }) => display)?.display ?? concepts.find(concept => concept?.text)?.text;
  if (text === undefined) return undefined;
  return { text, codes: (shown?.coding ?? []).flatMap(({ code }) => code ?? []) };
}

function nameOf(patient: Patient | undefined): HumanName | undefined {
  const names = (patient?.name ?? []).filter(({ use }) => use !== 'old' && use !== 'anonymous');
  return names.find(({ use }) => use === 'official') ?? names[0];
}

const wordsOf = ({ text, given = [], family }: HumanName): string[] =>
  [...given, family].filter(word => word !== undefined && word !== '').length
    ? [...given, family ?? '']
    : (text?.split(/\s+/) ?? []);

const written = (name: HumanName): string => wordsOf(name).filter(Boolean).join(' ');

/** The first letters of the first given name and of the family name: `A. O.` */
function initialsOf(name: HumanName): string {
  const words = wordsOf(name).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map(word => `${[...(word ?? '')][0]?.toUpperCase()}.`).join(' ');
}

function phoneOf(patient: Patient | undefined): string | undefined {
  const numbers = (patient?.telecom ?? []).filter(
    ({ system, use, value }) => (system === 'phone' || system === 'sms') && use !== 'old' && value,
  );
  return numbers.sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99))[0]?.value;
}
