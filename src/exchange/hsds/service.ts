import type { Extension, HealthcareService, HealthcareServiceAvailableTime } from '@medplum/fhirtypes';
import { concept, routingSystem } from '../../referral/routing/codes.ts';
import {
  ageRange,
  serviceCapacity,
  serviceExtension,
  spoken,
} from '../../referral/routing/directory-entries.ts';
import { contactsOf } from './contacts.ts';
import type { HsdsService } from './model.ts';
import { areaOf } from './places.ts';
import { isHidden, typesOf } from './understand.ts';

/** Where it belongs, as references. */
export interface Belongs {
  provider: string;
  places: readonly string[];
  areas: readonly string[];
}

/** A service of HSDS as one of the directory (docs/directory-sources.md has the table). */
export function serviceOf(service: HsdsService, { provider, places, areas }: Belongs): HealthcareService {
  const type = typesOf(service);
  const telecom = contactsOf({ ...service, website: service.url });
  const languages = service.languages.flatMap(({ code, name }) => (code ? [spoken(code, name ?? code)] : []));
  const availableTime = service.schedules.flatMap(timeOf);
  const extension = extensionsOf(service);
  const details = [service.application_process, service.alert].filter(one => one !== undefined);
  return {
    resourceType: 'HealthcareService',
    ...(extension.length ? { extension } : {}),
    active: (service.status ?? 'active') === 'active',
    providedBy: { reference: provider, display: service.organization.name },
    ...(type.length ? { type } : {}),
    ...(places.length ? { location: places.map(reference => ({ reference })) } : {}),
    name: service.name,
    ...(service.description ? { comment: service.description } : {}),
    ...(details.length ? { extraDetails: details.join('\n\n') } : {}),
    ...(telecom.length ? { telecom } : {}),
    ...(areas.length ? { coverageArea: areas.map(reference => ({ reference })) } : {}),
    ...costOf(service),
    ...eligibilityOf(service),
    ...(languages.length ? { communication: languages } : {}),
    ...(availableTime.length ? { availableTime } : {}),
    ...availabilityWords(service),
  };
}

function extensionsOf({ assured_date: assured, capacities }: HsdsService): Extension[] {
  const verified = dayOf(assured);
  const [capacity] = capacities;
  const confirmed = dayOf(capacity?.updated);
  const slots = capacity?.available;
  return [
    ...(verified ? [{ url: serviceExtension.verified, valueDate: verified }] : []),
    ...(slots !== undefined && confirmed
      ? [
          serviceCapacity({
            status: slots > 0 ? 'capacity' : 'no-capacity',
            confirmed,
            ...(Number.isInteger(slots) && slots >= 0 ? { slots } : {}),
          }),
        ]
      : []),
  ];
}

const dayOf = (text: string | undefined): string | undefined => /^\d{4}-\d{2}-\d{2}/.exec(text ?? '')?.[0];

/** Free only where a source says so: every cost option is nothing. */
function costOf({ cost_options: options }: HsdsService): Pick<HealthcareService, 'serviceProvisionCode'> {
  const amounts = options.flatMap(({ amount }) => (amount === undefined ? [] : [amount]));
  if (!amounts.length) return {};
  const free = amounts.every(amount => amount === 0);
  return {
    serviceProvisionCode: [
      free
        ? concept(routingSystem.provision, 'free', 'Free')
        : concept(routingSystem.provision, 'cost', 'Fees apply'),
    ],
  };
}

function eligibilityOf(service: HsdsService): Pick<HealthcareService, 'eligibility'> {
  const { minimum_age: low, maximum_age: high, eligibility_description: comment } = service;
  if (low === undefined && high === undefined && !comment) return {};
  const ages = low === undefined && high === undefined ? {} : ageRange(low, high);
  return { eligibility: [{ ...ages, ...(comment ? { comment } : {}) }] };
}

const days: Readonly<Record<string, 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'>> = {
  MO: 'mon',
  TU: 'tue',
  WE: 'wed',
  TH: 'thu',
  FR: 'fri',
  SA: 'sat',
  SU: 'sun',
};

/** A weekly rule (RFC 5545 BYDAY) with its hours; what is no time of day is told in words instead. */
function timeOf({ byday, opens_at: opens, closes_at: closes }: HsdsService['schedules'][number]) {
  const daysOfWeek = (byday ?? '').split(',').flatMap(one => days[one.trim().slice(-2)] ?? []);
  const [start, end] = [timeOfDay(opens), timeOfDay(closes)];
  if (!daysOfWeek.length || !start || !end) return [];
  const time: HealthcareServiceAvailableTime = {
    daysOfWeek,
    availableStartTime: start,
    availableEndTime: end,
  };
  return [time];
}

function timeOfDay(text: string | undefined): string | undefined {
  const [, hour, minute, second = '00'] = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?/.exec(text ?? '') ?? [];
  return hour && minute ? `${hour}:${minute}:${second}` : undefined;
}

/** Hours, and areas that are not drawn, in words, which nobody can reckon with. Of a hidden service areas in words stay out. */
function availabilityWords(service: HsdsService): Pick<HealthcareService, 'availabilityExceptions'> {
  const hours = service.schedules.flatMap(({ description }) => description ?? []);
  const areas = isHidden(service)
    ? []
    : service.service_areas.flatMap(area => (areaOf(area) ? [] : (area.description ?? area.name ?? [])));
  const words = [...hours, ...areas.map(area => `Serves: ${area}`)];
  return words.length ? { availabilityExceptions: words.join('\n') } : {};
}
