/** What the read benchmark is compared with: an app that sends given bytes and does nothing else. */
import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const body = readFileSync(process.argv[2] ?? '', 'utf8');
const app = new Hono();
for (const path of ['/fhir/Patient/:id', '/fhir/Observation'])
  app.get(path, c => c.body(body, 200, { 'Content-Type': 'application/fhir+json; charset=utf-8' }));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`listens on http://127.0.0.1:${port}`);
});
