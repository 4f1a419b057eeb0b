import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** A SMART app on a port of its own, made with fhirclient: `launch.html` starts it, `index.html` shows what it got. */
export interface SmartApp {
  origin: string;
  stop(): Promise<void>;
}

const library = readFileSync(createRequire(import.meta.url).resolve('fhirclient/build/fhir-client.js'));

const page = (
  script: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Growth Chart</title>
<link rel="icon" href="data:,"></head>
<body><pre id="got">waiting</pre><script src="fhir-client.js"></script><script>
const show = value => { document.getElementById('got').textContent = JSON.stringify(value); document.title = 'done'; };
${script}
</script></body></html>`;

/** What it does: authorizes, reads the patient and searches Observations, refreshes, and searches again. */
const work = page(`
FHIR.oauth2.ready().then(async client => {
  const patient = await client.patient.read();
  const before = await client.request('Observation?_summary=count');
  const first = client.state.tokenResponse.access_token;
  await client.refresh();
  const after = await client.request('Observation?_summary=count');
  show({
    patient: patient.id, observations: [before.total, after.total], refreshed: first !== client.state.tokenResponse.access_token,
    user: client.user.fhirUser, intent: client.state.tokenResponse.intent ?? null,
    scope: client.state.tokenResponse.scope, token: client.state.tokenResponse.access_token,
  });
}).catch(error => show({ error: String(error) }));`);

const start = (clientId: string, scope: string) =>
  page(`
const iss = new URL(location).searchParams.get('iss');
FHIR.oauth2.authorize({ clientId: ${JSON.stringify(clientId)}, scope: ${JSON.stringify(scope)}, redirectUri: 'index.html', pkceMode: 'required', ...(iss ? { iss } : {}) })
  .catch(error => show({ error: String(error) }));`);

export async function startSmartApp(clientId: string): Promise<SmartApp> {
  const scope = 'openid fhirUser offline_access patient/*.rs';
  const content = new Map<string, [string, string | Buffer]>([
    ['/fhir-client.js', ['text/javascript', library]],
    ['/index.html', ['text/html', work]],
    ['/standalone.html', ['text/html', start(clientId, `launch/patient ${scope}`)]],
    ['/launch.html', ['text/html', start(clientId, `launch ${scope}`)]],
  ]);
  const server = createServer((request, response) => {
    const found = content.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    response.writeHead(found ? 200 : 404, { 'content-type': found?.[0] ?? 'text/plain' }).end(found?.[1]);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  };
}
