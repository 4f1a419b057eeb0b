import { buildDefinitions } from './build.ts';
import { writeCache } from './cache.ts';

/** The program that compiles the definitions into the cache file it is given; imported, it does nothing. */
const [, , file] = process.argv;
if (import.meta.main && file) await writeCache(file, await buildDefinitions());
