import { join } from 'node:path';
import { z } from 'zod';
import { type HubRole, hubRoles, type StatePack, statePacks } from './access/consent/policy.ts';
import { defaultGraceDays } from './access/relationships.ts';

/** What coordinators attach: papers, pictures of papers, and documents of other systems. */
const documentTypes =
  'application/pdf image/jpeg image/png image/tiff text/plain text/xml application/xml application/fhir+json application/fhir+xml application/hl7-v2 application/msword application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const environment = z.object({
  HUB_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  HUB_HOST: z.string().min(1).default('127.0.0.1'),
  HUB_DATA: z.string().min(1).default('./data'),
  HUB_CACHE: z.string().min(1).optional(),
  /** FHIR packages that are loaded at the start; absent: `packages` in HUB_DATA. */
  HUB_PACKAGES: z.string().min(1).optional(),
  /** Canonical URLs of profiles, with spaces or commas between them. */
  HUB_PROFILES: z.string().default(''),
  HUB_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional(),
  HUB_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  HUB_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HUB_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  HUB_MAX_BODY_MB: z.coerce.number().positive().default(64),
  /** The largest file that is taken. */
  HUB_MAX_DOCUMENT_MB: z.coerce.number().positive().default(20),
  /** Media types of files that are taken, with spaces or commas between them. */
  HUB_DOCUMENT_TYPES: z.string().default(documentTypes),
  /** Where files are sent by POST to be looked into; absent: they are not. */
  HUB_SCAN_URL: z.url({ protocol: /^https?$/ }).optional(),
  HUB_RATE_LIMIT: z.coerce.number().int().min(0).default(6000),
  HUB_ROLE: z.enum(hubRoles).default('intermediary'),
  HUB_STATE_PACK: z.enum(statePacks).default('strict'),
  HUB_EMERGENCY_HOURS: z.coerce.number().positive().max(72).default(4),
  HUB_GRACE_DAYS: z.coerce.number().min(0).max(365).default(defaultGraceDays),
  HUB_AUDIT_DURABILITY: z.enum(['crash', 'power']).default('crash'),
  /** 32 bytes in base64: seals what is kept encrypted in the database. Absent: a key file in HUB_DATA. */
  HUB_SECRET_KEY: z.base64().optional(),
  /** Folder of rule packs that take the place of those shipped. */
  HUB_RULES: z.string().min(1).optional(),
  HUB_OUTGOING_HOSTS: z.string().default(''),
  /** Sources that the directory is refreshed from each night: `name=URL`, with spaces between them. */
  HUB_DIRECTORY_SOURCES: z
    .string()
    .regex(/^\s*([a-z][a-z0-9-]{0,30}=\S+\s*)*$/, 'must be name=URL, with spaces between')
    .default(''),
  HUB_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  HUB_MAIL_FROM: z.string().min(3).default('Warm Handoff <no-reply@localhost>'),
  HUB_SESSION_IDLE_MINUTES: z.coerce.number().positive().max(1440).default(30),
  HUB_SESSION_HOURS: z.coerce.number().positive().max(168).default(12),
});

/** How one hub runs. Nothing but this file reads the environment. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Folder of the SQLite database and the key file. */
  readonly data: string;
  /** Folder of the compiled FHIR definitions, which can be made anew at any time; absent: `cache` in `data`. */
  readonly cache: string;
  /** Folder of FHIR packages: `.tgz` archives, or folders they were unpacked to. */
  readonly packages: string;
  /** Profiles that every resource of their type must conform to. */
  readonly profiles: readonly string[];
  /** Absent: SQLite in `data`. */
  readonly databaseUrl: string | undefined;
  /** Where clients reach the hub, without a slash at the end; absent: from host and port. */
  readonly baseUrl: string | undefined;
  readonly env: 'development' | 'test' | 'production';
  readonly log: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly maxBodyBytes: number;
  readonly maxDocumentBytes: number;
  readonly documentTypes: readonly string[];
  readonly scanUrl: string | undefined;
  /** Requests a minute for each client and process; 0: no limit. */
  readonly rateLimit: number;
  /** What a recorded event survives: the end of the process, or a power cut as well. */
  readonly auditDurability: 'crash' | 'power';
  readonly secretKey: string | undefined;
  /** Folder of rule packs (`referral-due.json`, `escalation.json`) that take the place of those shipped. */
  readonly rules: string | undefined;
  /** What the hub is in the sense of 42 CFR Part 2. */
  readonly role: HubRole;
  /** The rules for the labels SDV and HIV. */
  readonly statePack: StatePack;
  /** How long emergency access lasts. */
  readonly emergencyHours: number;
  /** Days for which an organization still sees what it worked with, after the work has ended. */
  readonly graceDays: number;
  /** The mail server, `smtp://user:password@host:port`; absent: mails are files in `data`, in production there are none. */
  readonly smtpUrl: string | undefined;
  /** Hosts (lower case, no port) that notifications may reach though their address is not public. */
  readonly outgoingHosts: readonly string[];
  /** Open Referral sources of the directory: what each is called, and the base URL of its API, a folder or a file. */
  readonly directorySources: readonly { name: string; place: string }[];
  /** Whom mails are from: `Name <address>`. */
  readonly mailFrom: string;
  /** A person's session ends after so long without a request, and after so long at the latest. */
  readonly sessionIdleMinutes: number;
  readonly sessionHours: number;
}

/** Reads and checks the HUB_… variables; an error names each wrong one and what would be right. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const parsed = environment.safeParse(withoutEmpty(env));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(issue => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The configuration is not right:\n${faults.join('\n')}`);
  }
  const value = parsed.data;
  return Object.freeze({
    port: value.HUB_PORT,
    host: value.HUB_HOST,
    data: value.HUB_DATA,
    cache: value.HUB_CACHE ?? join(value.HUB_DATA, 'cache'),
    packages: value.HUB_PACKAGES ?? join(value.HUB_DATA, 'packages'),
    profiles: value.HUB_PROFILES.split(/[\s,]+/).filter(Boolean),
    databaseUrl: value.HUB_DATABASE_URL,
    baseUrl: value.HUB_BASE_URL?.replace(/\/+$/, ''),
    env: value.HUB_ENV,
    log: value.HUB_LOG,
    maxBodyBytes: value.HUB_MAX_BODY_MB * 1024 * 1024,
    maxDocumentBytes: value.HUB_MAX_DOCUMENT_MB * 1024 * 1024,
    documentTypes: value.HUB_DOCUMENT_TYPES.toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    scanUrl: value.HUB_SCAN_URL,
    rateLimit: value.HUB_RATE_LIMIT,
    auditDurability: value.HUB_AUDIT_DURABILITY,
    secretKey: value.HUB_SECRET_KEY,
    rules: value.HUB_RULES,
    role: value.HUB_ROLE,
    statePack: value.HUB_STATE_PACK,
    emergencyHours: value.HUB_EMERGENCY_HOURS,
    graceDays: value.HUB_GRACE_DAYS,
    smtpUrl: value.HUB_SMTP_URL,
    outgoingHosts: value.HUB_OUTGOING_HOSTS.toLowerCase()
      .split(/[\s,]+/)
      .filter(host => host !== ''),
    directorySources: value.HUB_DIRECTORY_SOURCES.split(/\s+/)
      .filter(Boolean)
      .map(one => ({ name: one.slice(0, one.indexOf('=')), place: one.slice(one.indexOf('=') + 1) })),
    mailFrom: value.HUB_MAIL_FROM,
    sessionIdleMinutes: value.HUB_SESSION_IDLE_MINUTES,
    sessionHours: value.HUB_SESSION_HOURS,
  });
}

/** `HUB_X=` in a shell or a compose file means "not set". */
function withoutEmpty(env: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}
