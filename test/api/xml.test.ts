import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';

const xmlType = 'application/fhir+xml';
const asXml = { 'Content-Type': xmlType, Accept: xmlType };

const patient = `<?xml version="1.0" encoding="UTF-8"?>
<Patient xmlns="http://hl7.org/fhir">
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p class="a">Zo&#235; &amp; <b>co</b><br/></p></div></text>
  <extension url="http://example.org/count"><valueDecimal value="1.5"/></extension>
  <name id="n1"><given value="Zo&#235;"><extension url="http://example.org/said"><valueBoolean value="true"/></extension></given><given value="Ann"/></name>
  <birthDate value="1980-04"/>
</Patient>`;

onSqlite('FHIR in XML', database => {
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital');
  });
  afterAll(() => hub?.stop());

  const create = (xml: string, headers = asXml) => hospital.request('POST', '/Patient', xml, headers);

  it('is the same resource as in JSON, whichever of the two it came in', async () => {
    const created = await create(patient);
    expect([created.status, created.headers.get('content-type')]).toEqual([201, `${xmlType}; charset=utf-8`]);
    const [path = ''] = /\/Patient\/[^/]+/.exec(created.headers.get('location') ?? '') ?? [];
    const { json } = await hospital.get(path);
    expect(json).toMatchObject({
      text: {
        div: '<div xmlns="http://www.w3.org/1999/xhtml"><p class="a">Zoë &amp; <b>co</b><br/></p></div>',
      },
      extension: [{ url: 'http://example.org/count', valueDecimal: 1.5 }],
      name: [
        {
          id: 'n1',
          given: ['Zoë', 'Ann'],
          _given: [{ extension: [{ url: 'http://example.org/said', valueBoolean: true }] }, null],
        },
      ],
      birthDate: '1980-04',
    });
    const read = await hospital.request('GET', path, undefined, { Accept: xmlType });
    expect(read.text).toBe(created.text);
    expect(read.text).toContain('<name id="n1"><given value="Zoë"><extension url="http://example.org/said">');
    const again = await create(read.text);
    const copy = (await hospital.get(`/Patient/${/id value="([^"]+)"/.exec(again.text)?.[1]}`)).json;
    expect({ ...copy, id: '', meta: {} }).toEqual({ ...json, id: '', meta: {} });
  });

  it.each<[what: string, query: string, accept: string | undefined, xml: boolean]>([
    ['_format=xml', '?_format=xml', undefined, true],
    ['_format goes before Accept', '?_format=json', xmlType, false],
    ['_format with an escaped plus', '?_format=application%2Ffhir%2Bxml', undefined, true],
    ['nothing asked for', '', undefined, false],
    ['anything', '', '*/*', false],
    ['text/xml', '', 'text/xml', true],
    ['the better of two', '', 'application/fhir+json;q=0.5, application/fhir+xml', true],
    ['the first of two as good', '', 'application/fhir+xml, application/fhir+json', true],
    ['JSON first', '', 'application/fhir+json, application/fhir+xml', false],
    ['a browser', '', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
  ])('%s', async (_, query, accept, xml) => {
    const answer = await hospital.request(
      'GET',
      `/Patient${query}`,
      undefined,
      accept ? { Accept: accept } : {},
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(xml ? xmlType : 'application/fhir+json');
    expect(answer.text.startsWith('<?xml')).toBe(xml);
  });

  it('holds for every interaction', async () => {
    const made = await hospital.create({ resourceType: 'Patient', gender: 'female' });
    const path = `/Patient/${made.id}`;
    const get = (address: string) => hospital.request('GET', address, undefined, { Accept: xmlType });
    for (const [address, holds] of [
      ['/metadata', '<CapabilityStatement xmlns="http://hl7.org/fhir">'],
      [`/Patient?_id=${made.id}`, `<resource><Patient><id value="${made.id}"/>`],
      [`${path}/_history`, '<request><method value="POST"/>'],
      [`${path}/_history/1`, '<gender value="female"/>'],
      [`${path}/$everything`, '<Bundle xmlns="http://hl7.org/fhir">'],
      [`${path}/$meta`, '<Parameters xmlns="http://hl7.org/fhir">'],
      ['/Patient/absent', '<OperationOutcome xmlns="http://hl7.org/fhir"><issue><severity value="error"/>'],
    ] as const) {
      const answer = await get(address);
      expect([address, answer.text.includes(holds)]).toEqual([address, true]);
      expect(answer.headers.get('content-type')).toBe(`${xmlType}; charset=utf-8`);
    }
    const put = await hospital.request(
      'PUT',
      path,
      `<Patient xmlns="http://hl7.org/fhir"><id value="${made.id}"/><gender value="male"/></Patient>`,
      asXml,
    );
    expect([put.status, /<gender value="male"\/>/.test(put.text)]).toEqual([200, true]);
    const patch = `<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/>
      <part><name value="type"/><valueCode value="replace"/></part>
      <part><name value="path"/><valueString value="Patient.gender"/></part>
      <part><name value="value"/><valueCode value="other"/></part></parameter></Parameters>`;
    expect((await hospital.request('PATCH', path, patch, asXml)).text).toContain('<gender value="other"/>');
    const deleted = await hospital.request('DELETE', path, undefined, {
      Accept: xmlType,
      Prefer: 'return=OperationOutcome',
    });
    expect(deleted.text).toContain('<severity value="information"/>');
    const unknown = await fetch(`${hub.url}/fhir${path}`, { headers: { Accept: xmlType } });
    expect([unknown.status, (await unknown.text()).includes('<code value="login"/>')]).toEqual([401, true]);
  });

  it('takes a transaction, with references between its entries', async () => {
    const bundle = `<Bundle xmlns="http://hl7.org/fhir"><type value="transaction"/>
      <entry><fullUrl value="urn:uuid:c757873d-ec9a-4326-a141-556f43239520"/>
        <resource><Patient><active value="true"/></Patient></resource>
        <request><method value="POST"/><url value="Patient"/></request></entry>
      <entry><resource><ServiceRequest><status value="draft"/><intent value="order"/>
        <subject><reference value="urn:uuid:c757873d-ec9a-4326-a141-556f43239520"/></subject></ServiceRequest></resource>
        <request><method value="POST"/><url value="ServiceRequest"/></request></entry></Bundle>`;
    const answer = await hospital.request('POST', '/', bundle, { ...asXml, Prefer: 'return=representation' });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/<subject><reference value="Patient\/[^"]+"\/><\/subject>/);
  });

  const deep = (levels: number): string =>
    `<Patient xmlns="http://hl7.org/fhir">${'<extension url="http://x.example">'.repeat(levels)}${'</extension>'.repeat(levels)}</Patient>`;
  const fhir = 'xmlns="http://hl7.org/fhir"';

  it.each<[what: string, xml: string, says: RegExp]>([
    ['nothing', '', /holds no resource|not well-formed XML/],
    ['half of it', `<Patient ${fhir}><active`, /The body is not well-formed XML: .*\(line 1, column \d+\)/],
    ['a DOCTYPE', `<!DOCTYPE Patient><Patient ${fhir}/>`, /must have no DOCTYPE/],
    [
      'an external entity',
      `<!DOCTYPE Patient [<!ENTITY file SYSTEM "file:///etc/passwd">]><Patient ${fhir}><gender value="&file;"/></Patient>`,
      /must have no DOCTYPE/,
    ],
    [
      'entities within entities',
      `<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Patient ${fhir}><gender value="&b;"/></Patient>`,
      /must have no DOCTYPE/,
    ],
    [
      'an entity that nobody defined',
      `<Patient ${fhir}><gender value="&x;"/></Patient>`,
      /not well-formed XML/,
    ],
    ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?><Patient ${fhir}/>`, /must be in UTF-8/],
    ['no namespace', '<Patient/>', /must be in the namespace http:\/\/hl7\.org\/fhir/],
    ['no resource', `<Nothing ${fhir}/>`, /"Nothing", which is not a resource type/],
    [
      'an unknown element',
      `<Patient ${fhir}><nme value="x"/></Patient>`,
      /has no element "nme" in Patient \(line 1/,
    ],
    [
      'an unknown attribute',
      `<Patient ${fhir}><gender code="x"/></Patient>`,
      /must not have the attribute "code"/,
    ],
    ['text between elements', `<Patient ${fhir}>hello</Patient>`, /has text where only elements may be/],
    [
      'an element twice',
      `<Patient ${fhir}><gender value="male"/><gender value="male"/></Patient>`,
      /has gender in Patient more than once/,
    ],
    [
      'a narrative of no namespace',
      `<Patient ${fhir}><text><status value="empty"/><div>x</div></text></Patient>`,
      /in the namespace http:\/\/www\.w3\.org\/1999\/xhtml/,
    ],
    [
      'another resource type than the address',
      `<Group ${fhir}/>`,
      /The body is a Group, but the address is for Patient/,
    ],
    ['what never ends', deep(100_000), /must not nest deeper than 200 elements/],
    [
      'a number that is none',
      `<Patient ${fhir}><multipleBirthInteger value="two"/></Patient>`,
      /must be a JSON number, not a string/,
    ],
  ])('refuses %s', async (_, xml, says) => {
    const answer = await create(xml);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/<OperationOutcome xmlns="http:\/\/hl7.org\/fhir">/);
    const said = /<text value="([^"]*)"\/>/.exec(answer.text)?.[1]?.replaceAll('&quot;', '"');
    expect(said).toMatch(says);
  });

  it('is named by the CapabilityStatement', async () => {
    const { json } = await hospital.get('/metadata');
    expect(json.format).toContain(xmlType);
    expect(json.patchFormat).toContain(xmlType);
  });
});
