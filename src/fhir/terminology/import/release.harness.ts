/** Small made-up files in the formats in which code systems are published. */

const order = (number: number, code: string, billable: 0 | 1, title: string): string =>
  `${String(number).padStart(5, '0')} ${code.padEnd(7)} ${billable} ${title.slice(0, 60).padEnd(60)} ${title}\n`;

export const icd10cm = [
  order(1, 'F32', 0, 'Depressive episode'),
  order(2, 'F320', 1, 'Major depressive disorder, single episode, mild'),
  order(3, 'F328', 0, 'Other depressive episodes'),
  order(4, 'F3281', 1, 'Premenstrual dysphoric disorder'),
  order(5, 'S72001A', 1, 'Fracture of unspecified part of neck of right femur, initial encounter'),
].join('');

export const loinc = `"LOINC_NUM","COMPONENT","CLASS","STATUS","VersionLastChanged","SHORTNAME","LONG_COMMON_NAME"
"44261-6","Patient Health Questionnaire 9 item","SURVEY.MENTAL","ACTIVE","2.80","PHQ-9 Score","Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]"
"0000-0","Made up","CHEM","DEPRECATED","2.9","Old","An old test, made up"
`;

const table = (...rows: readonly (readonly string[])[]): string =>
  rows.map(row => `${row.join('\t')}\r\n`).join('');

const fsn = '900000000000003001';
const synonym = '900000000000013009';
const isA = '116680003';

/** By file name. */
export const snomed: Readonly<Record<string, string>> = {
  'sct2_Concept_Snapshot_US1000124_20250901.txt': table(
    ['id', 'effectiveTime', 'active', 'moduleId', 'definitionStatusId'],
    ...['138875005', '35489007', '2', '73867007'].map(id => [id, '20250901', '1', 'm', 'd']),
    ['1', '20250901', '0', 'm', 'd'],
  ),
  'sct2_Description_Snapshot-en_US1000124_20250901.txt': table(
    [
      'id',
      'effectiveTime',
      'active',
      'moduleId',
      'conceptId',
      'languageCode',
      'typeId',
      'term',
      'caseSignificanceId',
    ],
    ['d1', '20250901', '1', 'm', '35489007', 'en', fsn, 'Depressive disorder (disorder)', 'c'],
    ['d2', '20250901', '1', 'm', '35489007', 'en', synonym, 'Depression', 'c'],
    ['d3', '20250901', '1', 'm', '35489007', 'en', synonym, 'Depressive disorder', 'c'],
    ['d4', '20250901', '0', 'm', '35489007', 'en', synonym, 'Gone', 'c'],
    ['d5', '20250901', '1', 'm', '35489007', 'es', synonym, 'Trastorno depresivo', 'c'],
    ['d6', '20250901', '1', 'm', '138875005', 'en', synonym, 'SNOMED CT Concept', 'c'],
    [
      'd7',
      '20250901',
      '1',
      'm',
      '73867007',
      'en',
      synonym,
      'Severe major depression with psychotic features',
      'c',
    ],
    ['d8', '20250901', '1', 'm', '2', 'en', synonym, 'Psychotic disorder', 'c'],
  ),
  'der2_cRefset_LanguageSnapshot-en_US1000124_20250901.txt': table(
    ['id', 'effectiveTime', 'active', 'moduleId', 'refsetId', 'referencedComponentId', 'acceptabilityId'],
    ['r1', '20250901', '1', 'm', '900000000000509007', 'd3', '900000000000548007'],
  ),
  'sct2_Relationship_Snapshot_US1000124_20250901.txt': table(
    [
      'id',
      'effectiveTime',
      'active',
      'moduleId',
      'sourceId',
      'destinationId',
      'relationshipGroup',
      'typeId',
      'characteristicTypeId',
      'modifierId',
    ],
    ['1', '20250901', '1', 'm', '35489007', '138875005', '0', isA, 'c', 'm'],
    ['2', '20250901', '1', 'm', '2', '138875005', '0', isA, 'c', 'm'],
    ['3', '20250901', '1', 'm', '73867007', '35489007', '0', isA, 'c', 'm'],
    ['4', '20250901', '1', 'm', '73867007', '2', '0', isA, 'c', 'm'],
    ['5', '20250901', '0', 'm', '2', '35489007', '0', isA, 'c', 'm'],
    ['6', '20250901', '1', 'm', '2', '35489007', '1', '363698007', 'c', 'm'],
  ),
};
