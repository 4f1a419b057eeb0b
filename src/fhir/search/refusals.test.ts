import { describe, expect, it } from 'vitest';
import { HubError } from '../../errors.ts';
import { readSmall } from './small-definitions.ts';

describe('refusals', () => {
  const cases: Record<string, string> = {
    'Patient?color=red': 'color: Patient has no search parameter "color"; it has _id, _lastUpdated,',
    'Nothing?a=b': '_type: "Nothing" is no resource type of FHIR R4',
    'Patient?name=': 'name: a value is empty',
    'Patient?gender=a,,b': 'gender: a value is empty',
    'Patient?gender=|': 'gender: expected code, system|code, |code or system|',
    'Patient?gender:in=x': 'gender:in: the hub does not know all codes of this value set',
    'Patient?gender:exact=x':
      'the modifier :exact is not supported; a token parameter takes :above, :below, :in, :missing, :not, :not-in,',
    'Patient?gender:below=a': 'gender:below: expected system|code',
    'Patient?gender:above=urn:unknown|a': 'gender:above: the hub does not know the hierarchy',
    'Patient?gender:of-type=a|b|c': 'gender:of-type: gender is no identifier',
    'Patient?name:not=x': 'a string parameter takes :contains, :exact or :missing',
    'Patient?name=%20%CC%81': 'name: a text of at least one letter is expected',
    'Patient?birthdate=yesterday': 'birthdate: expected a date such as 2026, 2026-03',
    'Patient?birthdate=2026-02-30': 'birthdate: expected a date',
    'Patient?birthdate:exact=2026': 'a date parameter takes :missing',
    'Patient?birthdate:missing=maybe': 'birthdate:missing: expected true or false',
    'Patient?_id=a/b': '_id: an id has 1 to 64 letters, digits, - and .',
    'Patient?_id:not=a': '_id:not: _id takes no modifier',
    'Patient?_text=,;': '_text: expected words, such as',
    'Patient?_content=-a': '_content: expected words, such as',
    'Patient?_text:exact=a': '_text:exact: _text takes no modifier',
    'Patient?_list=a': '_list: _list is not supported',
    'Patient?name=a%00': 'name: the character U+0000 is not text',
    'RiskAssessment?probability=much': 'probability: expected a number such as 5, le5.40 or 1e-3',
    'Observation?value-quantity=5|mg': 'value-quantity: expected number, number|system|code or number||code',
    'Observation?code-value-quantity=a': 'code-value-quantity: expected code$value-quantity',
    'Observation?code-value-quantity=a$b': 'the value of its part value-quantity is no quantity',
    'Location?near=91|2': 'near: expected latitude|longitude|distance|units',
    'Location?near=1|2|3|furlongs': 'near: expected latitude|longitude|distance|units',
    'ServiceRequest?patient=Foo/1': 'patient: "Foo" is no resource type of FHIR R4',
    'ServiceRequest?patient=a%20b': 'patient: expected Type/id, an id or an absolute URL',
    'ServiceRequest?patient=https://hub.example/fhir/Patient/1/_history/2': 'expected Type/id, an id',
    'ServiceRequest?subject:Patient=Group/1': ':Patient and Group/… contradict each other',
    'ServiceRequest?subject:Practitioner=1':
      'the modifier :Practitioner is not supported; a reference parameter takes',
    'Task?focus=1': 'focus: write Type/id: focus may refer to',
    'ServiceRequest?subject:Practitioner.name=a':
      'subject does not refer to Practitioner but to Device, Group,',
    'ServiceRequest?subject.color=a': 'search parameter "color" is not there',
    'ServiceRequest?authored.name=a':
      'ServiceRequest.authored is no reference; the references of ServiceRequest are',
    'Organization?partof.partof.partof.partof.partof.partof.partof.partof.partof.name=a': 'more than 8 links',
    'Patient?_has:Observation=a': 'expected _has:Type:reference:parameter',
    'Patient?_has:Nothing:patient:code=a': '"Nothing" is no resource type',
    'Patient?_has:Patient:organization:name=a':
      'Patient.organization does not refer to Patient but to Organization',
    'Patient?_count=many': '_count: expected a number from 0 to 1000',
    'Patient?_count=1&_count=2': '_count: given more than once',
    'Patient?_total=some': '_total: expected accurate, estimate or none',
    'Patient?_summary=short': '_summary: expected count, data, false, text or true',
    'Patient?_elements=a..b': '_elements: expected names of top-level elements',
    'Patient?_type=Group': '_type: a search of Patient has no such parameter',
    'Patient?_sort=color': '_sort: Patient has no search parameter "color"',
    'Location?_sort=near': '_sort: values of near have no order',
    '?_type=Patient,Group&_sort=identifier': 'a search over several types sorts by _id or _lastUpdated',
    'Patient?_include=Patient': '_include: expected Type:reference',
    'Patient?_include=Patient:name': 'Patient.name is no reference; the references of Patient are',
    'Patient?_include=Task:owner': 'the search is for Patient, not Task; use _include:iterate',
    'Patient?_include:some=Patient:organization':
      'the modifier :some is not supported; _include takes :iterate',
    'Patient?_include=Patient:organization:Group': 'Patient.organization does not refer to Group',
    'Patient?_revinclude=Patient:organization': 'it does not refer to Patient',
  };

  it.each(Object.entries(cases))('%s', async (search, text) => {
    const error = await readSmall(search).catch((thrown: unknown) => thrown);
    if (!(error instanceof HubError)) throw new Error(`expected a HubError, not ${String(error)}`);
    expect(error.kind).toBe('invalid');
    expect(error.message).toContain(text);
    expect(error.problems.every(problem => problem.expression?.startsWith('http.'))).toBe(true);
  });

  it('names every problem at once', async () => {
    await expect(readSmall('Patient?a=1&b=2&gender=f&_count=x')).rejects.toMatchObject({
      problems: [{ expression: 'http._count' }, { expression: 'http.a' }, { expression: 'http.b' }],
    });
  });

  it('leaves out what is not understood when lenient, and says so', async () => {
    const parsed = await readSmall('Patient?color=red&gender=female&_count=x', true);
    expect(parsed.query.filters).toHaveLength(1);
    expect(parsed.warnings.map(it => it.expression)).toEqual(['http._count', 'http.color']);
    expect(parsed.self).toBe('gender=female');
  });

  it('bounds how much one search asks for', async () => {
    await expect(readSmall(`Patient?${'gender=a&'.repeat(101)}`)).rejects.toThrow('more than 100 parameters');
    await expect(readSmall(`Patient?gender=${'a,'.repeat(500)}a`)).rejects.toThrow('more than 500 values');
  });
});
