import type { Provenance } from '@medplum/fhirtypes';
import { agentSystem } from '../../audit/codes.ts';
import type { Authorship } from '../../store/types.ts';
import type { Stored } from '../repository.ts';

const operation = { create: 'CREATE', update: 'UPDATE', delete: 'DELETE' } as const;

/** The id of the Provenance of a version: from the place of its commit, which no other version has. */
export const idOf = (seq: number): string => `version-${seq}`;

/** The `seq` of the version that an id stands for; undefined for a Provenance that somebody has written. */
export function seqOf(id: string): number | undefined {
  const digits = /^version-([1-9]\d{0,14})$/.exec(id)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Who made a version, for whom and why, as it was kept with it (https://hl7.org/fhir/R4/provenance.html). */
export function provenanceOf({ type, id, ver, seq, at, op, actor, org, purpose }: Authorship): Provenance {
  const recorded = new Date(at).toISOString();
  return {
    resourceType: 'Provenance',
    id: idOf(seq),
    meta: { versionId: '1', lastUpdated: recorded },
    target: [{ reference: `${type}/${id}/_history/${ver}` }],
    recorded,
    ...(purpose === null ? {} : { reason: [{ text: purpose }] }),
    activity: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code: operation[op] }],
    },
    agent: [
      {
        type: {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code: 'author' },
          ],
        },
        who: { identifier: { system: agentSystem, value: actor } },
        onBehalfOf: { reference: `Organization/${org}` },
      },
    ],
  };
}

/** Owned and about whom its target is. */
export function storedProvenance(authorship: Authorship): Stored {
  const provenance = provenanceOf(authorship);
  const { at, source, origin, patient } = authorship;
  return {
    type: 'Provenance',
    id: idOf(authorship.seq),
    versionId: '1',
    lastUpdated: new Date(at),
    source,
    origin,
    patient,
    label: authorship.label,
    body: JSON.stringify(provenance),
    resource: <R>() => provenance as R,
  };
}
