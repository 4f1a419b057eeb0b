import type {
  Address,
  Annotation,
  Attachment,
  CodeableConcept,
  ContactPoint,
  HumanName,
  Period,
  Quantity,
  Resource,
  TimingRepeat,
} from '@medplum/fhirtypes';
import { repeatInWords } from './describe-timing.ts';
import { wordsIn } from './narrative-words.ts';

/** A resource as people read it: what it is, and what it says, each line with its label. */
export interface Described {
  title: string;
  lines: readonly Line[];
}

export interface Line {
  label: string;
  text: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Elements that people read, of whatever resource, in this order. A name with `[x]` stands for all of its types. */
const shown: readonly (readonly [element: string, label: string])[] = [
  ['name', 'Name'],
  ['birthDate', 'Born'],
  ['gender', 'Gender'],
  ['address', 'Address'],
  ['telecom', 'Reached at'],
  ['communication', 'Language'],
  ['status', 'Status'],
  ['clinicalStatus', 'Clinical status'],
  ['verificationStatus', 'Verification'],
  ['priority', 'Priority'],
  ['category', 'Category'],
  ['scope', 'Scope'],
  ['type', 'Kind'],
  ['code', 'What'],
  ['questionnaire', 'Questionnaire'],
  ['medication[x]', 'Medication'],
  ['reasonCode', 'Reason'],
  ['value[x]', 'Value'],
  ['dataAbsentReason', 'Not known'],
  ['interpretation', 'Interpretation'],
  ['component', 'Parts'],
  ['prediction', 'Prediction'],
  ['criticality', 'Criticality'],
  ['reaction', 'Reaction'],
  ['severity', 'Severity'],
  ['dosage', 'Dosage'],
  ['dosageInstruction', 'Dosage'],
  ['subscriberId', 'Member number'],
  ['payor', 'Payer'],
  ['period', 'Period'],
  ['effective[x]', 'Date'],
  ['occurrence[x]', 'Date'],
  ['onset[x]', 'Since'],
  ['authoredOn', 'Written'],
  ['authored', 'Answered'],
  ['recordedDate', 'Recorded'],
  ['dateTime', 'Date'],
  ['date', 'Date'],
  ['description', 'Description'],
  ['conclusion', 'Conclusion'],
  ['content', 'Document'],
  ['section', 'Content'],
  ['item', 'Answers'],
  ['note', 'Note'],
];

/** Everything that a person needs of a resource on paper. */
export function describe(resource: Resource): Described {
  // A file is nothing but its content.
  const fields = (resource.resourceType === 'Binary' ? { content: resource } : resource) as unknown as Fields;
  const [said] = titles.flatMap(element => textsOf(fields[element]));
  const lines = shown.flatMap(([element, label]) => {
    const text = valuesOf(fields, element).flatMap(textsOf).join('; ');
    return text === '' || text === said || usual.includes(text) ? [] : [{ label, text }];
  });
  const kind = kinds[resource.resourceType] ?? words(resource.resourceType);
  return { title: said ? `${kind}: ${said}` : kind, lines };
}

/** What people call the kinds that FHIR names otherwise. */
const kinds: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'Allergy',
  Binary: 'File',
  Condition: 'Diagnosis',
  DocumentReference: 'Document',
  Encounter: 'Stay',
  GuidanceResponse: 'Eligibility',
  MedicationRequest: 'Medication',
  MedicationStatement: 'Medication',
  Observation: 'Finding',
  QuestionnaireResponse: 'Answered questionnaire',
  RelatedPerson: 'Related person',
  RiskAssessment: 'Assessment of risk',
  ServiceRequest: 'Request',
};

const words = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');

/** Where a resource says what it is. */
const titles = ['title', 'code', 'type', 'medicationCodeableConcept', 'scope', 'name'] as const;

/** A status that says no more than that it is there. */
const usual: readonly string[] = ['final', 'current', 'success'];

function valuesOf(fields: Fields, element: string): unknown[] {
  if (element === 'questionnaire') return [endOf(fields.questionnaire)];
  if (!element.endsWith('[x]')) return [fields[element]];
  const stem = element.slice(0, -3);
  return Object.keys(fields)
    .filter(key => key.startsWith(stem) && /^[A-Z]/.test(key.slice(stem.length)))
    .map(key => fields[key]);
}

/** Of a canonical URL people read the name at its end. */
const endOf = (canonical: unknown): string | undefined =>
  /([^/|]+)(?:[|].*)?$/.exec(typeof canonical === 'string' ? canonical : '')?.[1];

/** What a value of any type says, without what only machines read; nothing where it says nothing. */
export function textsOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'boolean') return [value ? 'yes' : 'no'];
  if (typeof value !== 'object') return [String(value)];
  const said = complex(value as Fields);
  return said === '' ? [] : [said];
}

function complex(value: Fields): string {
  if (typeof value.div === 'string') return wordsIn(value.div);
  if (typeof value.text === 'object') return nested(value);
  if (typeof value.repeat === 'object') return ofTiming(value);
  if ('coding' in value || 'text' in value) return ofConcept(value as CodeableConcept) || nested(value);
  if (typeof value.language === 'object') return ofLanguage(value);
  if ('family' in value || 'given' in value) return ofName(value as HumanName);
  if ('line' in value || 'postalCode' in value || 'city' in value) return ofAddress(value as Address);
  if ('contentType' in value || 'data' in value || 'url' in value) return ofAttachment(value as Attachment);
  if ('start' in value || 'end' in value) return ofPeriod(value as Period);
  if (typeof value.value === 'number') return ofQuantity(value as Quantity);
  if (typeof value.value === 'string') return (value as ContactPoint).value ?? '';
  if (typeof value.display === 'string') return value.display;
  if ('code' in value && typeof value.code === 'string') return value.code;
  return nested(value);
}

/** `Dosage.timing`: as it is called, else how often. */
const ofTiming = ({ code, repeat }: Fields): string =>
  textsOf(code)[0] ?? repeatInWords(repeat as TimingRepeat);

/** A part of a resource: all that it says, in its order. Identifiers, links and extensions say nothing to people. */
function nested({ asNeededBoolean, ...value }: Fields): string {
  const silent = [
    'id',
    'extension',
    'modifierExtension',
    'linkId',
    'reference',
    'system',
    'use',
    'rank',
    'sequence',
  ];
  const said = Object.entries(value).flatMap(([key, one]) => (silent.includes(key) ? [] : textsOf(one)));
  return [...said, ...(asNeededBoolean === true ? ['as needed'] : [])].join(': ');
}

const ofConcept = ({ text, coding = [], ...rest }: CodeableConcept & Partial<Annotation>): string => {
  const words = text ?? coding.find(({ display }) => display)?.display ?? coding[0]?.code ?? '';
  const answers = textsOf([(rest as Fields).answer, (rest as Fields).item]);
  const more = textsOf((rest as Fields).time).map(time => ` (${time})`);
  return `${words}${more.join('')}${answers.length ? `: ${answers.join(', ')}` : ''}`;
};

const ofName = ({ text, prefix = [], given = [], family, suffix = [] }: HumanName): string =>
  text ?? [...prefix, ...given, family, ...suffix].filter(Boolean).join(' ');

const ofAddress = ({ text, line = [], city, district, state, postalCode }: Address): string =>
  text ?? [...line, city, district, [state, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ');

const ofPeriod = ({ start, end }: Period): string =>
  start && end ? `${start} to ${end}` : start ? `from ${start}` : `until ${end}`;

/** `Patient.communication` */
function ofLanguage({ language, preferred }: Fields): string {
  const spoken = textsOf(language).join(', ');
  return preferred === true && spoken ? `${spoken} (preferred)` : spoken;
}

const ofQuantity = ({ comparator, value, unit, code }: Quantity): string =>
  [`${comparator ?? ''}${value}`, unit ?? code].filter(Boolean).join(' ');

/** A text is read as it is; of anything else only its title and kind. */
function ofAttachment({ title, contentType, data, creation }: Attachment): string {
  const named = [title, creation].filter(Boolean).join(', ');
  const text = contentType?.startsWith('text/plain') && data ? decoded(data) : undefined;
  if (text !== undefined) return named ? `${named}: ${text}` : text;
  return [named, contentType && `(${contentType})`].filter(Boolean).join(' ');
}

const decoded = (data: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(data), character => character.charCodeAt(0)));
