import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Audit } from './audit/audit.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { createHub, type Hub } from './hub.ts';

export interface RunningHub {
  hub: Hub;
  /** Where it listens, without a slash at the end. */
  url: string;
  stop(): Promise<void>;
}

export interface StartOptions {
  clock?: Clock;
  /** False: the bots run when they are told to. */
  bots?: boolean;
  /** False: the hub's own profiles and terminology are not made readable through its API. */
  definitions?: boolean;
  /** What is done to the hub before it answers and its bots run. */
  prepare?(hub: Hub): Promise<unknown>;
  /** See HubOptions. */
  audit?: Audit;
  profileFolder?: string;
  /** Instead of the usual patience with slow requests, in milliseconds. */
  slowest?: Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'connectionsCheckingInterval'>;
}

/**
 * Milliseconds for which a connection may take its time: with its headers, with a whole request (the largest body
 * in two minutes is 4 Mbit/s), and between requests. A request that is slower is answered 408.
 */
const slowest = { headersTimeout: 15_000, requestTimeout: 120_000, keepAliveTimeout: 65_000 };

/** Listens, puts the hub together, lets the bots run; until the hub is ready, requests are told to come back. */
export async function startHub(config: Config, options: StartOptions = {}): Promise<RunningHub> {
  let listener: RequestListener = notReady;
  const limits = { ...slowest, ...options.slowest };
  const server = createServer(limits, (request, response) => listener(request, response));
  const { port } = await listen(server, config);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = config.baseUrl ?? `http://${host}:${port}`;
  const { clock = systemClock, audit, profileFolder } = options;
  const hub = await createHub({
    config,
    clock,
    baseUrl: url,
    ...(audit ? { audit } : {}),
    ...(profileFolder ? { profileFolder } : {}),
  }).catch(error => {
    server.close();
    throw error;
  });
  try {
    // Prepared first: the demo network is for a database in which nothing was ever written.
    await options.prepare?.(hub);
    if (options.definitions !== false) await hub.publishDefinitions();
  } catch (error) {
    await stop(server, hub);
    throw error;
  }
  listener = getRequestListener(hub.app.fetch);
  if (options.bots !== false) {
    hub.events.start();
    hub.delivery.start();
  }
  hub.housekeeping.start();
  hub.sealer.start();
  return { hub, url, stop: () => stop(server, hub) };
}

function listen(server: Server, config: Config): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => resolve(server.address() as AddressInfo));
  });
}

/** Answers what has begun, then lets go of the database. */
async function stop(server: Server, hub: Hub): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), 5000);
  await closed;
  clearTimeout(impatient);
  await hub.close();
}

const notReady: RequestListener = (_request, response) => {
  response.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '2' });
  response.end('The hub is starting.\n');
};
