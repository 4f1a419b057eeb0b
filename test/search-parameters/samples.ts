import type { LoadedDefinitions } from '../../src/fhir/definitions/definitions.ts';
import type { Property } from '../../src/fhir/definitions/schema.ts';
import type { SearchParam } from '../../src/fhir/definitions/types.ts';
import { matchesDate } from '../naive/values.ts';
import type { Path } from './placement.ts';

/** Values to store, and what to ask for: the positions of those that are right. */
export interface Samples {
  values: readonly unknown[];
  asked: readonly { value: string; right: readonly number[] }[];
}

const one = (values: readonly unknown[], ...asked: string[]): Samples => ({
  values,
  asked: asked.map(value => ({ value, right: [0] })),
});

const moments = [
  '2026-03-01',
  '2026-03',
  '2025',
  '2026-02-28',
  '2026-03-02',
  '2026-03-01T10:00:00Z',
  '2026-03-01T23:30:00-05:00',
  '2026-03-01T00:30:00+05:00',
  '2026-03-02T00:00:00Z',
];
const days = ['2026-03-01', '2026-03', '2025', '2026-02-28', '2026-03-02'];
const instants = moments.filter(moment => moment.includes('T'));
const periods = [
  { start: '2026-03-01', end: '2026-03-02' },
  { start: '2026-03-01T10:00:00Z', end: '2026-03-01T11:00:00Z' },
  { start: '2026-03-01' },
  { end: '2026-02-28' },
  { start: '2026-02-01', end: '2026-02-28T23:59:59Z' },
  { start: '2026-03-03', end: '2027' },
];
const comparators = ['', 'eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sa', 'eb'];
const askedDates = ['2026-03-01', '2026-03', '2026-03-01T10:00:00Z', '2026-03-02T04:30:00Z'];

function dated(values: readonly unknown[]): Samples {
  const asked = comparators.flatMap(comparator => askedDates.map(date => `${comparator}${date}`));
  const right = (text: string) => values.flatMap((value, at) => (matchesDate(value, text) ? [at] : []));
  return { values, asked: asked.map(value => ({ value, right: right(value) })) };
}

/** What tells right from wrong where a parameter of a kind ends in an element of a type; undefined: nothing made for it. */
export function samplesFor(
  { kind, targets }: SearchParam,
  path: Path,
  { type, element }: Property,
  definitions: LoadedDefinitions,
): Samples | undefined {
  switch (kind) {
    case 'token':
      return tokens(type.code, element.binding ? definitions.valueSet(element.binding)?.codes : undefined);
    case 'string':
      return strings[type.code];
    case 'date':
      return dates[type.code];
    case 'uri':
      return one(['http://right.example/a', 'http://wrong.example/a'], 'http://right.example/a');
    case 'number':
      return numbers[type.code];
    case 'quantity':
      return quantities[type.code];
    case 'reference':
      return references(type.code, path.target ? [path.target] : (type.targets ?? targets), targets);
    default:
      return undefined;
  }
}

function tokens(type: string, codes: readonly string[] | undefined): Samples | undefined {
  const [right = 'r', wrong = 'w'] = codes ?? [];
  const codings = [
    { system: 'urn:right', code: 'r' },
    { system: 'urn:right', code: 'w' },
    { system: 'urn:wrong', code: 'r' },
    { code: 'r' },
  ];
  const systems = 'urn:right|r';
  switch (type) {
    case 'code':
      return one([right, wrong], right, `${right},none`);
    case 'boolean':
      return one([true, false], 'true');
    case 'Coding':
      return {
        values: codings,
        asked: [...one([], systems).asked, { value: '|r', right: [3] }, { value: 'r', right: [0, 2, 3] }],
      };
    case 'CodeableConcept':
      return one(
        codings.map(coding => ({ coding: [coding] })),
        systems,
        `urn:none|x,${systems}`,
      );
    case 'Identifier':
      return one(
        [
          { system: 'urn:right', value: 'r' },
          { system: 'urn:wrong', value: 'r' },
          { system: 'urn:right', value: 'w' },
        ],
        systems,
      );
    case 'ContactPoint':
      return one(
        [
          { system: 'email', value: 'r' },
          { system: 'email', value: 'w' },
        ],
        'r',
      );
    case 'string':
    case 'id':
    case 'uri':
      return one(['r', 'w'], 'r');
    default:
      return undefined;
  }
}

const words = ['Réght words', 'Wrong words', 'Words right'];
const strings: Readonly<Record<string, Samples>> = {
  string: one(words, 'reght', 'RÉGHT W'),
  markdown: one(words, 'reght'),
  HumanName: one(
    words.map(family => ({ family })),
    'reght',
  ),
  Address: one(
    words.map(city => ({ city })),
    'reght',
  ),
};

const dates: Readonly<Record<string, Samples>> = {
  date: dated(days),
  dateTime: dated(moments),
  instant: dated(instants),
  Period: dated(periods),
};

const numbers: Readonly<Record<string, Samples>> = {
  integer: one([5, 6, 4], '5', 'eq5'),
  positiveInt: one([5, 6, 4], '5'),
  unsignedInt: one([5, 6, 4], '5'),
  decimal: {
    values: [5, 5.4, 5.6],
    asked: [
      { value: '5', right: [0, 1] },
      { value: '5.4', right: [1] },
      { value: 'gt5', right: [1, 2] },
    ],
  },
};

const amount = (value: number, code = 'mg') => ({ value, system: 'urn:units', code });
const quantity: Samples = {
  values: [amount(5), amount(5, 'kg'), amount(7)],
  asked: [
    { value: '5|urn:units|mg', right: [0] },
    { value: '5||kg', right: [1] },
    { value: 'ge5', right: [0, 1, 2] },
    { value: 'gt5', right: [2] },
  ],
};
const quantities: Readonly<Record<string, Samples>> = {
  Quantity: quantity,
  SimpleQuantity: quantity,
  Age: quantity,
  Duration: quantity,
};

function references(
  type: string,
  allowed: readonly string[],
  targets: readonly string[],
): Samples | undefined {
  if (type !== 'Reference' && type !== 'canonical' && type !== 'uri') return undefined;
  if (type !== 'Reference')
    return one(['http://right.example/a', 'http://wrong.example/a'], 'http://right.example/a');
  const target = allowed.find(one => targets.length === 0 || targets.includes(one)) ?? 'Patient';
  const values = ['right', 'wrong'].map(id => ({ reference: `${target}/${id}` }));
  return one(values, `${target}/right`, ...(targets.length === 1 ? ['right'] : []));
}
