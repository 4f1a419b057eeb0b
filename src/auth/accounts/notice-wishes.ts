import type { PractitionerRole } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../errors.ts';
import type { Repository } from '../../fhir/repository.ts';
import { type Wishes, wishesOf, withWishes } from '../../referral/notices/wishes.ts';
import type { SignedInPerson } from '../people.ts';

/** How people are told by mail that something waits: kept with what they are to the organization they act for. */
export interface NoticeWishes {
  of(person: SignedInPerson): Promise<Wishes>;
  /** HubError `invalid` with every fault, by the name of its field. */
  change(person: SignedInPerson, fields: WishFields): Promise<void>;
}

/** As a form has it. */
export interface WishFields {
  wish?: string;
  from?: string;
  to?: string;
}

export function createNoticeWishes(hub: Repository): NoticeWishes {
  const read = async ({ practitionerRole }: SignedInPerson) => {
    const stored = await hub.read('PractitionerRole', practitionerRole);
    return { role: stored.resource() as PractitionerRole, ifMatch: `W/"${stored.versionId}"` };
  };
  return {
    of: async person => wishesOf((await read(person)).role),
    async change(person, fields) {
      const wishes = wishesIn(fields);
      const { role, ifMatch } = await read(person);
      const [id, inNameOf] = [person.practitionerRole, person.organization];
      const resource = withWishes(role, wishes);
      await hub.write([{ kind: 'update', type: 'PractitionerRole', id, resource, ifMatch, inNameOf }], {
        purpose: 'account',
      });
    },
  };
}

function wishesIn({ wish = '', from = '', to = '' }: WishFields): Wishes {
  const faults: Problem[] = [];
  if (!['', 'at-once', 'digest'].includes(wish))
    faults.push({ text: 'Choose one of the three.', expression: 'wish' });
  for (const [expression, time] of Object.entries({ from, to }))
    if (time !== '' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
      faults.push({ text: 'A time such as 21:00.', expression });
  if ((from === '') !== (to === ''))
    faults.push({ text: 'Give both times, or none.', expression: from === '' ? 'from' : 'to' });
  if (faults.length > 0) throw new HubError('invalid', faults);
  return {
    ...(wish === 'at-once' || wish === 'digest' ? { wish } : {}),
    ...(from !== '' && to !== '' ? { quiet: { from, to } } : {}),
  };
}
