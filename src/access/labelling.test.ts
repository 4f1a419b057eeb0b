import type { Condition, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import rules from '../../terminology/label-rules.json' with { type: 'json' };
import { labelsOfCodes } from './label-rules.ts';
import { labelled, lowered } from './labelling.ts';
import { labelMask, labelsIn, restrictedLabels } from './labels.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const icd = 'http://hl7.org/fhir/sid/icd-10-cm';
const coded = (system: string, code: string): Condition => ({
  resourceType: 'Condition',
  subject: { reference: 'Patient/p' },
  code: { coding: [{ system, code }] },
});
const security = (resource: Resource) => (resource.meta?.security ?? []).map(({ code }) => code);

describe('labels by codes', () => {
  it.each([
    [icd, 'F11.20', ['SUD']],
    [icd, 'F11', ['SUD']],
    [icd, 'F10.10', ['ETHUD']],
    [icd, 'F17.210', []],
    [icd, 'F1', []],
    [icd, 'F20.0', []],
    [icd, 'B20', ['HIV']],
    [icd, 'Z69.11', ['SDV']],
    [icd, 'Z91.410', ['SDV']],
    ['http://snomed.info/sct', '55680006', ['SUD']],
    ['http://snomed.info/sct', '556800061', []],
    ['http://loinc.org', '82667-7', ['SUD']],
    ['http://loinc.org', '44249-1', []],
    ['urn:other', 'F11.20', []],
    [actCode, 'SUD', ['SUD']],
    ['https://warmhandoff.example/fhir/CodeSystem/document-type', 'psychotherapy-notes', ['PSYTHPN']],
  ])('%s|%s: %j', (system, code, labels) => {
    expect(labelsIn(labelsOfCodes(coded(system, code)))).toEqual(labels);
  });

  it.each<[string, Resource, string[]]>([
    [
      'a reason',
      {
        resourceType: 'Task',
        status: 'requested',
        intent: 'order',
        reasonCode: { coding: [{ system: icd, code: 'F14.1' }] },
      },
      ['SUD'],
    ],
    [
      'an answer',
      {
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        item: [{ linkId: '1', answer: [{ valueCoding: { system: icd, code: 'F10.2' } }] }],
      },
      ['ETHUD'],
    ],
    ['a contained resource', { ...coded('urn:x', 'y'), contained: [coded(icd, 'B20')] }, ['HIV']],
    [
      'two codes',
      { ...coded(icd, 'F11.1'), category: [{ coding: [{ system: icd, code: 'B20' }] }] },
      ['SUD', 'HIV'],
    ],
    [
      'what a consent is about',
      {
        resourceType: 'Consent',
        status: 'active',
        scope: {},
        category: [{}],
        provision: { provision: [{ type: 'permit', securityLabel: [{ system: actCode, code: 'ETH' }] }] },
      },
      ['ETH'],
    ],
    [
      'a service that anybody may look up',
      {
        resourceType: 'HealthcareService',
        type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '105' }] }],
      },
      [],
    ],
    [
      'the person',
      { resourceType: 'Patient', extension: [{ url: 'urn:x', valueCoding: { system: icd, code: 'F11' } }] },
      [],
    ],
  ])('in %s: %o', (_name, resource, labels) => {
    expect(labelsIn(labelsOfCodes(resource))).toEqual(labels);
  });

  it('has a rule for each label that codes can tell', () => {
    expect(Object.keys(rules.labels).sort()).toEqual(
      Object.keys(restrictedLabels)
        .filter(label => label !== 'ETH')
        .sort(),
    );
  });
});

describe('labels on write', () => {
  const opioid = coded(icd, 'F11.20');
  it('are added, with what forbids to pass on substance use', () => {
    const written = labelled(opioid, undefined);
    expect(written.meta?.security).toEqual([
      { system: actCode, code: 'SUD' },
      { system: actCode, code: 'NORDSCLCD', display: 'no redisclosure without consent directive' },
    ]);
    expect(labelled(written, written)).toBe(written);
    expect(security(labelled(coded(icd, 'B20'), undefined))).toEqual(['HIV']);
  });

  it('leave alone what has none', () => {
    const plain = coded(icd, 'F20.0');
    expect(labelled(plain, undefined)).toBe(plain);
  });

  it('stay when a writer leaves them out, given by codes or by hand', () => {
    const byHand = labelled({ ...coded(icd, 'F20.0'), meta: { security: [{ code: 'HIV' }] } }, undefined);
    expect(security(labelled(coded(icd, 'F20.0'), byHand))).toEqual(['HIV']);
    expect(security(labelled(coded(icd, 'F20.0'), labelled(opioid, undefined)))).toContain('SUD');
  });

  const lowering = {
    labels: ['SUD'],
    reason: 'Coded in error',
    organization: 'hospital',
    at: new Date(0),
  } as const;
  it('are lowered for good, with the reason, and raised again by hand', () => {
    const down = lowered(labelled(opioid, undefined), lowering);
    expect(labelMask(down)).toBe(0);
    expect(JSON.stringify(down.meta?.extension)).toContain('Coded in error');
    const again = labelled({ ...opioid, note: [{ text: 'x' }] }, down);
    expect(labelMask(again)).toBe(0);
    expect(again.meta?.extension).toEqual(down.meta?.extension);
    const raised = labelled({ ...opioid, meta: { security: [{ system: actCode, code: 'SUD' }] } }, again);
    expect(labelsIn(labelMask(raised))).toEqual(['SUD']);
    expect(labelsIn(labelMask(labelled(opioid, raised)))).toEqual(['SUD']);
  });

  it('are not lowered by who writes the note of a lowering itself', () => {
    const forged = { ...opioid, meta: lowered(opioid, lowering).meta };
    const written = labelled(forged as Condition, undefined);
    expect(security(written)).toContain('SUD');
    expect(written.meta?.extension).toBeUndefined();
  });
});
