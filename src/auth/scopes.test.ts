import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyond, formatScope, parseScopes } from './scopes.ts';

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
    ['system/Observation.rs?category=vital-signs', /restricted by a query are not supported/],
    ['system/*.rs?_tag=x', /restricted by a query/],
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
    expect(() => parseScopes('system/Task.rs launch system/Task.x')).toThrow(/launch: .*; system\/Task\.x: /);
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
