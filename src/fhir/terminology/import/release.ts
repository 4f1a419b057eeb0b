import { open } from 'node:fs/promises';
import { HubError } from '../../../errors.ts';
import type { SystemAbout } from '../../../store/terminology/store.ts';
import type { Concept } from '../../../store/terminology/types.ts';

/** A release of a code system, as its files say it. */
export interface Release {
  url: string;
  version: string;
  about: SystemAbout;
  concepts: readonly Concept[];
}

/** What the operator says of the files. */
export interface ReleaseOptions {
  url?: string;
  version?: string;
  name?: string;
}

/** Reads the files of a release. */
export type ReleaseReader = (files: readonly string[], options: ReleaseOptions) => Promise<Release>;

/** The lines of a text file, without keeping it whole. */
export async function* linesOf(file: string): AsyncIterable<string> {
  const opened = await open(file);
  yield* opened.readLines({ encoding: 'utf8' });
}

/** A concept of which only this is known. */
export const concept = (code: string, display: string, more: Partial<Concept> = {}): Concept => ({
  code,
  ...(display ? { display } : {}),
  designations: [],
  properties: [],
  parents: [],
  inactive: false,
  abstract: false,
  ...more,
});

export const notTheFormat = (file: string, why: string): HubError =>
  new HubError('invalid', `${file} ${why}`);

/** The one file that is asked for. */
export function onlyFile(files: readonly string[], what: string): string {
  const [only, ...more] = files;
  if (only === undefined || more.length > 0) throw new HubError('invalid', `Name one file: ${what}`);
  return only;
}

/** What the files do not say, and the operator has to. */
export function said(value: string | undefined, option: string): string {
  if (value === undefined) throw new HubError('invalid', `The files do not say it: give ${option}`);
  return value;
}
