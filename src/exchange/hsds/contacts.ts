import type { ContactPoint } from '@medplum/fhirtypes';
import type { HsdsPhone } from './model.ts';

const kinds: Readonly<Record<string, NonNullable<ContactPoint['system']>>> = {
  fax: 'fax',
  sms: 'sms',
  pager: 'pager',
};

/** How it is reached, each way once. */
export function contactsOf(of: {
  phones?: readonly HsdsPhone[];
  email?: string | undefined;
  website?: string | undefined;
}): ContactPoint[] {
  const points: ContactPoint[] = [
    ...(of.phones ?? []).flatMap(({ number, extension, type }): ContactPoint[] =>
      number
        ? [
            {
              system: kinds[type?.toLowerCase() ?? ''] ?? 'phone',
              value: extension ? `${number} ext. ${extension}` : number,
              use: 'work',
            },
          ]
        : [],
    ),
    ...(of.email ? [{ system: 'email', value: of.email, use: 'work' } as const] : []),
    ...(of.website ? [{ system: 'url', value: of.website } as const] : []),
  ];
  return [...new Map(points.map(one => [`${one.system} ${one.value}`, one])).values()];
}
