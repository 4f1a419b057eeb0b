import type { Coding, Extension, Meta, Resource } from '@medplum/fhirtypes';
import { labelsOfCodes, noRedisclosure } from './label-rules.ts';
import { type Label, labelMask, labels, labelsIn, maskOf, restrictedLabels } from './labels.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const loweredUrl = 'https://warmhandoff.example/fhir/StructureDefinition/label-lowered';
const refrain: Coding = {
  system: actCode,
  code: 'NORDSCLCD',
  display: 'no redisclosure without consent directive',
};

/**
 * The resource with the labels it must have: those its codes give it, those it had before, and those its writer
 * adds. Leaving a label out lowers nothing: clients that know no labels write, too. Only `lowered` takes one away.
 *
 * @param before the version before, where there is one
 */
export function labelled<R extends Resource>(after: R, before: Resource | undefined): R {
  const given = labelMask(after);
  const earlier = before ? loweredIn(before.meta) : [];
  const kept = earlier.filter(extension => !(maskOfLowered(extension) & given));
  const lowered = kept.reduce((mask, extension) => mask | maskOfLowered(extension), 0);
  const due = (labelsOfCodes(after) | (before ? labelMask(before) : 0)) & ~lowered;
  return withMeta(after, given | due, kept);
}

/** Who lowers a label says why; it stays with the resource. */
export interface Lowering {
  labels: readonly Label[];
  reason: string;
  /** Organization id. */
  organization: string;
  at: Date;
}

/** The resource without some of its labels, whatever its codes say, from now on. */
export function lowered<R extends Resource>(resource: R, lowering: Lowering): R {
  const { organization, reason, at } = lowering;
  const noted = lowering.labels.map(label => ({
    url: loweredUrl,
    extension: [
      { url: 'label', valueCode: label },
      { url: 'reason', valueString: reason },
      { url: 'by', valueReference: { reference: `Organization/${organization}` } },
      { url: 'at', valueInstant: at.toISOString() },
    ],
  }));
  const mask = labelMask(resource) & ~maskOf(lowering.labels);
  return withMeta(resource, mask, [...loweredIn(resource.meta), ...noted]);
}

const loweredIn = (meta: Meta | undefined): Extension[] =>
  (meta?.extension ?? []).filter(({ url }) => url === loweredUrl);

function maskOfLowered({ extension = [] }: Extension): number {
  const code = extension.find(({ url }) => url === 'label')?.valueCode;
  return maskOf(labels.filter(label => label === code));
}

function withMeta<R extends Resource>(resource: R, mask: number, noted: readonly Extension[]): R {
  const { security, extension, ...meta } = resource.meta ?? {};
  const codings = codingsOf(security ?? [], mask);
  const others = (extension ?? []).filter(({ url }) => url !== loweredUrl);
  const extensions = [...others, ...noted];
  if (codings.length === (security ?? []).length && extensions.length === 0 && !extension) return resource;
  return {
    ...resource,
    meta: {
      ...meta,
      ...(codings.length ? { security: codings } : {}),
      ...(extensions.length ? { extension: extensions } : {}),
    },
  };
}

/** The codings there were, without restricted labels that no longer hold, and with those that now do. */
function codingsOf(there: readonly Coding[], mask: number): Coding[] {
  const kept = there.filter(({ code = '' }) => !isRestricted(code) || mask & restrictedLabels[code]);
  const has = (wanted: string) => kept.some(({ code }) => code === wanted);
  const missing = labelsIn(mask).filter(label => !has(label));
  const marks = mask & noRedisclosure && !has('NORDSCLCD') ? [refrain] : [];
  return [...kept, ...missing.map(code => ({ system: actCode, code })), ...marks];
}

const isRestricted = (code: string): code is Label => Object.hasOwn(restrictedLabels, code);
