import type { CodeableConcept, Reference, ServiceRequest } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../../errors.ts';
import type { Priority } from '../../../referral/lifecycle/due.ts';
import { routingSystem, tokens } from '../../../referral/routing/codes.ts';
import { inWords, type Option } from './options.ts';
import { conceptsOf, type Pair, referencesOf, type Wanted } from './wanted.ts';

/** How soon, in FHIR's order (https://hl7.org/fhir/R4/valueset-request-priority.html). */
export const priorities: readonly { code: Priority; label: string; hint: string }[] = [
  { code: 'routine', label: 'Routine', hint: 'In the usual order.' },
  { code: 'urgent', label: 'Urgent', hint: 'Before routine ones.' },
  { code: 'asap', label: 'As soon as possible', hint: 'Today, if anybody can.' },
  { code: 'stat', label: 'At once', hint: 'A crisis.' },
];

/** What the fields of the page hold: tokens of codes, references, texts. */
export interface NeedForm {
  need: string;
  words: string;
  priority: string;
  reasons: readonly string[];
  reasonText: string;
  note: string;
  wishes: readonly string[];
  musts: readonly string[];
  levels: readonly string[];
  programs: readonly string[];
  avoided: readonly Reference[];
}

/** The page for a new draft. */
export const freshForm = (reasons: readonly string[]): NeedForm => ({
  need: '',
  words: '',
  priority: 'routine',
  reasons,
  reasonText: '',
  note: '',
  wishes: [],
  musts: [],
  levels: [],
  programs: [],
  avoided: [],
});

/** What a draft says, as the page shows it. A text that the choice itself brings is not the sender's own. */
export function formOf({ request, task }: Pair, needs: readonly Option[]): NeedForm {
  const all = (concepts: readonly CodeableConcept[]) => concepts.flatMap(one => tokens(one).slice(0, 1));
  const need = tokens(request.code)[0] ?? (request.code ? inWords : '');
  const brought = needs.find(({ token }) => token === need)?.concept.text;
  const text = request.code?.text ?? '';
  return {
    need,
    words: text === brought ? '' : text,
    priority: request.priority ?? 'routine',
    reasons: (request.reasonReference ?? []).flatMap(({ reference }) => reference ?? []),
    reasonText: request.reasonCode?.[0]?.text ?? '',
    note: request.note?.[0]?.text ?? '',
    wishes: all(conceptsOf(task, 'wish')),
    musts: all(conceptsOf(task, 'need')),
    levels: all(conceptsOf(task, 'level-of-care')),
    programs: programsIn(request),
    avoided: referencesOf(task, 'avoid'),
  };
}

const programsIn = ({ category = [] }: ServiceRequest): string[] =>
  tokens(...category).filter(one => one.startsWith(`${routingSystem.program}|`));

/** What the page sent. */
export function sentForm(
  values: (name: string) => readonly string[],
  avoided: readonly Reference[],
): NeedForm {
  const text = (name: string, most: number) => (values(name)[0] ?? '').trim().slice(0, most);
  return {
    need: text('need', 300),
    words: text('words', 200),
    priority: text('priority', 20),
    reasons: values('reason'),
    reasonText: text('reasonText', 4000),
    note: text('note', 4000),
    wishes: values('wish'),
    musts: values('must'),
    levels: values('level'),
    programs: values('program'),
    avoided,
  };
}

/** All that a form may choose from. */
export interface Offered {
  needs: readonly Option[];
  traits: readonly Option[];
  levels: readonly Option[];
  programs: readonly Option[];
  /** `Condition/id` of those that the page shows. */
  conditions: readonly string[];
}

/** What is asked for; HubError: what has to be chosen was not, or is not offered. */
export function wantedOf(form: NeedForm, { needs, traits, levels, programs, conditions }: Offered): Wanted {
  const need = needs.find(({ token }) => token === form.need);
  const priority = priorities.find(({ code }) => code === form.priority);
  const problems: Problem[] = [
    ...(need ? [] : [{ text: 'Choose what is needed.', expression: 'need' }]),
    ...(priority ? [] : [{ text: 'Choose how soon.', expression: 'priority' }]),
  ];
  if (!need || !priority) throw new HubError('invalid', problems);
  const chosen = (options: readonly Option[], of: readonly string[]) =>
    options.filter(({ token }) => of.includes(token)).map(({ concept }) => concept);
  return {
    need: need.concept,
    words: form.words,
    priority: priority.code,
    reasons: conditions.filter(one => form.reasons.includes(one)),
    shown: conditions,
    reasonText: form.reasonText,
    note: form.note,
    programs: chosen(programs, form.programs),
    wishes: chosen(traits, form.wishes),
    musts: chosen(traits, form.musts),
    levels: chosen(levels, form.levels),
  };
}
