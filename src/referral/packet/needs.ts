import type { CodeableConcept, Extension, HealthcareService } from '@medplum/fhirtypes';
import {
  type Matcher,
  type PacketRules,
  packetExtension,
  packetRules,
  packetSystem,
  type Strength,
  strengths,
} from './rules.ts';

/** One thing that a service needs with a referral: an item, or an answered Questionnaire. */
export interface Need {
  /** What two statements of the same thing have alike. */
  key: string;
  title: string;
  item?: CodeableConcept;
  /** Canonical URL. */
  questionnaire?: string;
  strength: Strength;
  /** How many days old it may be. */
  withinDays?: number;
  is: readonly Matcher[];
}

/** What services need, each thing once, as strictly as the strictest of them. */
export function needsOf(
  services: readonly HealthcareService[],
  rules: PacketRules = packetRules,
): readonly Need[] {
  const needs = new Map<string, Need>();
  for (const { extension = [] } of services) {
    for (const one of extension.filter(({ url }) => url === packetExtension.need)) {
      const need = needOf(one, rules);
      if (need) needs.set(need.key, stricter(needs.get(need.key), need));
    }
  }
  return [...needs.values()].sort((a, b) => strengths.indexOf(a.strength) - strengths.indexOf(b.strength));
}

function needOf({ extension: parts = [] }: Extension, rules: PacketRules): Need | undefined {
  const part = (url: string) => parts.find(one => one.url === url);
  const item = part('item')?.valueCodeableConcept;
  const questionnaire = part('questionnaire')?.valueCanonical;
  const meaning = meaningOf({ item, questionnaire }, rules);
  if (!meaning) return undefined;
  const days = part('within-days')?.valuePositiveInt;
  const stated = strengths.find(one => one === part('strength')?.valueCode);
  return {
    ...meaning,
    ...(item ? { item } : {}),
    ...(questionnaire ? { questionnaire } : {}),
    strength: stated ?? meaning.strength,
    ...(days === undefined ? {} : { withinDays: days }),
  };
}

/** What is named by a code or by a Questionnaire; undefined where it is by neither. */
export function meaningOf(
  named: { item?: CodeableConcept | undefined; questionnaire?: string | undefined },
  rules: PacketRules = packetRules,
): Pick<Need, 'key' | 'title' | 'strength' | 'is'> | undefined {
  const [questionnaire] = named.questionnaire?.split('|') ?? [];
  if (questionnaire) {
    const is = [{ type: 'QuestionnaireResponse', questionnaire }];
    return { key: questionnaire, title: `Answers to ${questionnaire}`, strength: 'expected', is };
  }
  const coding = named.item?.coding?.find(({ code }) => code);
  if (!coding?.code) return undefined;
  const title = named.item?.text ?? coding.display ?? coding.code;
  const key = `${coding.system ?? ''}|${coding.code}`;
  const rule = coding.system === packetSystem.item ? rules.items[coding.code] : undefined;
  if (rule) return { key, title, ...rule };
  return { key, title, strength: 'expected', is: carrying.map(type => ({ type, codes: [key] })) };
}

/** What a document or fact that is named by a code of its own may be. */
const carrying = ['DocumentReference', 'Observation', 'DiagnosticReport', 'Condition', 'Procedure'] as const;

function stricter(known: Need | undefined, other: Need): Need {
  if (!known) return other;
  const [first, second] = [known, other].sort(
    (a, b) => strengths.indexOf(a.strength) - strengths.indexOf(b.strength),
  ) as [Need, Need];
  const days = [first.withinDays, second.withinDays].filter(one => one !== undefined);
  return { ...first, ...(days.length ? { withinDays: Math.min(...days) } : {}) };
}
