import { workerData } from 'node:worker_threads';
import { buildDefinitions } from './build.ts';
import { writeCache } from './cache.ts';

/** The thread that compiles the definitions into the cache file it is given; imported elsewhere it does nothing. */
const file: unknown = workerData?.definitionsCache;
if (typeof file === 'string') await writeCache(file, await buildDefinitions());
