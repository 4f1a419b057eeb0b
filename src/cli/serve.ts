import { readConfig } from '../config.ts';
import { type Command, exitCode } from './command.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'run the hub',
  usage: `hub serve

Runs the hub until it is told to stop (Ctrl-C, SIGTERM). Configuration comes from the environment:
  HUB_PORT (8080), HUB_HOST (127.0.0.1), HUB_DATA (./data), HUB_DATABASE_URL (absent: SQLite in HUB_DATA),
  HUB_BASE_URL (absent: from host and port), HUB_ENV (development, test, production), HUB_LOG (info)`,

  async run(_args, io) {
    const { startHub } = await import('../main.ts');
    const running = await startHub(readConfig());
    io.out(`Warm Handoff listens on ${running.url}`);
    await new Promise<void>(resolve => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    io.err('Stopping …');
    await running.stop();
    return exitCode.ok;
  },
};
