/** Token buckets in the memory of this process: with several processes each lets through its own share. */
export interface RateLimit {
  /** Seconds to wait before `key` may go on; 0: it may, and one token is taken. */
  take(key: string): number;
  /** The same, without taking one. */
  wait(key: string): number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds of the clock given. */
  at: number;
}

/** Full buckets are forgotten when there are so many: an unknown key has a full one. */
const manyBuckets = 10_000;

/**
 * `perMinute` at once, and as many again over each minute; 0 is no limit.
 *
 * @param now milliseconds of a clock that nobody sets back
 */
export function createRateLimit(perMinute: number, now: () => number = () => performance.now()): RateLimit {
  if (perMinute === 0) return { take: () => 0, wait: () => 0 };
  const perMillisecond = perMinute / 60_000;
  const buckets = new Map<string, Bucket>();
  const refilled = ({ tokens, at }: Bucket): number =>
    Math.min(perMinute, tokens + (now() - at) * perMillisecond);
  const bucketOf = (key: string): Bucket => {
    const known = buckets.get(key);
    return { tokens: known ? refilled(known) : perMinute, at: now() };
  };
  const secondsUntilOne = ({ tokens }: Bucket): number =>
    tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perMillisecond / 1000);
  return {
    wait: key => secondsUntilOne(bucketOf(key)),
    take(key) {
      const bucket = bucketOf(key);
      const seconds = secondsUntilOne(bucket);
      if (seconds > 0) return seconds;
      if (buckets.size >= manyBuckets) forgetFull(buckets, one => refilled(one) >= perMinute);
      buckets.set(key, { ...bucket, tokens: bucket.tokens - 1 });
      return 0;
    },
  };
}

function forgetFull(buckets: Map<string, Bucket>, isFull: (bucket: Bucket) => boolean): void {
  for (const [key, bucket] of buckets) if (isFull(bucket)) buckets.delete(key);
}
