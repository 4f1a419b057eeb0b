import type { HealthcareService } from '@medplum/fhirtypes';
import { serviceType } from '../../src/referral/routing/codes.ts';
import { serviceCapacity, spoken } from '../../src/referral/routing/directory-entries.ts';
import type { TestDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';
import { communityOrganization } from '../harness/referral.ts';
import { addOrganization, type Mailed, takeMails } from './link-world.ts';

/** A pantry without an account, whose entry of the directory has to be confirmed: it has been sent a link. */
export interface EntryWorld {
  hub: TestHub;
  /** Logical id of the HealthcareService. */
  entry: string;
  url: string;
  mail: Mailed;
  /** The mails since the last look. */
  mails(): Promise<Mailed[]>;
}

export const pantry = 'pantry';
export const food = serviceType('548', 'Food relief');

export async function startEntryWorld(database: TestDatabase): Promise<EntryWorld> {
  const hub = await startTestHub(database);
  const telecom = [
    { system: 'phone' as const, value: '(320) 555-0140' },
    { system: 'email' as const, value: 'desk@pantry.example' },
  ];
  const organization = {
    id: pantry,
    active: true,
    name: 'Harvest Pantry',
    telecom,
    ...communityOrganization,
  };
  await addOrganization(hub, { resourceType: 'Organization', ...organization });
  const resource: HealthcareService = {
    resourceType: 'HealthcareService',
    active: true,
    name: 'Food boxes',
    providedBy: { reference: `Organization/${pantry}` },
    type: [food],
    communication: [spoken('es', 'Spanish')],
    availableTime: [
      { daysOfWeek: ['mon', 'thu'], availableStartTime: '09:00:00', availableEndTime: '17:30:00' },
    ],
    extension: [serviceCapacity({ status: 'waitlist', waitDays: 20, confirmed: '2026-03-01' })],
  };
  const repository = hub.hub.repository(hub.hub.hubActor);
  const [written] = await repository.write([{ kind: 'create', resource, inNameOf: pantry }]);
  await hub.settle();
  hub.clock.advance({ days: 81 });
  await hub.settle();
  await hub.settle();
  const mails = () => takeMails(`${hub.config.data}/mail`);
  const [mail, ...more] = await mails();
  const url = /https?:\/\/\S+\/l\/\S+/.exec(mail?.text ?? '')?.[0];
  if (!mail || !url || more.length > 0) throw new Error('not one link was sent');
  return { hub, entry: written?.stored?.id ?? '', url, mail, mails };
}
