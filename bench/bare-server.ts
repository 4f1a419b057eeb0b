/** What the read benchmark is compared with: an app that sends a given answer, byte for byte, and does nothing else. */
import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const answer: { headers: Record<string, string>; body: string } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
);
const app = new Hono();
app.get('/fhir/Patient/:id', c => c.body(answer.body, 200, answer.headers));
app.get('/fhir/Observation', c => c.body(answer.body, 200, answer.headers));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`listens on http://127.0.0.1:${port}`);
});
