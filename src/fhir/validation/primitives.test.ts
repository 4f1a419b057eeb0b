import { describe, expect, it } from 'vitest';
import { primitiveCheck } from './primitives.ts';
import { Report } from './report.ts';

function fault(type: string, value: unknown): string | undefined {
  const report = new Report({});
  primitiveCheck(type)(value, report);
  return report.problems[0]?.text;
}

describe('primitives', () => {
  it.each<[string, unknown[]]>([
    ['boolean', [true, false]],
    ['integer', [0, -7, 2_147_483_647, -2_147_483_648]],
    ['unsignedInt', [0, 7]],
    ['positiveInt', [1, 2_147_483_647]],
    ['decimal', [0, -0.5, 98.6, 1e30]],
    ['string', ['x', 'Zoë\n\tMüller', '😀', ' a ']],
    ['markdown', ['*x*', 'a\r\nb']],
    ['code', ['x', 'a b', 'application/fhir+json']],
    ['id', ['1', 'a-B.9', 'x'.repeat(64)]],
    ['uri', ['http://x.example', 'urn:oid:1.2', 'x']],
    ['url', ['http://x.example']],
    ['canonical', ['http://x.example|1.0']],
    ['oid', ['urn:oid:1.2.840']],
    ['uuid', ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520']],
    ['date', ['2024', '2024-03', '2024-02-29']],
    [
      'dateTime',
      ['2024', '2024-03', '2024-03-07', '2024-03-07T13:28:17Z', '2024-03-07T13:28:17.123456-05:00'],
    ],
    ['instant', ['2024-03-07T13:28:17Z', '2024-03-07T13:28:17.239+14:00']],
    ['time', ['00:00:00', '23:59:59.5']],
    ['base64Binary', ['aGVsbG8=', 'aGVs\nbG8=', 'aGVsbG9v']],
    ['xhtml', ['<div xmlns="http://www.w3.org/1999/xhtml">x</div>']],
  ])('%s takes %j', (type, values) => {
    for (const value of values) expect(fault(type, value), JSON.stringify(value)).toBeUndefined();
  });

  it.each<[string, unknown[], RegExp]>([
    ['boolean', ['true', 1, {}, null], /must be a JSON boolean, not/],
    ['integer', ['7', true], /must be a JSON number/],
    ['integer', [1.5, 2_147_483_648], /must be a whole number from -2147483648 to 2147483647/],
    ['unsignedInt', [-1], /from 0/],
    ['positiveInt', [0], /from 1/],
    ['decimal', ['98.6'], /must be a JSON number, not a string/],
    ['decimal', [Number.POSITIVE_INFINITY, Number.NaN], /finite/],
    ['string', [7, ['x'], {}], /must be a JSON string, not/],
    ['string', ['', '   ', '\n'], /must not be empty/],
    ['string', ['a\u0000b', '\u001b'], /control characters/],
    ['string', ['\ud800'], /well-formed Unicode/],
    ['string', ['x'.repeat(1024 * 1024 + 1)], /1 MB/],
    ['code', ['a  b', ' a', 'a '], /a code without/],
    ['id', ['a b', 'x'.repeat(65), 'ä', 'a/b'], /1 to 64 letters/],
    ['uri', ['http://x.example/a b'], /without spaces/],
    ['oid', ['1.2.3', 'urn:oid:3.1'], /an OID such as/],
    ['uuid', ['c757873d-ec9a-4326-a141-556f43239520'], /a UUID such as/],
    ['date', ['2024-1-1', '07/03/2024', '2024-03-07T10:00:00Z', 'today'], /must be a date such as 2024/],
    ['date', ['2023-02-29', '2024-13', '2024-04-31', '0000'], /that exists/],
    [
      'dateTime',
      ['2024-03-07T13:28', '2024-03-07T13:28:17', '2024-03-07 13:28:17Z'],
      /with time and time zone/,
    ],
    ['dateTime', ['2024-02-30T13:28:17Z'], /that exists/],
    ['instant', ['2024-03-07', '2024-03-07T13:28:17'], /seconds and time zone/],
    ['time', ['1:00', '24:00:00', '13:28'], /a time of day such as/],
    ['base64Binary', ['not base64!', 'abc', '====', ''], /base64/],
    ['xhtml', ['hello'], /XHTML in one <div>/],
  ])('%s refuses %j', (type, values, message) => {
    for (const value of values) expect(fault(type, value), JSON.stringify(value)).toMatch(message);
  });

  it('never quotes a value', () => {
    for (const type of ['date', 'dateTime', 'integer', 'id', 'uri', 'boolean', 'base64Binary']) {
      expect(fault(type, 'Ana Rivera born in May')).not.toMatch(/Ana|May/);
    }
  });
});
