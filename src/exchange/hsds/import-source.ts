import type { Actor } from '../../access/actor.ts';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Repository } from '../../fhir/repository.ts';
import type { Records } from '../../store/store.ts';
import type { OutgoingPolicy } from '../outgoing-url.ts';
import { SourceMemory } from './memory.ts';
import { readSource } from './read-source.ts';
import { refreshDirectory, sourceOrganization } from './refresh.ts';
import type { RefreshReport } from './report.ts';

/** A configured source: what it is called, and where it is. */
export interface DirectorySource {
  name: string;
  place: string;
}

export interface SourceImport {
  records: Records;
  clock: Clock;
  hubActor: Actor;
  repository(actor: Actor): Repository;
  outgoing: OutgoingPolicy;
}

/** Reads a source and brings the directory to what it says, as the hub in the name of the source's organization. */
export async function importSource(
  { name, place }: DirectorySource,
  { records, clock, hubActor, repository, outgoing }: SourceImport,
): Promise<RefreshReport> {
  checkName(name);
  const data = await readSource(place, outgoing);
  const actor: Actor = { ...hubActor, organization: sourceOrganization(name) };
  const memory = new SourceMemory(records, name, () => clock.now());
  return refreshDirectory(data, name, { repository: repository(actor), memory, now: clock.now() });
}

/** What the last refresh of a source did; undefined before the first. */
export function lastReport(name: string, records: Records, clock: Clock): Promise<RefreshReport | undefined> {
  checkName(name);
  return new SourceMemory(records, name, () => clock.now()).lastReport();
}

/** It becomes part of ids. */
function checkName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(name)) return;
  throw new HubError(
    'invalid',
    `A source is named in lower-case letters, digits and hyphens, at most 31, beginning with a letter, such as county-211: not ${JSON.stringify(name.slice(0, 40))}.`,
  );
}
