import type { ContactPoint, Location, Organization } from '@medplum/fhirtypes';
import { words } from '../../../referral/routing/codes.ts';
import { Facts } from '../../components/facts.tsx';
import { addressWords, isShelter } from './address.ts';
import type { ServiceEntry } from './find-services.ts';

/** How to get in touch. The address of a shelter from violence is not told. */
export function Reach({ entry }: { entry: ServiceEntry }) {
  const { service, get } = entry;
  const sites = (service.location ?? []).map(one => get<Location>(one));
  const shown = sites.filter(site => site !== undefined && !isShelter(site));
  const own = service.telecom ?? [];
  const telecom = own.length > 0 ? own : (get<Organization>(service.providedBy)?.telecom ?? []);
  return (
    <section class="card" aria-labelledby="reach">
      <h2 id="reach">How to reach it</h2>
      <Facts
        facts={[
          ['Contact', telecom.map(Contact)],
          [
            'Address',
            [
              ...shown.flatMap(site => (site?.address ? [addressWords(site.address)] : [])),
              ...(shown.length < sites.length ? ['Its address is not told. Call, or send a referral.'] : []),
            ],
          ],
          ['Referrals by', (service.referralMethod ?? []).flatMap(one => words(one) ?? [])],
        ]}
      />
    </section>
  );
}

const schemes: Partial<Record<string, string>> = { phone: 'tel:', sms: 'sms:', email: 'mailto:' };

function Contact({ system, value = '' }: ContactPoint) {
  const scheme = schemes[system ?? ''];
  if (!scheme) return <>{value}</>;
  return <a href={`${scheme}${system === 'email' ? value : value.replace(/[^+\d]/g, '')}`}>{value}</a>;
}
