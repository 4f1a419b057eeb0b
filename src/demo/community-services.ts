import type { ServiceEntry } from './services.ts';

/** What a community organization's entry has in common with the others unless it says otherwise. */
const usual = {
  id: 'service',
  area: 'county',
  fee: 'free',
  languages: ['en'],
  capacity: 'capacity',
} as const;

/** Help with housing, food, work, transport and company. */
export const communityServices: readonly ServiceEntry[] = [
  {
    ...usual,
    id: 'beds',
    organization: 'harbor-shelter',
    name: 'Emergency beds',
    comment: 'Forty beds for adults, open day and night; a bed is held until 9 pm.',
    types: [
      ['126', 'Crisis/Emergency Accommodation'],
      ['127', 'Homelessness Support'],
    ],
    ages: [18, undefined],
    languages: ['en', 'es'],
    traits: ['wheelchair', 'women-staff'],
    openingIn: 0,
  },
  {
    ...usual,
    organization: 'alder-food-shelf',
    name: 'Groceries and meals',
    comment: 'A week of groceries for a household, twice a month; delivery for those who cannot come.',
    types: [['548', 'Food Relief/Food/Meals']],
    languages: ['en', 'es', 'so'],
    traits: ['home-visits'],
  },
  {
    ...usual,
    organization: 'steps-to-work',
    name: 'Supported employment',
    comment: 'A job coach who stays after the first day of work.',
    types: [['118', 'Employment Placement and/or Support']],
    ages: [16, 67],
    languages: ['en', 'es'],
    openingIn: 7,
  },
  {
    ...usual,
    organization: 'county-rides',
    name: 'Rides to appointments',
    comment: 'Call two days ahead; wheelchairs are no problem.',
    types: [
      ['295', 'Community Transport'],
      ['230', 'Patient Transport'],
    ],
    traits: ['wheelchair'],
  },
  {
    ...usual,
    organization: 'common-ground-peers',
    name: 'Peer support',
    comment: 'One-to-one and in groups, by people who have been there themselves.',
    types: [
      ['553', '1-on-1 Support /Mentoring /Coaching'],
      ['224', 'Support Groups'],
    ],
    ages: [18, undefined],
    traits: ['evening-hours', 'telehealth'],
  },
  {
    ...usual,
    organization: 'prairie-legal-aid',
    name: 'Civil legal aid',
    comment: 'Evictions, benefits, guardianship.',
    types: [
      ['133', 'Legal Information/Advice/Referral'],
      ['132', 'Legal Advocacy'],
    ],
    languages: ['en', 'es'],
    traits: ['interpreter'],
    capacity: 'waitlist',
  },
  {
    ...usual,
    organization: 'little-alders',
    name: 'Childcare during treatment',
    comment: 'Places kept for parents in a treatment program.',
    types: [['284', 'Child Care']],
    ages: [0, 6],
    fee: 'sliding',
  },
  {
    ...usual,
    organization: 'housing-authority',
    name: 'Housing vouchers and placement',
    comment: 'Applications are taken all year; the list is long.',
    types: [
      ['128', 'Housing Information/Referral'],
      ['125', 'Accommodation Placement/Support'],
    ],
    traits: ['interpreter', 'wheelchair'],
    capacity: 'waitlist',
  },
  {
    ...usual,
    organization: 'safe-passage',
    name: 'Refuge and counseling',
    comment:
      'For people who leave a violent home, with their children. Call first: the address is not given out.',
    types: [
      ['72', 'Family Violence Counselling'],
      ['310', 'Crisis Refuge'],
    ],
    languages: ['en', 'es', 'vi'],
    traits: ['women-staff', 'interpreter'],
  },
  {
    ...usual,
    organization: 'veterans-office',
    name: 'Help for veterans',
    comment: 'Benefits, claims and company for people who have served.',
    types: [['546', 'Veterans Services']],
    ages: [17, undefined],
    program: 'veterans',
  },
  {
    ...usual,
    organization: 'lantern-clubhouse',
    name: 'Clubhouse',
    comment: 'A place to be and to work, run by its members.',
    types: [
      ['139', 'Mental Health Non-residential Rehab'],
      ['443', 'Social Support'],
    ],
    ages: [18, undefined],
    traits: ['wheelchair', 'evening-hours'],
  },
  {
    ...usual,
    organization: 'new-leaf-house',
    name: 'Recovery house',
    comment: 'Ten rooms for people in recovery, up to a year.',
    types: [
      ['111', 'Residential Alcohol/Drug Treatment'],
      ['140', 'Mental Health Residential Rehab/CCU'],
    ],
    ages: [18, undefined],
    payers: ['prairie-medicaid'],
    fee: 'sliding',
    capacity: 'no-capacity',
  },
];
