import type { ContactPoint } from '@medplum/fhirtypes';
import type { Problem } from '../../../errors.ts';

/** How to reach an organization or a service, as a form has it. */
export interface ContactFields {
  phone: string;
  email: string;
}

export const contactOf = (telecom: readonly ContactPoint[] = []): ContactFields => {
  const first = (system: ContactPoint['system']) => telecom.find(one => one.system === system)?.value ?? '';
  return { phone: first('phone'), email: first('email') };
};

/** What is wrong with what was typed, at `phone` and `email`. */
export const contactFaults = ({ phone, email }: ContactFields): Problem[] => [
  ...(email && !/^[^\s@]+@[^\s@]+$/.test(email)
    ? [{ text: 'An e-mail address has the form name@place.example.', expression: 'email' }]
    : []),
  ...(phone && (phone.match(/\d/g) ?? []).length < 3
    ? [{ text: 'A telephone number has digits.', expression: 'phone' }]
    : []),
];

/** The first number and address are the form's; others stay behind them. */
export function telecomWith(
  telecom: readonly ContactPoint[] = [],
  { phone, email }: ContactFields,
): ContactPoint[] {
  const replaced = (['phone', 'email'] as const).map(system => telecom.find(one => one.system === system));
  const others = telecom.filter(one => !replaced.includes(one));
  const [oldPhone, oldEmail] = replaced;
  return [
    ...(phone ? [{ use: 'work' as const, ...oldPhone, system: 'phone' as const, value: phone }] : []),
    ...(email ? [{ use: 'work' as const, ...oldEmail, system: 'email' as const, value: email }] : []),
    ...others,
  ];
}
