import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Records } from '../../store/store.ts';
import { findClient } from '../clients.ts';
import { randomSecret } from '../secrets.ts';
import { type LaunchContext, launchContext } from './launch-context.ts';

/** An EHR launch (https://hl7.org/fhir/smart-app-launch/app-launch.html#launch-app-ehr-launch): who started it, of which app. */
export interface Launch {
  client: string;
  organization: string;
  context: LaunchContext;
}

/** What the EHR opens in a browser to start the app. */
export interface StartedLaunch {
  launch: string;
  url: string;
  /** Seconds. */
  expiresIn: number;
}

export interface Launches {
  /**
   * @param request what an EHR or a page sent: the app's client id beside the fields of a LaunchContext
   * @throws HubError `invalid` for a request that is not right, or an app that is not launched from here
   */
  start(organization: string, request: unknown): Promise<StartedLaunch>;
  /** The launch with this handle, of this app; undefined when there is none (any more). */
  find(launch: string, client: string): Promise<Launch | undefined>;
  /** A launch is used once: true for the first who does. */
  use(launch: string): Promise<boolean>;
}

const kind = 'launch';
const usedKind = 'launch-used';
const seconds = 600;
const digest = (launch: string) => hash('sha256', launch, 'base64url');
const asked = z.strictObject({ ...launchContext.shape, client: z.string().max(64) });

export function createLaunches(
  records: Records,
  clock: Clock,
  issuer: { fhir: string; network: string },
): Launches {
  const now = () => clock.now().getTime();
  return {
    async start(organization, request) {
      const parsed = asked.safeParse(request);
      if (!parsed.success) throw faultsOf(parsed.error);
      const { client: clientId, ...context } = parsed.data;
      const client = await findClient(records, clock, clientId);
      const ours = client && [organization, issuer.network].includes(client.organization);
      if (!client?.launchUrl || client.suspended || !ours) {
        throw new HubError('invalid', {
          text: 'No app that can be launched here is registered under this client id (hub client add --launch-url)',
          expression: 'client',
        });
      }
      const launch = randomSecret();
      const value: Launch = { client: clientId, organization, context };
      await records.put({ kind, id: digest(launch), value, expires: now() + seconds * 1000, family: null });
      const url = new URL(client.launchUrl);
      url.searchParams.set('iss', issuer.fhir);
      url.searchParams.set('launch', launch);
      return { launch, url: url.href, expiresIn: seconds };
    },
    async find(launch, client) {
      const record = await records.get(kind, digest(launch), now());
      const found = record?.value as Launch | undefined;
      return found?.client === client ? found : undefined;
    },
    async use(launch) {
      const expires = now() + seconds * 1000;
      return records.insert(
        { kind: usedKind, id: digest(launch), value: null, expires, family: null },
        now(),
      );
    },
  };
}

const faultsOf = (error: z.ZodError): HubError =>
  new HubError(
    'invalid',
    error.issues.map(issue => ({ text: issue.message, expression: issue.path.join('.') || 'launch' })),
  );
