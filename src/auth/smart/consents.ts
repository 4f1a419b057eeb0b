import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider, ProviderInteraction } from 'oidc-provider/lib/provider.js';
import { scopesOf } from '../../access/roles.ts';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Records } from '../../store/store.ts';
import { type Client, findClient } from '../clients.ts';
import type { People, SignedInPerson } from '../people.ts';
import { readScopes, type ScopeList, wordsOf } from '../scopes.ts';
import { subjectOf } from './account-id.ts';
import { grantedScope } from './granted-scope.ts';
import type { Grants } from './grants.ts';
import type { LaunchContext } from './launch-context.ts';
import type { Launches } from './launches.ts';

/** A browser that came to decide about an app. */
export interface Visit {
  req: IncomingMessage;
  res: ServerResponse;
}

/** What a person decides about. */
export interface Question {
  uid: string;
  client: Client;
  person: SignedInPerson;
  /** What the app would get of what it asks for. */
  granted: ScopeList;
  /** Whose record the app was opened for. */
  patient?: string;
  /** The app works on one record, and nobody has said yet on which. */
  needsPatient: boolean;
  /** Why it cannot be allowed. */
  impossible?: string;
  /** Where the browser goes with the answer. */
  redirectUri: string;
}

/** The part of an authorization in which a person is asked. */
export interface Consents {
  /** `nobody`: sign in first and come back. HubError `not-found` when there is nothing to decide (any more). */
  question(visit: Visit): Promise<Question | 'nobody'>;
  /**
   * @param patient whom the person has picked; that they may see the record is asked before
   * @returns where the browser goes
   */
  allow(visit: Visit, patient: string | undefined): Promise<string>;
  deny(visit: Visit): Promise<string>;
}

export interface ConsentParts {
  provider(): Promise<Provider>;
  records: Records;
  clock: Clock;
  people: People;
  grants: Grants;
  launches: Launches;
  /** The FHIR base URL. */
  audience: string;
  /** Logical id of the hub's own Organization, whose apps are for all. */
  network: string;
}

export function createConsents(parts: ConsentParts): Consents {
  const { people, grants, launches } = parts;

  async function question(visit: Visit): Promise<Question | 'nobody'> {
    const interaction = await pending(await parts.provider(), visit);
    const person = await people.fromCookie(visit.req.headers.cookie);
    if (!person) return 'nobody';
    const { client_id, scope = '', redirect_uri } = interaction.params;
    const client = await findClient(parts.records, parts.clock, String(client_id));
    if (!client || client.suspended) throw gone();
    const launch = await launchOf(interaction);
    const granted = readScopes(grantedScope(String(scope), scopesOf(person.role)));
    const patient = launch?.context.patient;
    const about =
      granted.resources.some(one => one.level === 'patient') || granted.others.includes('launch/patient');
    const impossible = reasonAgainst(client, person, parts.network, launch?.organization);
    return {
      uid: interaction.uid,
      client,
      person,
      granted,
      ...(patient === undefined ? {} : { patient }),
      needsPatient: about && patient === undefined,
      ...(impossible === undefined ? {} : { impossible }),
      redirectUri: String(redirect_uri),
    };
  }

  /** Of an app that asks for the context it was launched in. */
  async function launchOf({ params }: ProviderInteraction) {
    if (typeof params.launch !== 'string' || !wordsOf(String(params.scope)).includes('launch'))
      return undefined;
    const launch = await launches.find(params.launch, String(params.client_id));
    if (!launch) throw gone();
    return launch;
  }

  async function grant(visit: Visit, { person, client, ...asked }: Question, picked: string | undefined) {
    const provider = await parts.provider();
    const interaction = await pending(provider, visit);
    const launch = await launchOf(interaction);
    if (launch && !(await launches.use(String(interaction.params.launch)))) throw gone();
    const scope = grantedScope(String(interaction.params.scope ?? ''), scopesOf(person.role));
    const patient = asked.patient ?? (asked.needsPatient ? picked : undefined);
    const context: LaunchContext = { ...launch?.context, ...(patient === undefined ? {} : { patient }) };
    const made = new provider.Grant({ accountId: subjectOf(person), clientId: client.clientId });
    made.addOIDCScope(scope);
    made.addResourceScope(parts.audience, scope);
    const id = await made.save();
    await grants.setContext(id, context);
    // What the role takes away was not asked for, as far as the app is told.
    interaction.params.scope = scope;
    await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
    const result = { login: { accountId: subjectOf(person) }, consent: { grantId: id } };
    return provider.interactionResult(visit.req, visit.res, result);
  }

  const refuse = async (visit: Visit, error_description: string) =>
    (await parts.provider()).interactionResult(visit.req, visit.res, {
      error: 'access_denied',
      error_description,
    });

  return {
    question,
    async allow(visit, patient) {
      const asked = await question(visit);
      if (asked === 'nobody') throw new HubError('unauthorized', 'Sign in again, and then allow the app.');
      if (asked.impossible !== undefined) return refuse(visit, asked.impossible);
      if (asked.needsPatient && patient === undefined)
        throw new HubError('invalid', 'Choose whose record the app is to work on.');
      return grant(visit, asked, patient);
    },
    deny: visit => refuse(visit, 'the person did not allow it'),
  };
}

function reasonAgainst(
  client: Client,
  person: SignedInPerson,
  network: string,
  launchedBy: string | undefined,
): string | undefined {
  if (client.organization !== network && client.organization !== person.organization)
    return 'the app is registered for people of another organization';
  if (launchedBy !== undefined && launchedBy !== person.organization)
    return 'the app was opened for another organization than the one the person acts for';
  return undefined;
}

async function pending(provider: Provider, { req, res }: Visit): Promise<ProviderInteraction> {
  try {
    return await provider.interactionDetails(req, res);
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') throw gone();
    throw error;
  }
}

const gone = (): HubError =>
  new HubError(
    'not-found',
    'There is nothing to allow here any more. Open the app again from where you started.',
  );
