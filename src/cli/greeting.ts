import type { Config } from '../config.ts';
import type { Summary } from '../demo/seed.ts';

/** What a hub that has started says: where it listens, what is in it, and what to try next. */
export function greeting(config: Config, url: string, demo: Summary): string[] {
  const listens = `Warm Handoff listens on ${url}`;
  const api = `The FHIR API is at ${url}/fhir; ${url}/fhir/metadata says what it can do.`;
  if (demo.outcome === 'production' || demo.outcome === 'occupied') return [listens, api];
  return [
    listens,
    `${inWords[demo.outcome]} the demo network: ${demo.organizations} organizations of a fictional county, ${demo.people} people on their way.`,
    '',
    'Try next:',
    ...commands(config, url).flatMap(([what, command]) => [`  # ${what}`, `  ${command}`]),
  ];
}

const inWords = { seeded: 'It holds', present: 'It still holds' };

type Command = readonly [what: string, command: string];

function commands(config: Config, url: string): Command[] {
  const token = `$(${settings(config)}npx hub token --client general-hospital)`;
  return [
    [
      'the referrals that General Hospital sees, over the FHIR API',
      `curl -s -H "Authorization: Bearer ${token}" '${url}/fhir/Task?_sort=-_lastUpdated&_count=5&_elements=status,for,owner'`,
    ],
    ['a whole referral, from the ward to the outcome, as three parties play it', 'npm run demo'],
    ['the pages people work in, as one of the county, in a browser', url],
  ];
}

/** A command must find the same database: settings that are not the usual ones go before it. */
function settings({ data, databaseUrl }: Config): string {
  if (databaseUrl) return 'HUB_DATABASE_URL="$HUB_DATABASE_URL" ';
  return data === './data' ? '' : `HUB_DATA=${quoted(data)} `;
}

const quoted = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
