import type { HealthcareService, Resource, ServiceRequest } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { checkPacket } from './check.ts';
import { needsOf } from './needs.ts';
import { type Matcher, packetExtension, packetRules, packetSystem } from './rules.ts';
import { sectionsOf } from './sections.ts';

const now = new Date('2026-03-02T12:00:00Z');
const patient = 'Patient/p';

const asking = (code: string): HealthcareService => ({
  resourceType: 'HealthcareService',
  extension: [
    {
      url: packetExtension.need,
      extension: [{ url: 'item', valueCodeableConcept: { coding: [{ system: packetSystem.item, code }] } }],
    },
  ],
});
const status = (item: string, attached: object): string | undefined =>
  checkPacket(needsOf([asking(item)]), { patient, attached: [attached as Resource], now })[0]?.status;

/** The least that a matcher asks for, with one of its codes. */
function least({ type, elements = [], questionnaires }: Matcher, token?: string): Record<string, unknown> {
  const [system, code] = token?.split('|') ?? [];
  const about = type === 'Patient' ? { id: 'p' } : { id: 'x', subject: { reference: patient } };
  const values = elements.map(group => [group.split('|')[0] ?? '', ['there']]);
  return {
    resourceType: type,
    ...about,
    ...Object.fromEntries(values),
    ...(token ? { type: { coding: [{ system, code: code || 'any' }] } } : {}),
    ...(questionnaires ? { questionnaire: `https://example.org/Questionnaire/${questionnaires[0]}|2` } : {}),
  };
}

const ways = Object.entries(packetRules.items).flatMap(([item, { is }]) =>
  is.flatMap(matcher =>
    (matcher.codes ?? [undefined]).map(token => [item, matcher.type, token ?? '', matcher] as const),
  ),
);

describe.each(ways)('%s as %s %s', (item, type, token, matcher) => {
  const good = least(matcher, token || undefined);
  /** The request and the person are what they are, whatever their status. */
  const itself = type === 'ServiceRequest' || type === 'Patient';

  it('counts', () => expect(status(item, good)).toBe('attached'));

  it('is of that type', () => {
    expect(status(item, { ...good, resourceType: 'Basic' })).toBe('missing');
  });

  it('is of this person', () => {
    const other =
      type === 'Patient' ? { ...good, id: 'q' } : { ...good, subject: { reference: 'Patient/q' } };
    expect(status(item, other)).toBe('missing');
  });

  if (token !== '')
    it('has that code', () => {
      expect(status(item, { ...good, type: { coding: [{ system: 'urn:other', code: 'other' }] } })).toBe(
        'missing',
      );
    });

  it.each([...(matcher.elements ?? [])])('has %s', group => {
    const [first = '', second] = group.split('|');
    const { [first]: _, ...without } = good;
    expect(status(item, without)).toBe('missing');
    expect(status(item, { ...good, [first]: [] })).toBe('missing');
    if (second) expect(status(item, { ...without, [second]: ['there'] })).toBe('attached');
  });

  if (matcher.questionnaires !== undefined)
    it('answers one of those questionnaires', () => {
      expect(status(item, { ...good, questionnaire: 'https://example.org/Questionnaire/other' })).toBe(
        'missing',
      );
    });

  if (!itself)
    it('was ever true', () => {
      for (const never of packetRules.notTrue)
        expect(status(item, { ...good, status: never }), never).toBe('missing');
      for (const verification of ['refuted', 'entered-in-error']) {
        const refuted = { ...good, verificationStatus: { coding: [{ code: verification }] } };
        expect(status(item, refuted)).toBe('missing');
      }
      expect(status(item, { ...good, status: 'active' })).toBe('attached');
    });
});

describe('sections', () => {
  const request: ServiceRequest = {
    resourceType: 'ServiceRequest',
    id: 'r',
    status: 'active',
    intent: 'order',
    subject: { reference: patient },
  };
  const sectionOf = (resource: object): string | undefined =>
    sectionsOf([resource as Resource], request).find(({ entry }) => entry?.length)?.title;

  it.each(packetRules.sections.map(({ title, types = [], items = [] }) => [title, types, items] as const))(
    '%s: everything that belongs there, and nothing that belongs elsewhere',
    (title, types, items) => {
      for (const type of types) expect(sectionOf({ resourceType: type, id: 'x' })).toBe(title);
      const own = ways.filter(([item]) => items.includes(item));
      for (const [, , token, matcher] of own) {
        const place = sectionOf(least(matcher, token || undefined));
        // What counts as two things stands in the first section that fits.
        const first = packetRules.sections.find(
          section =>
            section.types?.includes(matcher.type) ||
            section.items?.some(item => status(item, least(matcher, token || undefined)) === 'attached'),
        );
        expect(place).toBe(first?.title);
      }
    },
  );

  it('puts what nobody knows among the further documents', () => {
    expect(sectionOf({ resourceType: 'Basic', id: 'x' })).toBe(packetRules.sections.at(-1)?.title);
  });
});
