import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';

/** What one organization was shown at one moment, on one ground. */
export interface Disclosed {
  at: Date;
  /** Logical ids. */
  recipient: string;
  discloser: string;
  agent: string;
  /** `read`, `search`, … */
  how: string;
  /** `Type/id/_history/version`, each. */
  what: string[];
  labels: string[];
  because: string;
  /** The Consent or emergency access it rests on. */
  under?: string;
}

/** The answer of `$disclosures`, with what was shown at once in one line; `next` begins the page after. */
export function disclosedIn({ parameter = [] }: Parameters): { disclosed: Disclosed[]; next?: string } {
  const lines = new Map<string, Disclosed>();
  for (const { part = [] } of parameter.filter(({ name }) => name === 'disclosure')) {
    const one = lineOf(part);
    const key = [one.at.getTime(), one.agent, one.recipient, one.discloser, one.how, one.because].join(' ');
    const known = lines.get(key);
    if (!known) lines.set(key, one);
    else {
      known.what.push(...one.what);
      known.labels = [...new Set([...known.labels, ...one.labels])];
    }
  }
  const next = parameter.find(({ name }) => name === 'next')?.valueString;
  return { disclosed: [...lines.values()], ...(next ? { next } : {}) };
}

function lineOf(parts: readonly ParametersParameter[]): Disclosed {
  const part = (name: string) => parts.find(one => one.name === name);
  const idOf = (name: string) => part(name)?.valueReference?.reference?.split('/')[1] ?? '';
  const under = part('under')?.valueReference?.reference;
  return {
    at: new Date(part('at')?.valueInstant ?? 0),
    recipient: idOf('recipient'),
    discloser: idOf('discloser'),
    agent: part('agent')?.valueString ?? '',
    how: part('how')?.valueCode ?? '',
    what: [part('what')?.valueReference?.reference ?? ''],
    labels: parts.flatMap(one => (one.name === 'label' && one.valueCode ? [one.valueCode] : [])),
    because: part('because')?.valueString ?? '',
    ...(under ? { under } : {}),
  };
}

/** `Patient, 3 Conditions`: kinds of resources with how many of each. */
export function kindsOf(references: readonly string[]): string {
  const types = Map.groupBy(
    new Set(references.map(reference => reference.split('/_history/')[0] ?? '')),
    reference => reference.split('/')[0] ?? '',
  );
  return [...types].map(([type, { length }]) => (length === 1 ? type : `${length} × ${type}`)).join(', ');
}
