import table from '../../../terminology/packet-rules.json' with { type: 'json' };
import { canonical } from '../../fhir/canonical.ts';

/** See terminology/packet-item.json, packet-strength.json and packet-gap-reason.json. */
export const packetSystem = {
  item: `${canonical}/CodeSystem/packet-item`,
  gapReason: `${canonical}/CodeSystem/packet-gap-reason`,
} as const;

export const packetExtension = {
  /** On HealthcareService, repeats: what it needs with a referral. */
  need: `${canonical}/StructureDefinition/packet-need`,
  /** On a referral Task, repeats: what was missing when it was sent, and why. */
  gap: `${canonical}/StructureDefinition/packet-gap`,
} as const;

export const strengths = ['required', 'expected', 'welcome'] as const;
export type Strength = (typeof strengths)[number];

/** What counts as an item: one kind of resource. All that is given must hold. */
export interface Matcher {
  type: string;
  /** One of these is among its codes: `system|code`, or `system|` for any of the system. */
  codes?: readonly string[];
  /** Of each group one is there: `address|telecom`. */
  elements?: readonly string[];
  /** The last part of its Questionnaire's canonical URL. */
  questionnaires?: readonly string[];
  /** Its Questionnaire's canonical URL, without the version. */
  questionnaire?: string;
}

export interface ItemRule {
  strength: Strength;
  is: readonly Matcher[];
}

/** One part of the document, by types of resources or by what they count as. */
export interface SectionRule {
  /** LOINC. */
  code: string;
  title: string;
  types?: readonly string[];
  items?: readonly string[];
}

/** The rule pack terminology/packet-rules.json. */
export interface PacketRules {
  notTrue: readonly string[];
  items: Readonly<Record<string, ItemRule>>;
  sections: readonly SectionRule[];
}

export const packetRules = table as PacketRules;
