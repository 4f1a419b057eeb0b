/**
 * Chance that belongs to what it is about: a draw is a function of the seed, of what is drawn and of the keys (a
 * referral, a place, an attempt), never of what was drawn before. So three ways of sending meet the same fate where
 * they do the same. From 0 to 1 (exclusive), evenly.
 */
export type Draw = (stream: Stream, ...keys: number[]) => number;

/** What is drawn; the numbers must not change, or another network comes out of a seed. */
export const streams = {
  county: 1,
  position: 2,
  kind: 3,
  catchment: 4,
  payers: 5,
  languages: 6,
  ages: 7,
  closed: 8,
  wrong: 9,
  updates: 10,
  answers: 11,
  speed: 12,
  declines: 13,
  room: 14,
  backlog: 15,
  patience: 16,
  list: 17,
  fame: 18,
  stated: 19,
  arrival: 20,
  hospital: 21,
  person: 22,
  home: 23,
  need: 24,
  answered: 25,
  answerTime: 26,
  reminded: 27,
  live: 28,
  fits: 29,
  outside: 30,
  scheduling: 31,
  attends: 32,
  again: 33,
  known: 34,
  sliding: 35,
  recording: 36,
} as const;
export type Stream = keyof typeof streams;

export function draws(seed: number): Draw {
  return (stream, ...keys) => {
    let hash = mixed(0x9e3779b9 ^ seed, streams[stream]);
    for (const key of keys) hash = mixed(hash, key);
    return mixed(hash, 0x51ed270b) / 2 ** 32;
  };
}

/** Two rounds of the finalizer of MurmurHash3. */
function mixed(hash: number, key: number): number {
  let value = (hash ^ Math.imul(key + 0x7f4a7c15, 0x85ebca6b)) >>> 0;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  value = Math.imul((value ^ (value >>> 16)) >>> 0, 0x9e3779b1);
  return (value ^ (value >>> 15)) >>> 0;
}

/** Of the normal distribution with mean 0 and spread 1. */
export function normal(draw: Draw, stream: Stream, ...keys: number[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draw(stream, ...keys, 1)));
  return radius * Math.cos(2 * Math.PI * draw(stream, ...keys, 2));
}

/** Around a median, with the spread of its logarithm. */
export const around = (median: number, spread: number, standard: number): number =>
  median * Math.exp(spread * standard);

/** A probability around another one, with the spread of its logit. */
export function probabilityAround(mean: number, spread: number, standard: number): number {
  const logit = Math.log(mean / (1 - mean)) + spread * standard;
  return 1 / (1 + Math.exp(-logit));
}
