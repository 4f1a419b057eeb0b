import type {
  CodeableConcept,
  Extension,
  HealthcareService,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { expect, it, describe as suite } from 'vitest';
import { attachedTo, servicesMeant } from './attached.ts';
import { checkPacket, isComplete } from './check.ts';
import { describe } from './describe.ts';
import { gapExtension, gapsAtSending, gapsOf, refusalsOf, settledGaps } from './gaps.ts';
import { narrative } from './narrative.ts';
import { needsOf } from './needs.ts';
import { packetExtension, packetRules, packetSystem } from './rules.ts';

/** Any UTF-16 at all, also half characters. Markup comes up often. */
const anyText = fc
  .array(
    fc.oneof(fc.constantFrom('<', '>', '&', '"', ']]>', '<b>', '\0'), fc.integer({ min: 0, max: 0xffff })),
    { maxLength: 30 },
  )
  .map(units => units.map(one => (typeof one === 'string' ? one : String.fromCharCode(one))).join(''));

const now = new Date('2026-03-02T12:00:00Z');
const patient = 'Patient/p';
const about = { subject: { reference: patient } };
const loinc = (code: string): CodeableConcept => ({ coding: [{ system: 'http://loinc.org', code }] });
const resource = (content: object): Resource => content as Resource;
const item = (code: string): CodeableConcept => ({ coding: [{ system: packetSystem.item, code }] });

const need = (more: Extension[]): Extension => ({ url: packetExtension.need, extension: more });
const itemNeed = (code: string, ...more: Extension[]) =>
  need([{ url: 'item', valueCodeableConcept: item(code) }, ...more]);
const strength = (code: string): Extension => ({ url: 'strength', valueCode: code });
const service = (...extension: Extension[]): HealthcareService => ({
  resourceType: 'HealthcareService',
  extension,
});

const request: ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'r',
  status: 'active',
  intent: 'order',
  subject: { reference: patient },
};
const condition = resource({ resourceType: 'Condition', id: 'c', ...about });
const document = (code: string, more: object = {}) =>
  resource({
    resourceType: 'DocumentReference',
    id: 'd',
    status: 'current',
    type: loinc(code),
    ...about,
    ...more,
  });

/** Of each item: what is it, and what looks like it but is not. Missing is the same for all. */
const cases: Record<string, { good: Resource[]; bad: Resource[] }> = {
  reason: {
    good: [
      resource({ ...request, reasonCode: [{ text: 'r' }] }),
      resource({ ...request, reasonReference: [{}] }),
    ],
    bad: [request, resource({ ...request, reasonCode: [] })],
  },
  demographics: {
    good: [
      resource({ resourceType: 'Patient', id: 'p', name: [{}], birthDate: '1990-01-01', telecom: [{}] }),
      resource({ resourceType: 'Patient', id: 'p', name: [{}], birthDate: '1990-01-01', address: [{}] }),
    ],
    bad: [
      resource({ resourceType: 'Patient', id: 'p', name: [{}], birthDate: '1990-01-01' }),
      resource({ resourceType: 'Patient', id: 'q', name: [{}], birthDate: '1990-01-01', telecom: [{}] }),
    ],
  },
  coverage: {
    good: [resource({ resourceType: 'Coverage', status: 'active', beneficiary: { reference: patient } })],
    bad: [resource({ resourceType: 'Coverage', status: 'cancelled', beneficiary: { reference: patient } })],
  },
  problems: {
    good: [condition],
    bad: [
      resource({ ...condition, verificationStatus: { coding: [{ code: 'refuted' }] } }),
      resource({ ...condition, verificationStatus: { coding: [{ code: 'entered-in-error' }] } }),
      resource({ ...condition, subject: { reference: 'Patient/other' } }),
    ],
  },
  medications: {
    good: [
      resource({ resourceType: 'MedicationStatement', status: 'active', ...about }),
      resource({ resourceType: 'MedicationRequest', status: 'active', ...about }),
      resource({ resourceType: 'List', status: 'current', code: loinc('10160-0'), ...about }),
    ],
    bad: [
      resource({ resourceType: 'MedicationStatement', status: 'entered-in-error', ...about }),
      resource({ resourceType: 'List', status: 'current', code: loinc('48765-2'), ...about }),
    ],
  },
  allergies: {
    good: [
      resource({ resourceType: 'AllergyIntolerance', patient: { reference: patient } }),
      resource({ resourceType: 'List', status: 'current', code: loinc('48765-2'), ...about }),
    ],
    bad: [resource({ resourceType: 'AllergyIntolerance', patient: { reference: 'Patient/other' } })],
  },
  risk: {
    good: [
      resource({ resourceType: 'RiskAssessment', status: 'final', ...about }),
      resource({ resourceType: 'Observation', status: 'final', code: loinc('93374-7'), ...about }),
      resource({
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        questionnaire: 'https://warmhandoff.example/fhir/Questionnaire/c-ssrs|1.0.0',
        ...about,
      }),
    ],
    bad: [
      resource({ resourceType: 'Observation', status: 'final', code: loinc('44261-6'), ...about }),
      resource({ resourceType: 'Observation', status: 'cancelled', code: loinc('93374-7'), ...about }),
      resource({
        resourceType: 'QuestionnaireResponse',
        status: 'in-progress',
        questionnaire: 'https://warmhandoff.example/fhir/Questionnaire/c-ssrs',
        ...about,
      }),
    ],
  },
  'psychiatric-advance-directive': {
    good: [document('104144-1'), document('81335-2')],
    bad: [document('18842-5'), document('104144-1', { status: 'superseded' })],
  },
  assessments: {
    good: [
      resource({ resourceType: 'QuestionnaireResponse', status: 'completed', ...about }),
      document('51848-0'),
    ],
    bad: [resource({ resourceType: 'QuestionnaireResponse', status: 'in-progress', ...about })],
  },
  'discharge-summary': {
    good: [document('18842-5'), document('78263-1')],
    bad: [document('51848-0'), document('18842-5', { status: 'entered-in-error' })],
  },
  consent: {
    good: [resource({ resourceType: 'Consent', status: 'active', patient: { reference: patient } })],
    bad: [
      resource({ resourceType: 'Consent', status: 'rejected', patient: { reference: patient } }),
      resource({ resourceType: 'Consent', status: 'active', patient: { reference: 'Patient/other' } }),
    ],
  },
  'medical-necessity': {
    good: [resource({ ...request, reasonReference: [{ reference: 'Condition/c' }] })],
    bad: [resource({ ...request, reasonCode: [{ text: 'because' }] })],
  },
};

const status = (needs: HealthcareService, attached: Resource[], held: Resource[] = []) =>
  checkPacket(needsOf([needs]), { patient, attached, held, now }).map(one => one.status);

suite('what counts as an item', () => {
  it('has cases for all of them', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(packetRules.items).sort());
  });

  it.each(Object.entries(cases))('%s: good, bad and missing', (code, { good, bad }) => {
    const asking = service(itemNeed(code));
    for (const one of good) expect(status(asking, [one]), JSON.stringify(one)).toEqual(['attached']);
    for (const one of bad) expect(status(asking, [one]), JSON.stringify(one)).toEqual(['missing']);
    expect(status(asking, [])).toEqual(['missing']);
    expect(status(asking, [], good)).toEqual(['held']);
  });
});

suite('what a service needs', () => {
  it('is a code of any system, or an answered Questionnaire', () => {
    const letter = need([{ url: 'item', valueCodeableConcept: loinc('51851-4') }]);
    expect(status(service(letter), [document('51851-4')])).toEqual(['attached']);
    expect(status(service(letter), [document('51852-2')])).toEqual(['missing']);
    const form = need([{ url: 'questionnaire', valueCanonical: 'urn:form|2' }]);
    const answered = (questionnaire: string) =>
      resource({ resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire, ...about });
    expect(status(service(form), [answered('urn:form|1')])).toEqual(['attached']);
    expect(status(service(form), [answered('urn:another')])).toEqual(['missing']);
  });

  it.each([
    ['2026-03-01', 'attached'],
    ['2026-01-01', 'missing'],
    [undefined, 'missing'],
  ])('may be too old: %s is %s', (date, expected) => {
    const fresh = itemNeed('discharge-summary', { url: 'within-days', valuePositiveInt: 30 });
    expect(status(service(fresh), [document('18842-5', date ? { date } : {})])).toEqual([expected]);
  });

  it('is what several of them need, as strictly as the strictest', () => {
    const within = (days: number): Extension => ({ url: 'within-days', valuePositiveInt: days });
    const needs = needsOf([
      service(itemNeed('risk', strength('welcome'), within(7)), itemNeed('reason')),
      service(itemNeed('risk', strength('required'), within(30))),
      service({ url: 'urn:other' }, need([])),
    ]);
    expect(needs.map(one => [one.key.split('|')[1], one.strength, one.withinDays])).toEqual([
      ['risk', 'required', 7],
      ['reason', 'required', undefined],
    ]);
  });

  it('is that of the services of who is asked that offer what is wanted', () => {
    const offering = (code: string, active?: boolean): HealthcareService => ({
      ...service(),
      ...(active === undefined ? {} : { active }),
      type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code }] }],
    });
    const wanted = { ...request, code: offering('136').type?.[0] ?? {} };
    const [right, closed, other] = [offering('136'), offering('136', false), offering('548')];
    expect(servicesMeant(wanted, [right, closed, other])).toEqual([right]);
  });
});

suite('sending without', () => {
  const checked = (...needs: Extension[]) =>
    checkPacket(needsOf([service(...needs)]), { patient, attached: [], now });
  const reasoned = (code: string, reason: CodeableConcept) =>
    gapsOf({ extension: [gapExtension({ item: item(code) }, reason)] });
  const coded = { coding: [{ system: packetSystem.gapReason, code: 'to-follow' }] };

  it.each([
    ['required, with a reason', 'required', { ...coded, text: 'later' }, 1],
    ['expected, with a reason', 'expected', { ...coded, text: 'later' }, 0],
    ['expected, with a code alone', 'expected', coded, 1],
    ['expected, with words alone', 'expected', { text: 'later' }, 1],
    ['expected, with blank words', 'expected', { ...coded, text: ' ' }, 1],
    ['expected, without', 'expected', undefined, 1],
    ['welcome, without', 'welcome', undefined, 0],
  ])('%s', (_, how, reason, refusals) => {
    const given = reason ? reasoned('risk', reason) : [];
    const sending = { checked: checked(itemNeed('risk', strength(how))), given };
    expect(refusalsOf(sending)).toHaveLength(refusals);
  });

  it('keeps no reason for what is not missing, and marks what is added later, once', () => {
    const given = reasoned('risk', { ...coded, text: 'later' }).concat(reasoned('coverage', coded));
    const extension = gapsAtSending({ checked: checked(itemNeed('risk')), given });
    expect(gapsOf({ extension }).map(({ key }) => key)).toEqual([`${packetSystem.item}|risk`]);
    const material = { patient, attached: cases.risk?.good ?? [], now };
    const settled = settledGaps(gapsOf({ extension }), material);
    expect(gapsOf({ extension: settled })[0]?.supplied).toBe(now.toISOString());
    const later = { ...material, now: new Date('2027-01-01T00:00:00Z') };
    expect(settledGaps(gapsOf({ extension: settled }), later)).toEqual(settled);
    expect(settledGaps(gapsOf({ extension }), { ...material, attached: [] })).toEqual(extension);
  });

  it('is complete where nothing but what is welcome is missing', () => {
    expect(isComplete(checked(itemNeed('risk', strength('welcome'))))).toBe(true);
    expect(isComplete(checked(itemNeed('risk')))).toBe(false);
  });
});

suite('a packet in words', () => {
  it('names what goes with it once, and nothing of the directory', () => {
    const named = attachedTo(
      {
        ...request,
        reasonReference: [{ reference: 'Condition/c' }],
        supportingInfo: [
          { reference: 'Condition/c/_history/2' },
          { reference: 'Organization/o' },
          { display: 'x' },
        ],
        insurance: [{ reference: 'Coverage/i' }],
      },
      [
        {
          input: [
            { type: {}, valueReference: { reference: 'Observation/o' } },
            { type: {}, valueString: 's' },
          ],
        },
      ],
    );
    expect(named).toEqual(['ServiceRequest/r', patient, 'Condition/c', 'Coverage/i', 'Observation/o']);
  });

  it.each<[object, string[]]>([
    [
      {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'PHQ-9' },
        valueQuantity: { value: 12, unit: 'points' },
        effectiveDateTime: '2026-03-01',
      },
      ['Value: 12 points', 'Date: 2026-03-01'],
    ],
    [
      {
        resourceType: 'Patient',
        name: [{ given: ['Robin'], family: 'Alder' }],
        address: [{ line: ['1 Elm'], city: 'Austin', state: 'TX', postalCode: '78701' }],
        telecom: [{ system: 'phone', value: '555' }],
        communication: [{ language: { text: 'Vietnamese' }, preferred: true }],
      },
      ['Address: 1 Elm, Austin, TX 78701', 'Reached at: 555', 'Language: Vietnamese (preferred)'],
    ],
    [
      {
        resourceType: 'QuestionnaireResponse',
        item: [{ linkId: '1', text: 'Sleep?', answer: [{ valueCoding: { display: 'Badly' } }] }],
      },
      ['Answers: Sleep?: Badly'],
    ],
    [
      {
        resourceType: 'DocumentReference',
        content: [{ attachment: { contentType: 'application/pdf', title: 'Summary' } }],
      },
      ['Document: Summary (application/pdf)'],
    ],
    [
      {
        resourceType: 'Encounter',
        status: 'finished',
        period: { start: '2026-02-20T15:00:00Z', end: '2026-03-01' },
      },
      ['Status: finished', 'Period: 2026-02-20T15:00:00Z to 2026-03-01'],
    ],
    [
      {
        resourceType: 'MedicationRequest',
        medicationCodeableConcept: { text: 'Lithium' },
        dosageInstruction: [
          {
            sequence: 1,
            timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } },
            asNeededBoolean: true,
            doseAndRate: [{ doseQuantity: { value: 300, unit: 'mg' } }],
          },
          { timing: { repeat: { frequency: 1, frequencyMax: 2, period: 8, periodUnit: 'h' } } },
          { timing: { repeat: { dayOfWeek: ['mon', 'thu'], timeOfDay: ['08:00:00'] } } },
          { text: 'One at night' },
        ],
      },
      [
        'Dosage: 2 times in 1 day: 300 mg: as needed; 1 to 2 times in 8 hours; on mon, thu at 08:00:00; One at night',
      ],
    ],
    [
      {
        resourceType: 'Composition',
        title: 'Discharge summary',
        section: [
          {
            title: 'Course',
            text: {
              status: 'additional',
              div: '<div><p>Sleeps &amp; eats &#x2265; 2 meals.</p>&#9999999;</div>',
            },
          },
        ],
      },
      ['Content: Course: Sleeps & eats ≥ 2 meals. &#9999999;'],
    ],
    [
      {
        resourceType: 'Observation',
        code: { text: 'Drinks' },
        dataAbsentReason: { text: 'asked, declined' },
      },
      ['Not known: asked, declined'],
    ],
    [
      {
        resourceType: 'QuestionnaireResponse',
        questionnaire: 'https://hub.example/Questionnaire/phq-9|1.0.0',
        item: [],
      },
      ['Questionnaire: phq-9'],
    ],
    [
      {
        resourceType: 'Binary',
        contentType: 'text/plain',
        data: Buffer.from('As it was').toString('base64'),
      },
      ['Document: As it was'],
    ],
  ])('%j', (content, lines) => {
    expect(describe(resource(content)).lines.map(({ label, text }) => `${label}: ${text}`)).toEqual(lines);
  });

  it('is never markup, whatever it says', () => {
    fc.assert(
      fc.property(anyText, text => {
        const { div = '' } = narrative([text, { title: text, lines: [{ label: text, text }] }]);
        const inner = div.replace(/<\/?(?:div|p|b|ul|li)(?: [^>]*)?>/g, '');
        expect(inner).not.toMatch(/[<>"]/);
        expect(inner).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
      }),
    );
  });
});
