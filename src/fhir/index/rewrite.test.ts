import type { Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { testDefinitions } from '../definitions/test-definitions.ts';
import { createRewrite } from './rewrite.ts';

const { schema } = await testDefinitions();
const rewrite = createRewrite(schema);
const urn = 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520';
const links = new Map([
  [urn, 'Patient/1'],
  ['Patient?identifier=urn:mrn|7', 'Patient/7'],
]);

function task(elements: object): Resource {
  return { resourceType: 'Task', status: 'requested', intent: 'order', ...elements } as unknown as Resource;
}

describe('rewrite', () => {
  it.each<[string, object, object]>([
    [
      'references',
      { for: { reference: urn, display: urn } },
      { for: { reference: 'Patient/1', display: urn } },
    ],
    [
      'conditional references',
      { for: { reference: 'Patient?identifier=urn:mrn|7' } },
      { for: { reference: 'Patient/7' } },
    ],
    [
      'references in lists',
      { partOf: [{ reference: 'Task/1' }, { reference: urn }] },
      { partOf: [{ reference: 'Task/1' }, { reference: 'Patient/1' }] },
    ],
    [
      'contained resources',
      { contained: [{ resourceType: 'Condition', subject: { reference: urn } }] },
      { contained: [{ resourceType: 'Condition', subject: { reference: 'Patient/1' } }] },
    ],
    [
      'extensions',
      { extension: [{ url: 'urn:x', valueReference: { reference: urn } }] },
      { extension: [{ url: 'urn:x', valueReference: { reference: 'Patient/1' } }] },
    ],
    [
      'extensions of primitives',
      { _status: { extension: [{ url: 'urn:x', valueUri: urn }] } },
      { _status: { extension: [{ url: 'urn:x', valueUri: 'Patient/1' }] } },
    ],
    [
      'URLs of attachments',
      { input: [{ type: { text: 'x' }, valueAttachment: { url: urn } }] },
      { input: [{ type: { text: 'x' }, valueAttachment: { url: 'Patient/1' } }] },
    ],
    [
      'links of the narrative',
      {
        text: {
          status: 'generated',
          div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${urn}">${urn}</a><img src='${urn}' alt="x"/></div>`,
        },
      },
      {
        text: {
          status: 'generated',
          div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="Patient/1">${urn}</a><img src='Patient/1' alt="x"/></div>`,
        },
      },
    ],
    [
      'not: strings',
      { description: urn, identifier: [{ system: 'urn:ietf:rfc:3986', value: urn }] },
      { description: urn, identifier: [{ system: 'urn:ietf:rfc:3986', value: urn }] },
    ],
    ['not: canonicals', { instantiatesCanonical: urn }, { instantiatesCanonical: urn }],
    ['not: other links', { for: { reference: `${urn}0` } }, { for: { reference: `${urn}0` } }],
  ])('%s', (_, before, after) => {
    const resource = task(before);
    const copy = structuredClone(resource);
    expect(rewrite(resource, links)).toEqual(task(after));
    expect(resource).toEqual(copy);
  });

  it('goes into what a Bundle carries', () => {
    const bundle = (reference: string): Resource =>
      ({
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: task({ for: { reference } }) }],
      }) as unknown as Resource;
    expect(rewrite(bundle(urn), links)).toEqual(bundle('Patient/1'));
  });

  it('gives back the very resource when nothing in it changes', () => {
    const resource = task({ for: { reference: 'Patient/9' }, note: [{ text: 'x' }] });
    expect(rewrite(resource, links)).toBe(resource);
    expect(rewrite(task({ for: { reference: urn } }), new Map())).toEqual(task({ for: { reference: urn } }));
  });
});
