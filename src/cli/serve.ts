import { type Config, readConfig } from '../config.ts';
import type { Summary } from '../demo/seed.ts';
import type { RunningHub } from '../main.ts';
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
    const { startHub } = await import('../main.ts');
    const config = readConfig();
    const running = await startHub(config, { bots: false });
    const demo = await withDemo(running, config);
    running.hub.events.start();
    for (const line of greeting(config, running.url, demo)) io.out(line);
    await new Promise<void>(resolve => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    io.err('Stopping …');
    await running.stop();
    return exitCode.ok;
  },
};

/** The demo network is there before the bots are let loose: it plays its own past with them. */
async function withDemo(running: RunningHub, config: Config): Promise<Summary> {
  const { seedDemo } = await import('../demo/seed.ts');
  try {
    return await seedDemo(running.hub, config);
  } catch (error) {
    await running.stop();
    throw error;
  }
}
