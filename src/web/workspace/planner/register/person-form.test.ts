/// <reference lib="esnext.temporal" />
import { expect, it } from 'vitest';
import { HubError } from '../../../../errors.ts';
import { type PersonFields, personFields, personIn } from './person-form.ts';

const place = {
  organization: 'hospital',
  system: 'https://hospital.example/mrn',
  today: Temporal.PlainDate.from('2026-03-05'),
};

const fields = (some: Partial<PersonFields>): PersonFields => ({
  ...(Object.fromEntries(personFields.map(name => [name, ''])) as PersonFields),
  given: 'Ann Mary',
  family: 'Example',
  birthdate: '1990-05-17',
  gender: 'female',
  ...some,
});

it('a name, a birth date and a gender are a person', () => {
  expect(personIn(fields({}), place)).toEqual({
    patient: {
      resourceType: 'Patient',
      active: true,
      name: [{ use: 'official', family: 'Example', given: ['Ann', 'Mary'] }],
      gender: 'female',
      birthDate: '1990-05-17',
      managingOrganization: { reference: 'Organization/hospital' },
    },
  });
});

it('all that one may know', () => {
  const { patient, coverage } = personIn(
    fields({
      identifier: '0042',
      phone: '320 555 0177',
      city: 'Alder Falls',
      state: 'mn',
      zip: '56801',
      language: 'ase',
      payer: 'medicaid',
      member: 'M1',
    }),
    place,
  );
  expect(patient).toMatchObject({
    identifier: [
      {
        system: 'https://hospital.example/mrn',
        value: '0042',
        assigner: { reference: 'Organization/hospital' },
      },
    ],
    telecom: [{ system: 'phone', value: '320 555 0177' }],
    address: [{ city: 'Alder Falls', state: 'MN', postalCode: '56801' }],
    communication: [{ language: { coding: [{ code: 'ase' }] }, preferred: true }],
  });
  expect(coverage?.('Patient/1')).toEqual({
    resourceType: 'Coverage',
    status: 'active',
    subscriberId: 'M1',
    beneficiary: { reference: 'Patient/1' },
    payor: [{ reference: 'Organization/medicaid' }],
  });
});

it.each<[keyof PersonFields, string]>([
  ['given', ''],
  ['family', ''],
  ['birthdate', ''],
  ['birthdate', '2026-03-06'],
  ['birthdate', '1890-01-01'],
  ['birthdate', '1990-02-30'],
  ['gender', 'f'],
  ['phone', '12'],
  ['state', 'Minnesota'],
  ['zip', '5680'],
  ['language', 'xx'],
])('%s “%s” is said to be wrong, at its field', (name, value) => {
  const wrong = () => personIn(fields({ [name]: value }), place);
  expect(wrong).toThrow(HubError);
  try {
    wrong();
  } catch (error) {
    expect((error as HubError).problems.map(({ expression }) => expression)).toEqual([name]);
  }
});
