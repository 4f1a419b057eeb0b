import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyond, formatScope, meet, parseScopes, readScopes } from './scopes.ts';

describe('parseScopes', () => {
  it.each([
    ['system/Task.rs', ['system/Task.rs']],
    ['system/*.cruds', ['system/*.cruds']],
    ['system/Task.read', ['system/Task.rs']],
    ['system/Task.write', ['system/Task.cud']],
    ['system/Task.*', ['system/Task.cruds']],
    ['system/*.*', ['system/*.cruds']],
    ['system/*.read', ['system/*.rs']],
    ['  system/Task.c   system/Patient.r ', ['system/Task.c', 'system/Patient.r']],
    ['system/Task.c system/Task.c', ['system/Task.c']],
  ])('reads %s', (text, expected) => {
    expect(parseScopes(text).map(formatScope)).toEqual(expected);
  });

  it.each([
    ['', /No scope/],
    ['   ', /No scope/],
    ['system/Observation.rs?category=vital-signs', /only system scopes for a type as a whole/],
    ['patient/Task.rs', /only system scopes/],
    ['user/*.cruds', /only system scopes/],
    ['openid', /only system scopes/],
    ['offline_access', /only system scopes/],
    ['system/Task.', /in this order/],
    ['system/Task', /in this order/],
    ['system/Task.sr', /in this order/],
    ['system/Task.rr', /in this order/],
    ['system/Task.cruds*', /in this order/],
    ['system/task.rs', /in this order/],
    ['system/Task,Patient.rs', /in this order/],
    ['system/Ta*.rs', /in this order/],
    ['system/.rs', /in this order/],
    ['system/Task.rs\nsystem/*.cruds', /in this order/],
    ['system/Tsk.rs', /not a FHIR R4 resource type/],
  ])('refuses %j', (text, reason) => {
    expect(() => parseScopes(text, new Set(['Task']))).toThrow(reason);
  });

  it('names every scope that is wrong', () => {
    expect(() => parseScopes('system/Task.rs launch openid')).toThrow(/launch: .*; openid: /);
  });

  it('never widens: whatever it accepts says the same again', () => {
    const scope = fc.stringMatching(/^system\/(\*|Task|Patient)\.(read|write|\*|c?r?u?d?s?)$/);
    fc.assert(
      fc.property(fc.array(scope, { minLength: 1, maxLength: 4 }), texts => {
        const wellFormed = texts.filter(text => !text.endsWith('.'));
        fc.pre(wellFormed.length > 0);
        const once = parseScopes(wellFormed.join(' '));
        expect(parseScopes(once.map(formatScope).join(' '))).toEqual(
          parseScopes([...new Set(once.map(formatScope))].join(' ')),
        );
        expect(beyond(once, once)).toEqual([]);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('beyond', () => {
  it.each([
    ['system/Task.rs', 'system/*.cruds', []],
    ['system/Task.rs', 'system/Task.r system/*.s', []],
    ['system/Task.read', 'system/Task.rs', []],
    ['system/Task.crs', 'system/Task.rs', ['system/Task.crs']],
    ['system/Patient.r', 'system/Task.cruds', ['system/Patient.r']],
    ['system/*.r', 'system/Task.r system/Patient.r', ['system/*.r']],
    ['system/Task.r system/*.d', 'system/*.rs', ['system/*.d']],
  ])('%s within %s', (wanted, registered, expected) => {
    expect(beyond(parseScopes(wanted), parseScopes(registered)).map(formatScope)).toEqual(expected);
  });
});

describe('readScopes', () => {
  it('tells scopes for resources from the others, with their level and query', () => {
    const text = 'openid launch/patient patient/Observation.rs?category=http://x.org|laboratory user/*.read';
    const { resources, others } = readScopes(text);
    expect(others).toEqual(['openid', 'launch/patient']);
    expect(resources.map(formatScope)).toEqual([
      'patient/Observation.rs?category=http://x.org|laboratory',
      'user/*.rs',
    ]);
    expect(resources[0]).toMatchObject({ level: 'patient', query: 'category=http://x.org|laboratory' });
  });

  it.each([
    ['patient/*.rs?_tag=x', /a query needs a type/],
    ['patient/Task.rs?', /in this order/],
    ['launch/encounter', /not a scope of this server/],
    ['practitioner/Task.rs', /not a scope of this server/],
    ['openid patient/Tsk.rs', /not a FHIR R4 resource type/],
  ])('refuses %j', (text, reason) => {
    expect(() => readScopes(text, new Set(['Task']))).toThrow(reason);
  });
});

describe('beyond, with levels and queries', () => {
  const scopes = (text: string) => readScopes(text).resources;
  it.each([
    ['patient/Task.rs', 'user/*.cruds', ['patient/Task.rs']],
    ['patient/Task.rs?status=draft', 'patient/Task.rs', []],
    ['patient/Task.rs', 'patient/Task.rs?status=draft', ['patient/Task.rs']],
    ['patient/Task.rs?status=draft', 'patient/Task.rs?status=draft', []],
    ['patient/Task.rs?status=draft', 'patient/Task.rs?status=ready', ['patient/Task.rs?status=draft']],
  ])('%s within %s', (wanted, registered, expected) => {
    expect(beyond(scopes(wanted), scopes(registered)).map(formatScope)).toEqual(expected);
  });
});

describe('meet', () => {
  const scopes = (text: string) => readScopes(text).resources;
  const scope = fc.stringMatching(/^(patient|user)\/(\*|Task|Patient)\.(c?r?u?d?s?)$/);
  const list = fc
    .array(scope, { minLength: 1, maxLength: 4 })
    .map(all => all.filter(one => !one.endsWith('.')));

  it('allows an interaction on a type exactly when both lists do', () => {
    fc.assert(
      fc.property(list, list, (left, right) => {
        fc.pre(left.length > 0 && right.length > 0);
        const [one, other] = [scopes(left.join(' ')), scopes(right.join(' '))];
        const both = meet(one, other);
        const allows = (some: typeof one, type: string, letter: 'read' | 'create' | 'delete') =>
          some.some(it => (it.type === '*' || it.type === type) && it[letter]);
        for (const type of ['Task', 'Patient', 'Goal'])
          for (const letter of ['read', 'create', 'delete'] as const)
            expect(allows(both, type, letter)).toBe(allows(one, type, letter) && allows(other, type, letter));
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});
