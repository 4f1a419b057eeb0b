import type { ValueSet } from '@medplum/fhirtypes';
import { normalize } from '../index/normalize.ts';
import type { FoundCode } from './find-code.ts';
import type { CodedValue, Terminology } from './terminology.ts';

/** Whether a code is right, and what to say of it (https://hl7.org/fhir/R4/valueset-operation-validate-code.html). */
export interface CodeCheck {
  result: boolean;
  /** What is wrong, or what cannot be known. */
  message?: string;
  display?: string;
  system?: string;
  version?: string;
  code?: string;
}

export interface CheckedCode extends CodedValue {
  /** What the sender calls it. */
  display?: string;
}

export interface CheckOptions {
  /** False: a code that only groups others is refused. */
  abstract?: boolean;
}

/** Checks a code against a value set. */
export async function checkInValueSet(
  terminology: Terminology,
  valueSet: ValueSet,
  coding: CheckedCode & { system: string },
  options: CheckOptions = {},
): Promise<CodeCheck> {
  const name = valueSet.title ?? valueSet.name ?? valueSet.url ?? 'the value set';
  const answer = await terminology.member(valueSet, coding);
  if (answer === 'unknown')
    return { ...told(coding), result: false, message: await lacking(terminology, coding, name) };
  const found = await terminology.find(coding);
  if (answer === 'out') {
    const isCode = found ? '' : await missing(terminology, coding);
    return { ...told(coding), result: false, message: `${isCode}${shown(coding)} is not in ${name}.` };
  }
  const listed = await terminology.listedDisplay(valueSet, coding);
  return checkConcept(coding, found, listed, options);
}

/** Checks a code against its code system. */
export async function checkInSystem(
  terminology: Terminology,
  coding: CheckedCode & { system: string },
  options: CheckOptions = {},
): Promise<CodeCheck> {
  const answer = await terminology.codeExists(coding);
  if (answer === 'unknown')
    return { ...told(coding), result: false, message: await lacking(terminology, coding, coding.system) };
  if (answer === 'out')
    return {
      ...told(coding),
      result: false,
      message: `${coding.system} has no code ${quoted(coding.code)}.`,
    };
  return checkConcept(coding, await terminology.find(coding), undefined, options);
}

/** A code that is where it should be: is it called by its name, and may it be chosen? */
export function checkConcept(
  coding: CheckedCode,
  found: FoundCode | undefined,
  listed: string | undefined,
  { abstract }: CheckOptions,
): CodeCheck {
  const display = listed ?? found?.concept.display;
  const answer = {
    ...told(coding),
    ...(found ? { code: found.concept.code } : {}),
    ...(found?.version ? { version: found.version } : {}),
    ...(display === undefined ? {} : { display }),
  };
  if (abstract === false && found?.concept.abstract)
    return { ...answer, result: false, message: `${shown(coding)} groups other codes: choose one of those.` };
  const names = [
    listed,
    found?.concept.display,
    ...(found?.concept.designations.map(one => one.value) ?? []),
  ];
  if (coding.display !== undefined && display !== undefined && !isOneOf(coding.display, names))
    return {
      ...answer,
      result: false,
      message: `The display of ${shown(coding)} is ${quoted(display)}, not ${quoted(coding.display)}.`,
    };
  return found?.concept.inactive
    ? { ...answer, result: true, message: `${shown(coding)} is not active any more.` }
    : { ...answer, result: true };
}

function isOneOf(given: string, names: readonly (string | undefined)[]): boolean {
  const same = normalize(given);
  return names.some(name => name !== undefined && normalize(name) === same);
}

async function missing(terminology: Terminology, coding: CodedValue & { system: string }): Promise<string> {
  return (await terminology.codeExists(coding)) === 'out'
    ? `${coding.system} has no code ${quoted(coding.code)}: `
    : '';
}

async function lacking(
  terminology: Terminology,
  { system, version }: CodedValue & { system: string },
  name: string,
): Promise<string> {
  const which = version ? `${system}|${version}` : system;
  if (await terminology.holds(system, version))
    return `The hub does not hold all that ${name} depends on, so it cannot say whether the code is right.`;
  return `The hub does not hold the code system ${which}, so it cannot say whether the code is right.`;
}

const told = ({ system, code }: CodedValue) => ({ ...(system ? { system } : {}), code });

const shown = ({ system, code }: CodedValue): string => `${quoted(code)}${system ? ` of ${system}` : ''}`;

/** Never long. */
const quoted = (text: string): string =>
  JSON.stringify(text.length > 120 ? `${text.slice(0, 120).toWellFormed()}…` : text);
