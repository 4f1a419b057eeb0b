import type { Coding, OperationOutcomeIssue } from '@medplum/fhirtypes';
import table from '../../terminology/disclosure-notice.json' with { type: 'json' };
import { noRedisclosure } from './label-rules.ts';
import { type Label, labelsIn, maskOf } from './labels.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';

const notices = table.notices.map(({ labels, short, whole }) => ({
  mask: maskOf(labels as Label[]),
  short,
  whole,
}));

/** The labels of what is shown to an organization and is another's information: what the notice is about. */
export function disclosedTo(
  organization: string,
  shown: Iterable<{ label: number; origin: string }>,
): number {
  let mask = 0;
  for (const { label, origin } of shown) if (label !== 0 && origin !== organization) mask |= label;
  return mask;
}

/** The notice in one line, for a header. */
export const shortNotice = (mask: number): string => those(mask, 'short').join(' ');

/** The notice as issues of the OperationOutcome in a Bundle. */
export const noticeIssues = (mask: number): OperationOutcomeIssue[] =>
  those(mask, 'whole').map(text => ({ severity: 'information', code: 'informational', details: { text } }));

/**
 * The labels of a Bundle, as high as those of what it holds ("high water mark",
 * https://hl7.org/fhir/uv/security-label-ds4p/): restricted, which labels, and not to be passed on.
 */
export function bundleSecurity(mask: number): Coding[] {
  const codes = [...labelsIn(mask), ...(mask & noRedisclosure ? ['NORDSCLCD'] : [])];
  return [{ system: confidentiality, code: 'R' }, ...codes.map(code => ({ system: actCode, code }))];
}

const those = (mask: number, length: 'short' | 'whole'): string[] =>
  notices.filter(notice => notice.mask & mask).map(notice => notice[length]);
