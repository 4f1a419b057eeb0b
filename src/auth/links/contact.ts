import type { ContactPoint, HealthcareService, Organization } from '@medplum/fhirtypes';
import type { Contact } from './link.ts';

/**
 * Where an organization is reached, as the directory says: the service that is asked before the organization, the
 * preferred entry (`rank`) before others, what is over (`period`) or old not at all.
 */
export function contactsOf(
  organization: Organization | undefined,
  service: HealthcareService | undefined,
  now: Date,
): Contact[] {
  const listed = [service?.telecom, organization?.telecom].flatMap(telecom =>
    [...(telecom ?? [])].sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99)),
  );
  return listed.filter(point => isCurrent(point, now)).flatMap(contactIn);
}

/** Whether the directory still names it: an address that was taken out of it answers nothing any more. */
export const isListed = (contact: Contact, listed: readonly Contact[]): boolean =>
  listed.some(one => one.system === contact.system && one.value === contact.value);

function contactIn({ system, value }: ContactPoint): Contact[] {
  const text = value?.trim() ?? '';
  if (system === 'email' && /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/.test(text))
    return [{ system, value: text.toLowerCase() }];
  return system === 'phone' && text !== '' ? [{ system, value: text }] : [];
}

function isCurrent({ use, period }: ContactPoint, now: Date): boolean {
  if (use === 'old') return false;
  const ended = period?.end !== undefined && Date.parse(period.end) < now.getTime();
  const begun = period?.start === undefined || Date.parse(period.start) <= now.getTime();
  return begun && !ended;
}

/** What a page says of an address without telling it: `h•••@shelter.example`, the last two digits of a number. */
export function masked({ system, value }: Contact): string {
  if (system === 'phone') return `••• ${value.replace(/\D/g, '').slice(-2)}`;
  const [name = '', domain = ''] = value.split('@');
  return `${name.slice(0, 1)}•••@${domain}`;
}
