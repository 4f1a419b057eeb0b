import type { ContactPoint, HealthcareService, Location, Organization } from '@medplum/fhirtypes';
import type { Child } from 'hono/jsx';
import type { HubError } from '../../../errors.ts';
import { needsOf } from '../../../referral/packet/needs.ts';
import type { Strength } from '../../../referral/packet/rules.ts';
import { routingSystem, words } from '../../../referral/routing/codes.ts';
import { Form, Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Live } from '../../components/live.tsx';
import { Mark } from '../../components/mark.tsx';
import { Warning } from '../../components/notice.tsx';
import type { Room } from '../room.ts';
import { addressWords, isShelter } from './address.ts';
import { CapacityButtons } from './capacity-form.tsx';
import { DayAgo } from './day.tsx';
import type { readService } from './find-services.ts';
import { hoursWords } from './hours.ts';
import { agesWords, feeWords, languageWords, roomWords } from './words.ts';

interface Props {
  entry: NonNullable<Awaited<ReturnType<typeof readService>>>;
  /** It is an entry of the reader's organization. */
  own: boolean;
  /** The reader keeps this entry. */
  keeps: boolean;
  room: Pick<Room, 'now' | 'zone' | 'token'>;
  problem?: HubError | undefined;
}

/** One service: all that one has to know before one asks it, and for who keeps it, what is said of it. */
export function ServicePage({ entry, own, keeps, room, problem }: Props) {
  const { service, facts, organization, sunk } = entry;
  const path = `/directory/${facts.id}`;
  return (
    <>
      <Head
        title={service.name ?? facts.name}
        up={{ path: '/directory', label: 'Directory' }}
        actions={
          keeps && (
            <a class="button second" href={`${path}/edit`}>
              <Icon name="pencil" /> Correct this entry
            </a>
          )
        }
      >
        {organization}
      </Head>
      <Problem of={problem} />
      <Live id="service" path={path}>
        {facts.inactive && <Warning>{facts.inactive}. It takes nobody now.</Warning>}
        {sunk && !keeps && (
          <Warning>Nobody has confirmed this entry for long. Call before you rely on it.</Warning>
        )}
        <div class="columns">
          <div>
            <About entry={entry} />
            <Packet service={service} />
          </div>
          <div>
            <Capacity entry={entry} keeps={keeps} room={room} />
            <Freshness entry={entry} own={own} keeps={keeps} room={room} />
            <Reach entry={entry} />
          </div>
        </div>
      </Live>
    </>
  );
}

/** Facts as terms and descriptions; those without anything to say are left out. */
function Facts({ facts }: { facts: readonly (readonly [term: string, said: readonly Child[]])[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, said]) => said.length > 0)
        .map(([term, said]) => (
          <>
            <dt>{term}</dt>
            <dd>
              {said.map(one => (
                <div>{one}</div>
              ))}
            </dd>
          </>
        ))}
    </dl>
  );
}

function About({ entry }: Pick<Props, 'entry'>) {
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

function Packet({ service }: { service: HealthcareService }) {
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

function Capacity({ entry, keeps, room }: Omit<Props, 'problem' | 'own'>) {
  const { service, facts } = entry;
  const { tone, words, more, said } = roomWords(facts.capacity, room.now);
  const { slots, waitDays, firstOpening, status } = facts.capacity ?? {};
  return (
    <section class="card" aria-labelledby="room">
      <h2 id="room">Room</h2>
      <p>
        <Mark tone={tone}>{words}</Mark> {more.join(', ')}
      </p>
      {said && (
        <p class="quiet">
          Said <DayAgo date={said} now={room.now} />
        </p>
      )}
      {keeps && (
        <>
          <CapacityButtons
            id={facts.id}
            name={service.name ?? facts.name}
            chosen={status}
            token={room.token}
            to={`/directory/${facts.id}`}
          />
          <details class="fold">
            <summary>Say more exactly</summary>
            <Form action={`/directory/${facts.id}/capacity`} token={room.token} to={`/directory/${facts.id}`}>
              <Small name="slots" label="Free places" value={slots} />
              <Small name="wait-days" label="Days of waiting" value={waitDays} />
              <div class="field">
                <label for="first-opening">First opening</label>
                <input id="first-opening" name="first-opening" type="date" value={firstOpening ?? ''} />
              </div>
              <button type="submit">Save</button>
            </Form>
          </details>
        </>
      )}
    </section>
  );
}

const Small = ({ name, label, value }: { name: string; label: string; value: number | undefined }) => (
  <div class="field">
    <label for={name}>{label}</label>
    <input
      id={name}
      name={name}
      type="number"
      min="0"
      max="999999"
      value={value === undefined ? '' : String(value)}
    />
  </div>
);

function Freshness({ entry, own, keeps, room }: Omit<Props, 'problem'>) {
  const { facts, sunk } = entry;
  return (
    <section class="card" aria-labelledby="fresh">
      <h2 id="fresh">Is this entry right?</h2>
      <p>
        {facts.verified ? (
          <>
            Last confirmed <DayAgo date={facts.verified} now={room.now} />.
          </>
        ) : (
          'Nobody has confirmed it yet.'
        )}{' '}
        {sunk && <Mark tone="attention">Not confirmed for long</Mark>}
      </p>
      {keeps ? (
        <Form action={`/directory/${facts.id}/confirm`} token={room.token} look="beside">
          <button type="submit" class="second">
            <Icon name="check" /> All of this is right
          </button>
        </Form>
      ) : (
        <p class="quiet">
          Something is wrong? {own ? 'Your organization’s administrator' : entry.organization} keeps this
          entry: tell them.
        </p>
      )}
    </section>
  );
}

function Reach({ entry }: Pick<Props, 'entry'>) {
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
          ['Referrals by', said((service.referralMethod ?? []).map(words))],
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
