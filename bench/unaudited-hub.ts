/** A hub that records nothing, which no configuration makes: what the audit costs is measured against it. */
import { readConfig } from '../src/config.ts';
import { startHub } from '../src/main.ts';

const nothing = async () => undefined;
const events = { read: nothing, search: async () => [] };
const running = await startHub(readConfig(), { audit: { record: nothing, ready: nothing, events } });
console.log(`listens on ${running.url}`);
process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)));
