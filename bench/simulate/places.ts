import type { Position } from '../../src/referral/routing/place.ts';
import { numbersOf, pick, sharesOf } from './distributions.ts';
import { around, type Draw, normal, probabilityAround } from './draw.ts';
import { areNeighbors, type County, somewhereIn, weighted } from './geography.ts';

/** What the directory lists of a place, as it was entered once. */
export interface Listed {
  /** Counties, by index; absent: it takes people from anywhere. */
  areas?: number[];
  /** Empty with `free`. */
  payers: string[];
  fee: 'free' | 'by-income' | 'payers';
  /** Besides English. */
  languages: string[];
  interpreter: boolean;
  ages: 'all' | 'adults' | 'children';
}

/** What is so, and what no way of sending sees. */
export interface Truth {
  closed: boolean;
  payers: string[];
  languages: string[];
  /** Probability that it answers at all. */
  answers: number;
  /** Medians, in business hours. */
  answerHours: number;
  schedulingHours: number;
  recordingHours: number;
  urgentHours: number;
  /** Days between two statements of its room; absent: it makes none any more. */
  updateDays?: number;
}

export interface Place {
  index: number;
  /** Logical id of its Organization. */
  id: string;
  name: string;
  kind: 'center' | 'resource';
  county: County;
  position: Position;
  listed: Listed;
  truth: Truth;
  /** Its place in a printed list. */
  order: number;
  fame: number;
}

const { placeSpreadKm, placesExponent } = numbersOf('geography', 'placeSpreadKm', 'placesExponent');
const answered = numbersOf('answered', 'centers', 'resources', 'logitSpread');
const answerHours = numbersOf('answerHours', 'median', 'betweenPlaces');
const scheduling = numbersOf('scheduling', 'median', 'betweenPlaces');
const recording = numbersOf('recording', 'median', 'betweenPlaces');
const urgent = numbersOf('urgentVisit', 'median', 'spread');
const closed = numbersOf('closed', 'share');
const wrong = numbersOf('wrongEntries', 'payer', 'language');
const fame = numbersOf('known', 'fame');
const sliding = numbersOf('slidingFee', 'centers');
const accepted = numbersOf('acceptedPayers', 'medicaid', 'private', 'medicare', 'other');

/** One place: where it is, what the directory says of it, and what is so. */
export function place(index: number, kind: Place['kind'], all: readonly County[], draw: Draw): Place {
  const at = weighted(
    all.map(({ people }) => people ** placesExponent),
    draw('county', index, 7),
  );
  const county = all[at] as County;
  const listed = listedOf(index, kind, county, all, draw);
  return {
    index,
    id: `${kind}-${String(index).padStart(4, '0')}`,
    name: `${kind === 'center' ? 'Center' : 'Resource'} ${index}`,
    kind,
    county,
    position: somewhereIn(county, placeSpreadKm, draw, 'position', index),
    listed,
    truth: truthOf(index, kind, listed, draw),
    order: draw('list', index),
    fame: around(1, fame.fame, normal(draw, 'fame', index)),
  };
}

function listedOf(
  index: number,
  kind: Place['kind'],
  county: County,
  all: readonly County[],
  draw: Draw,
): Listed {
  const spoken = pick(
    sharesOf(kind === 'center' ? 'spokenByCenters' : 'spokenByResources'),
    draw('languages', index),
  );
  const areas = areasOf(index, county, all, draw);
  const payers = Object.entries(accepted).filter(([, share], at) => draw('payers', index, at) < share);
  const byIncome = draw('sliding', index) < sliding.centers;
  return {
    ...(areas ? { areas } : {}),
    payers: kind === 'center' ? payers.map(([name]) => name) : [],
    fee: kind === 'resource' ? 'free' : byIncome ? 'by-income' : 'payers',
    languages: spoken.startsWith('spanish') ? ['es'] : [],
    interpreter: spoken === 'interpreter' || spoken === 'spanishAndInterpreter',
    ages: pick(sharesOf('ages'), draw('ages', index)) as Listed['ages'],
  };
}

function areasOf(index: number, county: County, all: readonly County[], draw: Draw): number[] | undefined {
  const how = pick(sharesOf('catchment'), draw('catchment', index));
  if (how === 'anywhere') return undefined;
  const others = how === 'neighbors' ? all.filter(other => areNeighbors(county, other)) : [];
  return [county, ...others].map(one => one.index);
}

function truthOf(index: number, kind: Place['kind'], listed: Listed, draw: Draw): Truth {
  const gone = (what: 'payer' | 'language') =>
    draw('wrong', index, what === 'payer' ? 1 : 2) < wrong[what] ? 1 : 0;
  const every = pick(sharesOf('updates'), draw('updates', index));
  const mean = kind === 'center' ? answered.centers : answered.resources;
  const speed = (median: number, spread: number, which: number) =>
    around(median, spread, normal(draw, 'speed', index, which));
  return {
    closed: draw('closed', index) < closed.share,
    payers: listed.payers.slice(gone('payer')),
    languages: listed.languages.slice(gone('language')),
    answers: probabilityAround(mean, answered.logitSpread, normal(draw, 'answers', index)),
    answerHours: speed(answerHours.median, answerHours.betweenPlaces, 1),
    schedulingHours: speed(scheduling.median, scheduling.betweenPlaces, 2),
    recordingHours: speed(recording.median, recording.betweenPlaces, 3),
    urgentHours: speed(urgent.median, urgent.spread, 4),
    ...(every === 'never' ? {} : { updateDays: Number(every) }),
  };
}
