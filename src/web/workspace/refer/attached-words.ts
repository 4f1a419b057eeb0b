import type { Coverage, DocumentReference, Encounter, Resource } from '@medplum/fhirtypes';
import { describe } from '../../../referral/packet/describe.ts';
import { dateOf } from '../../../referral/packet/matches.ts';
import { datesIn } from '../../packet/dates.ts';

/** Something that can be attached, in a line. */
export interface AttachedWords {
  title: string;
  /** What tells it from others of its kind. */
  detail?: string;
}

export function attachedWords(resource: Resource): AttachedWords {
  const own = ofKind(resource);
  const title = own?.title ?? describe(resource).title;
  const detail = datesIn([own?.detail, dateOf(resource)?.slice(0, 10)].filter(Boolean).join(', '));
  return { title, ...(detail ? { detail } : {}) };
}

function ofKind(resource: Resource): Partial<AttachedWords> | undefined {
  switch (resource.resourceType) {
    case 'Coverage': {
      const { payor, type } = resource as Coverage;
      const payer = payor[0]?.display ?? type?.text ?? type?.coding?.[0]?.display;
      return payer ? { title: `Coverage: ${payer}` } : undefined;
    }
    case 'Encounter': {
      const { period } = resource as Encounter;
      const [start, end] = [period?.start, period?.end].map(one => one?.slice(0, 10));
      return {
        title: 'The stay',
        ...(start ? { detail: end ? `${start} to ${end}` : `since ${start}` } : {}),
      };
    }
    case 'DocumentReference': {
      const name = (resource as DocumentReference).content[0]?.attachment.title;
      return name ? { detail: name } : undefined;
    }
    default:
      return undefined;
  }
}
