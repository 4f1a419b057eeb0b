/** A profile as the hub keeps it: only what it asks beyond the type it constrains. */
export interface CompiledProfile {
  url: string;
  version?: string;
  title: string;
  /** What it constrains: `Patient`, `Extension`, `Quantity`. */
  type: string;
  /** The profile or type it was derived from. */
  base?: string;
  /** Of an extension: it changes the meaning of what it stands on, and belongs into modifierExtension. */
  modifier?: true;
  /** Of an extension: where it may stand, as FHIRPath; absent: anywhere. */
  context?: readonly string[];
  /** Profiles that a resource of this one must conform to as well. */
  imposes?: readonly string[];
  root: ProfileElement;
}

/** What a profile asks of one element, or of the values of one slice. */
export interface ProfileElement {
  /** The name in FHIRPath: `value` for `value[x]`. */
  name: string;
  min?: number;
  max?: number;
  /** Types that are left of those the element can have. */
  types?: readonly string[];
  /** Of what type: canonical URLs of profiles, one of which a value must conform to. */
  profiles?: Readonly<Record<string, readonly string[]>>;
  /** Canonical URLs of types and profiles that a reference may point to. */
  targets?: readonly string[];
  aggregation?: readonly string[];
  /** Exactly this. */
  fixed?: unknown;
  /** At least this. */
  pattern?: unknown;
  minValue?: unknown;
  maxValue?: unknown;
  /** In characters. */
  maxLength?: number;
  binding?: ProfileBinding;
  constraints?: readonly ProfileConstraint[];
  slicing?: Slicing;
  slices?: readonly Slice[];
  children?: readonly ProfileElement[];
  /** The same as another element of this profile, by its path: `Questionnaire.item`. */
  sameAs?: string;
}

export interface Slice extends ProfileElement {
  sliceName: string;
}

export interface ProfileBinding {
  strength: 'required' | 'extensible';
  /** Canonical URL, with version where the profile gives one. */
  valueSet: string;
  /** Of an extensible one: the value set that a code must be of when it is not of `valueSet`. */
  max?: string;
}

/** A FHIRPath rule (https://hl7.org/fhir/R4/conformance-rules.html#constraints). */
export interface ProfileConstraint {
  key: string;
  severity: 'error' | 'warning';
  human: string;
  expression: string;
}

/** https://hl7.org/fhir/R4/profiling.html#slicing */
export interface Slicing {
  discriminators: readonly Discriminator[];
  rules: 'open' | 'closed' | 'openAtEnd';
  ordered?: true;
}

export interface Discriminator {
  type: 'value' | 'pattern' | 'type' | 'exists' | 'profile';
  path: string;
}

/** The element of a profile at a path: `Questionnaire.item.item`. */
export function elementAt(root: ProfileElement, path: string): ProfileElement | undefined {
  const [, ...names] = path.split('.');
  let at: ProfileElement | undefined = root;
  for (const name of names) at = at?.children?.find(child => child.name === name.replace('[x]', ''));
  return at;
}
