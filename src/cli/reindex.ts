import { parseArgs } from 'node:util';
import { reindex } from '../fhir/reindex.ts';
import { type Command, exitCode, withHub } from './command.ts';

/** `hub reindex` */
export const reindexing: Command = {
  name: 'reindex',
  summary: 'index what is stored by the search parameters as they are now',
  usage: `hub reindex

Indexes every stored resource again, by the search parameters of FHIR R4 and those in profiles/. Needed once after
a search parameter was added or changed: what was stored before is found by it only then. Start the hub anew first,
so that what it writes meanwhile is indexed by the new parameters too.

It works while the hub runs, in small steps. Stopped, it goes on where it was when it is called again.`,

  async run(args, io, open) {
    parseArgs({ args, options: {}, strict: true });
    return withHub(open, async hub => {
      const done = await reindex(hub.parts, count => io.status?.(`${count} resources indexed`));
      io.status?.('');
      io.out(`${done} resources are indexed.`);
      return exitCode.ok;
    });
  },
};
