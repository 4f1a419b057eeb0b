import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { type Logger, pino } from 'pino';
import type { Actor } from './access/actor.ts';
import { type Audit, createAudit } from './audit/audit.ts';
import { personEntry } from './audit/person.ts';
import { createSealer, type Sealer } from './audit/sealer.ts';
import { signInEntry } from './audit/sign-in.ts';
import { cookieNames } from './auth/accounts/cookies.ts';
import { tokenEnder } from './auth/accounts/end-tokens.ts';
import { type Accounts, createPeople } from './auth/accounts/people.ts';
import { type Authorization, createAuthorization } from './auth/authorization.ts';
import { clientActors } from './auth/client-actor.ts';
import { createScopeReader } from './auth/scope-reader.ts';
import { createSeal, sealingKey } from './auth/sealing.ts';
import { careRules } from './care/rules.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { type BotDesk, createBotDesk } from './events/bot-desk.ts';
import type { Delivery } from './events/delivery/delivery.ts';
import { createEvents, type Events } from './events/events.ts';
import { forOperators } from './events/operator.ts';
import { createParked, type Parked } from './events/parked.ts';
import { bots } from './events/registry.ts';
import { directoryBots } from './exchange/hsds/refresh-bot.ts';
import { canAnswer } from './exchange/links/can-answer.ts';
import { createLinkService, type LinkService } from './exchange/links/link-service.ts';
import type { SendMail } from './exchange/mail.ts';
import { documents } from './exchange/scanner.ts';
import { createSending } from './exchange/sending.ts';
import { criteriaContext } from './exchange/subscriptions/criteria.ts';
import { createSubscriptions } from './exchange/subscriptions/subscriptions.ts';
import { ownDefinitions } from './fhir/conformance/own-definitions.ts';
import { publish } from './fhir/conformance/publish.ts';
import { createRepository } from './fhir/create-repository.ts';
import { loadDefinitions } from './fhir/definitions/definitions.ts';
import type { Scan } from './fhir/documents/document-rule.ts';
import { createExtract } from './fhir/index/extract.ts';
import { indexNames } from './fhir/index/of-type.ts';
import { createReferences } from './fhir/index/references.ts';
import { remembered } from './fhir/index/remembered.ts';
import { createRewrite } from './fhir/index/rewrite.ts';
import { createMemory } from './fhir/memory.ts';
import { enforcedProfiles } from './fhir/packages/enforced.ts';
import { publishPackages } from './fhir/packages/publish-packages.ts';
import { pagingKey } from './fhir/paging-key.ts';
import type { Parts } from './fhir/parts.ts';
import type { Repository } from './fhir/repository.ts';
import { createScopeQuery } from './fhir/scope-query.ts';
import { createTerminology } from './fhir/terminology/create-terminology.ts';
import { ownTerminology } from './fhir/terminology/own.ts';
import { loadPublished } from './fhir/terminology/published.ts';
import { createProfileValidator } from './fhir/validation/profile-validator.ts';
import { Profiles } from './fhir/validation/profiles/profiles.ts';
import { hubActor } from './fhir/write/write.ts';
import { createHousekeeping, type Housekeeping } from './housekeeping.ts';
import { createApp } from './http/app.ts';
import { ensureHubOrganization, hubOrganization } from './hub-organization.ts';
import { createLater } from './later.ts';
import { privacyOf } from './privacy.ts';
import { referralRules } from './referral/lifecycle/rules.ts';
import { readRules } from './rules.ts';
import { openAuditStore } from './store/audit/open.ts';
import type { AuditStore } from './store/audit/types.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { linkPath } from './web/link/routes.tsx';

export interface HubOptions {
  config: Config;
  clock: Clock;
  /** Where clients reach the hub, without a slash at the end. */
  baseUrl: string;
  /** Where the hub's own SearchParameters are, when it is not `profiles/`. */
  profileFolder?: string;
  /** Looks into files before they are kept; absent: what `config.scanUrl` names, if anything. */
  scan?: Scan;
  /** Instead of the audit: only for measuring what the audit costs. No configuration leaves it out. */
  audit?: Audit;
}

/** A hub that is put together but does not listen, and runs no bot until `events.start()`. */
export interface Hub {
  app: Hono;
  log: Logger;
  parts: Parts;
  store: Store;
  authorization: Authorization;
  /** Who signs in. */
  people: Accounts;
  sendMail: SendMail;
  /** Links for organizations without an account. */
  linkService: LinkService;
  /** The hub itself: its own Organization, all scopes. */
  hubActor: Actor;
  repository(actor: Actor): Repository;
  /** Makes the hub's own profiles and terminology readable through the API, where they have changed. */
  publishDefinitions(): Promise<void>;
  events: Events;
  /** Sends what the outbox holds. */
  delivery: Delivery;
  /** What bots and deliveries have given up, for operators. */
  parked: Parked;
  /** The bots, for operators. */
  botDesk: BotDesk;
  housekeeping: Housekeeping;
  /** Chains what the audit has recorded. */
  sealer: Sealer;
  auditStore: AuditStore;
  close(): Promise<void>;
}

/** The one place where parts meet. */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { config, clock, baseUrl, audit, profileFolder } = options;
  mkdirSync(config.data, { recursive: true });
  const rules = await readRules(config.rules);
  const log = pino({ level: config.log });
  const place = (file: string) =>
    config.databaseUrl ? { url: config.databaseUrl } : { file: join(config.data, file) };
  const [store, auditStore, definitions, published, own] = await Promise.all([
    openStore(place('hub.sqlite')),
    openAuditStore(place('audit.sqlite'), config.auditDurability),
    loadDefinitions({
      cacheFolder: config.cache,
      packageFolder: config.packages,
      ...(profileFolder ? { profileFolder } : {}),
    }),
    loadPublished(config.cache),
    ownTerminology(),
  ]);
  const numbers = await store.params(indexNames(definitions));
  const profiles = new Profiles(definitions.profiles);
  const terminology = createTerminology({
    published,
    own: [...own, ...definitions.packages.flatMap(one => one.terminology)],
    store,
    now: () => clock.now(),
    elapsed: () => performance.now(),
    onCommit: listener => store.feed.onCommit(listener),
  });
  const seal = createSeal(await sealingKey(config.secretKey, config.data));
  const criteria = criteriaContext({ definitions, numbers, baseUrl: `${baseUrl}/fhir`, clock });
  const outgoing = { allowedHosts: config.outgoingHosts, allowHttp: config.env !== 'production' };
  const subscriptions = createSubscriptions({ seal, outgoing, context: criteria });
  const parts: Parts = {
    store,
    clock,
    definitions,
    terminology,
    profiles,
    validate: createProfileValidator({
      definitions,
      profiles,
      terminology,
      enforced: enforcedProfiles(config.profiles, profiles),
    }),
    extract: createExtract(definitions, numbers),
    references: remembered(createReferences(definitions.schema)),
    rewrite: createRewrite(definitions.schema),
    numbers,
    rules: [
      ...referralRules(rules),
      ...careRules(rules.due),
      subscriptions.rule,
      documents(config, options.scan),
    ],
    rulePacks: rules,
    memory: createMemory(store),
    audit: audit ?? createAudit({ store: auditStore, clock, log }),
    pagingKey: await pagingKey(store.records, clock),
    privacy: privacyOf(config),
    hubOrganization,
    sendLink: task => linkService.sender.send(task),
    baseUrl: `${baseUrl}/fhir`,
  };
  const itself = hubActor(parts);
  const repository = (actor: Actor) => createRepository(parts, actor);
  const actorOf = clientActors(
    store.records,
    clock,
    createScopeReader(createScopeQuery(parts), definitions.resourceTypes),
  );
  const sending = createSending({ config, parts, seal, subscriptions, criteria, log, baseUrl, actorOf });
  const { delivery, sendMail } = sending;
  const later = createLater(log);
  const people = createPeople({
    store: store.accounts,
    clock,
    hub: repository(itself),
    hubOrganization,
    baseUrl,
    sendMail,
    seal,
    record: event => parts.audit.record(personEntry(event)),
    endTokens: tokenEnder(store.records, clock),
    later,
    cookies: cookieNames(baseUrl.startsWith('https:')),
    session: { idle: config.sessionIdleMinutes * 60_000, longest: config.sessionHours * 3_600_000 },
    secondFactor: config.env === 'production' ? 'everybody' : 'by-role',
    demo: config.env !== 'production',
  });
  const authorization = createAuthorization({
    store,
    clock,
    issuer: `${baseUrl}/oauth`,
    audience: parts.baseUrl,
    keyFolder: config.data,
    ...(config.secretKey ? { secretKey: config.secretKey } : {}),
    log,
    people,
    network: hubOrganization,
    readQuery: createScopeQuery(parts),
    outgoing,
    resourceTypes: definitions.resourceTypes,
    ...(config.rateLimit > 0 ? { refusals: { ofAddress: 120, ofClient: 20 } } : {}),
    record: signIn => parts.audit.record(signInEntry(signIn)),
  });
  await ensureHubOrganization(repository(itself));
  const linkService = createLinkService({
    parts,
    itself,
    log,
    mail: config.smtpUrl === undefined && config.env === 'production' ? undefined : sendMail,
    canAnswer: canAnswer(authorization.clients, people.management),
    address: `${baseUrl}${linkPath}`,
  });
  const sourceImport = { records: store.records, clock, hubActor: itself, repository, outgoing };
  const allBots = [...bots, linkService.bot, ...directoryBots(config.directorySources, sourceImport)];
  const events = createEvents({
    store,
    clock,
    bots: allBots,
    repositoryFor: ({ name }, organization = hubOrganization) =>
      repository({ ...itself, kind: 'bot', id: name, organization }),
    hubOrganization,
    rules,
    log,
  });
  const forOperator = forOperators({ audit: parts.audit, hubOrganization });
  const { channels } = sending;
  const parked = createParked({
    ...{ outbox: store.outbox, channels, events, clock, forOperator, hubOrganization },
    hub: repository(itself),
    soon: delivery.soon,
  });
  const { records } = store;
  const botDesk = createBotDesk({ bots: allBots, events, parked, records, clock, later, forOperator });
  const housekeeping = createHousekeeping(store, clock, log);
  const sealer = createSealer({ audit: auditStore, store, clock, log });
  const { headersOfCreated } = subscriptions;
  const app = createApp({
    ...{ config, parts, authorization, people, linkService, log, headersOfCreated },
    operations: { bots: botDesk, parked },
  });
  return {
    app,
    log,
    parts,
    store,
    authorization,
    people,
    sendMail,
    linkService,
    hubActor: itself,
    repository,
    async publishDefinitions() {
      const to = { store, itself: repository(itself), now: clock.now() };
      await publish({ name: 'hub', resources: await ownDefinitions() }, to);
      await publishPackages(definitions.packages, {
        ...to,
        parts,
        leftOut: (canonical, why) =>
          log.warn({ canonical, why }, 'a definition of a package is not published'),
      });
    },
    events,
    delivery,
    parked,
    botDesk,
    housekeeping,
    sealer,
    auditStore,
    async close() {
      housekeeping.stop();
      await later.settled();
      await events.stop();
      await sending.close();
      await sealer.stop();
      await Promise.all([store.close(), auditStore.close()]);
    },
  };
}
