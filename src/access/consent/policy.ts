import policy from '../../../terminology/consent-policy.json' with { type: 'json' };
import type { Label } from '../labels.ts';

/** What the hub is in the sense of 42 CFR Part 2: it changes whom a general designation reaches. */
export type HubRole = keyof typeof policy.hubRoles;

/** Which rules for SDV and HIV hold: the law of a state. */
export type StatePack = keyof typeof policy.packs;

export const hubRoles = Object.keys(policy.hubRoles) as [HubRole, ...HubRole[]];
export const statePacks = Object.keys(policy.packs) as [StatePack, ...StatePack[]];

/** What it takes to clear a label: see the description of terminology/consent-policy.json. */
export type Need = 'written' | 'written-alone' | 'plain' | 'treating';

/** What a written consent must say (https://www.ecfr.gov/current/title-42/section-2.31). */
export type Element = keyof typeof policy.elements;

/** The moments a FHIR date covers; undefined when it is none. */
export type ReadDate = (text: string) => { lo: number; hi: number } | undefined;

/** The rules by which a hub reads consents. */
export interface ConsentPolicy {
  /** Logical id of the hub's own Organization, which a consent through an intermediary names. */
  hub: string;
  namesTheHub: boolean;
  /** Labels that the hub itself receives without a consent. */
  hubReceives: readonly Label[];
  /** By general designation: whom it reaches. */
  designations: Readonly<Record<string, readonly string[] | undefined>>;
  needs: Readonly<Record<Label, Need>>;
  readDate: ReadDate;
}

/** The policy of a hub, from what it is configured to be. */
export function consentPolicy(
  configured: { role: HubRole; pack: StatePack },
  env: { hub: string; readDate: ReadDate },
): ConsentPolicy {
  const { namesTheHub, hubReceives, designations } = policy.hubRoles[configured.role];
  const { SDV, HIV } = policy.packs[configured.pack];
  return {
    ...env,
    namesTheHub,
    hubReceives: hubReceives as Label[],
    designations,
    needs: { ...policy.federal, SDV, HIV } as Record<Label, Need>,
  };
}

/** Labels that who treats the person sees without a consent. */
export const openToTreatment = ({ needs }: ConsentPolicy): Label[] =>
  (Object.keys(needs) as Label[]).filter(label => needs[label] === 'treating');

/** For what the hub shows anything: the purpose a consent must allow. */
export const hubPurpose = policy.purpose;

const including = (
  table: Readonly<Record<string, readonly string[] | undefined>>,
  code: string,
): string[] => [code, ...(table[code] ?? [])];

/** Purposes that a consent for one allows: treatment includes the coordination of care. */
export const purposesIn = (code: string): string[] => including(policy.purposes, code);

/** Labels that a permit, or a denial, of one is about. */
export const labelsPermitted = (code: string): string[] => including(policy.permitted, code);
export const labelsDenied = (code: string): string[] => including(policy.denied, code);

export const consentCategories: ReadonlySet<string> = new Set(
  policy.categories.map(({ system, code }) => `${system}|${code}`),
);
export const disclosingActions: ReadonlySet<string> = new Set(policy.actions);
export const recipientRoles: ReadonlySet<string> = new Set(policy.roles.recipient);
export const discloserRoles: ReadonlySet<string> = new Set(policy.roles.discloser);

/** An element in words, with where it is looked for and the rule that asks for it. */
export const elementWords = (element: Element): string => {
  const { words, where, citation } = policy.elements[element];
  return `${words} (${where}; ${citation})`;
};
