import type { Extension, HealthcareService, Organization } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { HubError } from '../errors.ts';
import { acceptedPayer, serviceCapacity } from '../referral/routing/directory-entries.ts';
import { desiredOf } from './desired.ts';
import { differenceOf } from './difference.ts';
import { readNetworkFile } from './read-network-file.ts';

const read = (text: string) => readNetworkFile(text, 'n.yaml');

function faults(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof HubError) return error.problems.map(problem => problem.text);
    throw error;
  }
  return [];
}

const organization = (more: string) => `organizations:
  - key: a
    name: A
    kinds: [cmhc]
${more}`;

describe('a mistake in the file is told with its line and its place', () => {
  it.each([
    ['an unknown field', 'organisations: []\n', 'n.yaml:1 organisations: is not a field here'],
    [
      'what is missing',
      'organizations:\n  - key: a\n    kinds: [cmhc]\n',
      /^n\.yaml:2 organizations\[0\]\.name: /,
    ],
    [
      'an unknown kind',
      organization('').replace('cmhc', 'clinic of sorts'),
      /^n\.yaml:4 .*kinds\[0\]: must be one of hospital/,
    ],
    [
      'an unknown role',
      organization('    people:\n      - {name: N, email: n@x.example, role: boss}\n'),
      /^n\.yaml:6 organizations\[0\]\.people\[0\]\.role: /,
    ],
    [
      'a role of the network itself',
      organization('    people:\n      - {name: N, email: n@x.example, role: network-administrator}\n'),
      /^n\.yaml:6 organizations\[0\]\.people\[0\]\.role: must be one of/,
    ],
    [
      'an area that is nowhere',
      organization(
        "    services:\n      - key: s\n        name: S\n        types: ['136']\n        areas: [moon]\n",
      ),
      'n.yaml:9 organizations[0].services[0].areas[0]: moon is no key of an area in this file',
    ],
    [
      'a key that is there twice',
      `${organization('')}  - {key: A, name: B, kinds: [cmhc]}\n`,
      'n.yaml:5 organizations[1].key: A is there already',
    ],
    [
      'keys that are missing',
      organization('    clients:\n      - {id: c, name: C, scope: system/*.rs, signsInWith: keys}\n'),
      /^n\.yaml:6 organizations\[0\]\.clients\[0\]\.signsInWith: keys goes with/,
    ],
    ['a time zone', 'network: {timeZone: Texas}\n', /^n\.yaml:1 network\.timeZone: must be a time zone/],
    [
      'the hub’s own key',
      organization('').replace('key: a', 'key: hub'),
      /^n\.yaml:2 organizations\[0\]\.key: hub is/,
    ],
    [
      'a capacity without the day it was said',
      organization(
        "    services:\n      - {key: s, name: S, types: ['136'], capacity: {status: waitlist}}\n",
      ),
      /^n\.yaml:6 organizations\[0\]\.services\[0\]\.capacity\.confirmed: /,
    ],
    ['broken YAML', 'areas: [\n', /^n\.yaml:\d+ /],
    ['a key twice in YAML', 'areas: []\nareas: []\n', /^n\.yaml:2 Map keys must be unique/],
  ])('%s', (_name, text, fault) => {
    expect(faults(text)).toEqual([typeof fault === 'string' ? fault : expect.stringMatching(fault)]);
  });

  it('all at once', () => {
    expect(faults('areas:\n  - {key: x}\norganizations:\n  - {key: y}\n').length).toBeGreaterThan(2);
  });

  it('no secret has a place in it', () => {
    expect(
      faults(
        organization(
          '    clients:\n      - {id: c, name: C, scope: system/*.rs, signsInWith: secret, secret: s}\n',
        ),
      ),
    ).toEqual(['n.yaml:6 organizations[0].clients[0].secret: is not a field here']);
  });
});

describe('the difference', () => {
  const text = organization(`    phone: '1'
    services:
      - {key: s, name: S, types: ['136'], payers: [a]}
`);
  const [desired, service] = desiredOf(read(text), 'hub');
  if (!desired || !service) throw new Error('two resources are wanted');

  it('to nothing is all of it', () => {
    expect(differenceOf(desired, undefined)).toEqual({ kind: 'create', resource: desired.resource });
  });

  it('to what it is already is none, whatever the organization has added', () => {
    const stored = {
      ...desired.resource,
      meta: { versionId: '3' },
      alias: ['Alpha'],
      extension: [{ url: 'urn:other', valueString: 'kept' }],
    } as Organization;
    expect(differenceOf(desired, stored)).toEqual({ kind: 'unchanged' });
  });

  it('names the elements, and keeps the others', () => {
    const stored = { ...desired.resource, name: 'Old', alias: ['Alpha'] } as Organization;
    expect(differenceOf(desired, stored)).toEqual({
      kind: 'change',
      elements: ['name'],
      resource: { ...desired.resource, alias: ['Alpha'] },
    });
  });

  it('takes the capacity from the file where it has one, and else leaves what the organization has said', () => {
    const told = serviceCapacity({ status: 'waitlist', confirmed: '2026-03-01', waitDays: 20 });
    const wanted = (capacity: string) =>
      desiredOf(read(text.replace('payers: [a]', `payers: [a]${capacity}`)), 'hub')[1];
    const stored = (extension: Extension[]) =>
      ({
        ...service.resource,
        extension: [acceptedPayer({ reference: 'Organization/a' }), ...extension],
      }) as HealthcareService;
    const given = wanted(', capacity: {status: capacity, confirmed: 2026-04-01, slots: 2}');
    if (!given) throw new Error('a service is wanted');
    const difference = differenceOf(given, stored([told]));
    const after = difference.kind === 'change' ? (difference.resource as HealthcareService).extension : [];
    expect(after).toContainEqual(serviceCapacity({ status: 'capacity', confirmed: '2026-04-01', slots: 2 }));
    expect(after).not.toContainEqual(told);
    expect(differenceOf(service, stored([told]))).toEqual({ kind: 'unchanged' });
  });

  it('replaces the extensions that the file decides, and no others', () => {
    const other = { url: 'urn:other', valueString: 'kept' };
    const stored = {
      ...service.resource,
      extension: [acceptedPayer({ reference: 'Organization/z' }), other],
    } as HealthcareService;
    const difference = differenceOf(service, stored);
    expect(difference.kind === 'change' && difference.elements).toEqual(['extension']);
    expect(difference.kind === 'change' && (difference.resource as HealthcareService).extension).toEqual([
      other,
      acceptedPayer({ reference: 'Organization/a' }),
    ]);
    const same = {
      ...service.resource,
      extension: [other, ...((service.resource as HealthcareService).extension ?? [])],
    };
    expect(differenceOf(service, same as HealthcareService)).toEqual({ kind: 'unchanged' });
  });
});
