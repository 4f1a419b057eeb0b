import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import * as make from './resources.ts';

/** Writes transaction Bundles of a fictional person each, shaped like Synthea's; gives back how many entries. */
export async function writeBundles(folder: string, people: number): Promise<number> {
  await mkdir(folder, { recursive: true });
  let entries = 0;
  for (let person = 0; person < people; person++) {
    const bundle = bundleOf(person);
    entries += bundle.entry?.length ?? 0;
    await writeFile(join(folder, `person-${String(person).padStart(5, '0')}.json`), JSON.stringify(bundle));
  }
  return entries;
}

/** About 150 entries in Synthea's proportions: for each visit a claim and its answer, and half of all observations. */
function bundleOf(person: number): Bundle {
  const entry: BundleEntry[] = [];
  const add = (resource: Resource): string => {
    const id = uuid(person, entry.length);
    entry.push({
      fullUrl: `urn:uuid:${id}`,
      resource: { ...resource, id },
      request: { method: 'POST', url: resource.resourceType },
    });
    return `urn:uuid:${id}`;
  };
  const subject = add(make.patient(person));
  const organization = add({ resourceType: 'Organization', active: true, name: `Clinic ${person % 40}` });
  const practitioner = add({
    resourceType: 'Practitioner',
    active: true,
    name: [{ family: 'Rowan', given: ['Alex'] }],
  });
  for (let visit = 0; visit < 17; visit++) {
    const n = person + visit * 40;
    const encounter = add({
      ...make.encounter(n, subject),
      participant: [{ individual: { reference: practitioner } }],
      serviceProvider: { reference: organization },
    });
    const observed = [0, 1, 2, 3].map(at => add(make.observation(n + at, subject, encounter)));
    if (visit % 3 === 0) add(make.condition(n, subject, encounter));
    if (visit % 5 === 0) add(make.carePlan(n, subject));
    if (visit % 4 === 0) add(report(n, subject, encounter, observed));
    add(immunization(n, subject, encounter));
    const claim = add(claimOf(n, subject, encounter, organization));
    add(benefitOf(n, subject, encounter, practitioner, claim));
  }
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

function uuid(person: number, at: number): string {
  const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');
  return `${hex(person, 8)}-0000-4000-8000-${hex(at, 12)}`;
}

const code = (system: string, value: string, text: string) => ({
  coding: [{ system, code: value, display: text }],
  text,
});
const visitCode = code('http://snomed.info/sct', '185345009', 'Encounter for symptom');

function report(n: number, subject: string, encounter: string, result: readonly string[]): Resource {
  return {
    resourceType: 'DiagnosticReport',
    status: 'final',
    code: code('http://loinc.org', '51990-0', 'Basic Metabolic Panel'),
    subject: { reference: subject },
    encounter: { reference: encounter },
    effectiveDateTime: make.moment(n),
    issued: make.moment(n),
    result: result.map(reference => ({ reference })),
  };
}

function immunization(n: number, subject: string, encounter: string): Resource {
  return {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: code(
      'http://hl7.org/fhir/sid/cvx',
      '140',
      'Influenza, seasonal, injectable, preservative free',
    ),
    patient: { reference: subject },
    encounter: { reference: encounter },
    occurrenceDateTime: make.moment(n),
    primarySource: true,
  };
}

const claimType = code('http://terminology.hl7.org/CodeSystem/claim-type', 'institutional', 'Institutional');

function claimOf(n: number, patient: string, encounter: string, provider: string): Resource {
  return {
    resourceType: 'Claim',
    status: 'active',
    type: claimType,
    use: 'claim',
    patient: { reference: patient },
    billablePeriod: { start: make.moment(n), end: make.moment(n + 1) },
    created: make.moment(n),
    provider: { reference: provider },
    priority: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/processpriority', code: 'normal' }],
    },
    insurance: [{ sequence: 1, focal: true, coverage: { display: 'private' } }],
    item: [{ sequence: 1, productOrService: visitCode, encounter: [{ reference: encounter }] }],
    total: { value: 125, currency: 'USD' },
  };
}

function benefitOf(n: number, patient: string, encounter: string, provider: string, claim: string): Resource {
  const amount = (value: number) => ({ value, currency: 'USD' }) as const;
  return {
    resourceType: 'ExplanationOfBenefit',
    contained: [
      {
        resourceType: 'ServiceRequest',
        id: 'referral',
        status: 'completed',
        intent: 'order',
        subject: { reference: patient },
        requester: { reference: provider },
      },
      {
        resourceType: 'Coverage',
        id: 'coverage',
        status: 'active',
        beneficiary: { reference: patient },
        payor: [{ display: 'private' }],
      },
    ],
    identifier: [{ system: 'urn:example:claim', value: `C-${n}` }],
    status: 'active',
    type: claimType,
    use: 'claim',
    patient: { reference: patient },
    billablePeriod: { start: make.moment(n), end: make.moment(n + 1) },
    created: make.moment(n),
    insurer: { display: 'private' },
    provider: { reference: provider },
    referral: { reference: '#referral' },
    claim: { reference: claim },
    outcome: 'complete',
    careTeam: [{ sequence: 1, provider: { reference: provider } }],
    insurance: [{ focal: true, coverage: { reference: '#coverage', display: 'private' } }],
    item: [
      {
        sequence: 1,
        category: code('urn:example:service-category', '1', 'Medical care'),
        productOrService: visitCode,
        servicedPeriod: { start: make.moment(n), end: make.moment(n + 1) },
        encounter: [{ reference: encounter }],
        adjudication: [{ category: code('urn:example:adjudication', 'paid', 'Paid'), amount: amount(100) }],
      },
    ],
    total: [
      {
        category: code('http://terminology.hl7.org/CodeSystem/adjudication', 'submitted', 'Submitted Amount'),
        amount: amount(125),
      },
    ],
    payment: { amount: amount(100) },
  };
}
