import type { HealthcareService, Location } from '@medplum/fhirtypes';
import type { Child } from 'hono/jsx';
import { needsOf } from '../../../referral/packet/needs.ts';
import type { Strength } from '../../../referral/packet/rules.ts';
import { routingSystem, words } from '../../../referral/routing/codes.ts';
import { Facts } from '../../components/facts.tsx';
import { Mark } from '../../components/mark.tsx';
import type { ServiceEntry } from './find-services.ts';
import { hoursWords } from './hours.ts';
import { agesWords, feeWords, languageWords } from './words.ts';

/** What a service offers, to whom, when and at what price. */
export function About({ entry }: { entry: ServiceEntry }) {
  const { service, facts, get } = entry;
  const areas = (service.coverageArea ?? []).map(one => get<Location>(one)?.name ?? one.display ?? 'An area');
  const traits = facts.characteristics.filter(({ token }) => token.startsWith(routingSystem.characteristic));
  const certified = facts.characteristics.filter(one => !traits.includes(one));
  return (
    <section class="card" aria-labelledby="about">
      <h2 id="about">What it offers</h2>
      {service.comment && <p>{service.comment}</p>}
      {service.extraDetails && <p>{service.extraDetails}</p>}
      <Facts
        facts={[
          ['Services', said((service.type ?? []).map(words))],
          [
            'Who can come',
            [
              ...(facts.ages.length > 0 ? facts.ages.map(agesWords) : ['All ages']),
              ...facts.populations.map(one => one.words),
            ],
          ],
          ['From where', areas.length > 0 ? [areas.join(', ')] : ['Everywhere']],
          ['Programs', said((service.program ?? []).map(words))],
          ['Languages', [languageWords(service)]],
          ['Access', traits.map(one => one.words)],
          ['Licences and care', certified.map(one => one.words)],
          ['Who pays', [...facts.payers.map(one => one.words), ...feeWords(facts.provision)]],
          ['Hours', hoursOf(service)],
          [
            'Visits',
            service.appointmentRequired === undefined
              ? []
              : [service.appointmentRequired ? 'By appointment' : 'Without an appointment'],
          ],
        ]}
      />
    </section>
  );
}

const said = (texts: readonly (string | undefined)[]): string[] => texts.filter(text => text !== undefined);

function hoursOf({
  availableTime = [],
  notAvailable = [],
  availabilityExceptions,
}: HealthcareService): Child[] {
  return [
    ...availableTime.map(time => {
      const { days, hours } = hoursWords(time);
      return `${days}: ${hours}`;
    }),
    ...notAvailable.map(({ description }) => `Closed: ${description}`),
    ...(availabilityExceptions ? [availabilityExceptions] : []),
  ];
}

const strengthWords: Record<Strength, string> = {
  required: 'Needed',
  expected: 'Asked for',
  welcome: 'Welcome',
};

/** What it needs with a referral. */
export function Packet({ service }: { service: HealthcareService }) {
  const needs = needsOf([service]);
  if (needs.length === 0) return null;
  return (
    <section class="card" aria-labelledby="packet">
      <h2 id="packet">What it asks for with a referral</h2>
      <ul>
        {needs.map(({ title, strength, withinDays }) => (
          <li>
            {title}{' '}
            <Mark tone={strength === 'required' ? 'attention' : 'plain'}>{strengthWords[strength]}</Mark>
            {withinDays !== undefined && <span class="detail">No older than {withinDays} days.</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
