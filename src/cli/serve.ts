import { readConfig } from '../config.ts';
import type { Summary } from '../demo/seed.ts';
import { type Command, exitCode } from './command.ts';
import { greeting } from './greeting.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'run the hub',
  usage: `hub serve

Runs the hub until it is told to stop (Ctrl-C, SIGTERM). An empty database is filled with a demo network first,
unless HUB_ENV is production. Configuration comes from the environment:
  HUB_PORT (8080), HUB_HOST (127.0.0.1), HUB_DATA (./data), HUB_DATABASE_URL (absent: SQLite in HUB_DATA),
  HUB_BASE_URL (absent: from host and port), HUB_ENV (development, test, production), HUB_LOG (info)`,

  async run(_args, io) {
    const [{ startHub }, { seedDemo }] = await Promise.all([import('../main.ts'), import('../demo/seed.ts')]);
    const config = readConfig();
    const seeded = Promise.withResolvers<Summary>();
    const { url, stop } = await startHub(config, {
      prepare: async hub => seeded.resolve(await seedDemo(hub, config)),
    });
    for (const line of greeting(config, url, await seeded.promise)) io.out(line);
    await new Promise<void>(resolve => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    io.err('Stopping …');
    await stop();
    return exitCode.ok;
  },
};
