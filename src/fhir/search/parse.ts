import { HubError, type Problem } from '../../errors.ts';
import { type Draft, settle } from './draft.ts';
import { readExpression } from './expression.ts';
import { readInclude } from './include.ts';
import { limits } from './limits.ts';
import { lookUpCodes } from './looked-up-codes.ts';
import { checkType } from './parameter.ts';
import type { IncludeStep, ParsedSearch, SearchContext, SearchRequest } from './parsed.ts';
import { refuse } from './refuse.ts';
import {
  countsOnly,
  cursorParameter,
  initialSettings,
  readSetting,
  type Settings,
  settingNames,
} from './settings.ts';

/** Parameters that are about the message, not about the search. */
const transport = new Set(['_format', '_pretty']);

/**
 * Reads a search of a type, or of the whole system (https://hl7.org/fhir/R4/search.html). Everything that is not
 * understood is refused in one HubError('invalid') with a problem each, or left out and said in `warnings`
 * when the request is lenient.
 */
export async function parseSearch(given: SearchContext, request: SearchRequest): Promise<ParsedSearch> {
  if (request.type !== undefined) checkType(given, '_type', request.type);
  const context = await lookUpCodes(given, request.query);
  const reading = new Reading(context, request);
  const settings = reading.settings();
  const { compartment } = request;
  const drafts = [
    ...(compartment ? [{ kind: 'compartment' as const, ...compartment }] : []),
    ...reading.drafts(settings.types),
  ];
  const includes = reading.includes(settings.types);
  if (reading.problems.length > 0 && !request.lenient) throw new HubError('invalid', reading.problems);
  const { types, sort, after } = settings;
  const filters = await settle(drafts, context.locate);
  return {
    query: {
      types,
      filters,
      sort,
      ...(after !== undefined && { after }),
      count: countsOnly(settings) ? 0 : settings.count,
      total: countsOnly(settings) ? 'accurate' : settings.total,
    },
    includes,
    projection: settings.projection,
    warnings: reading.problems,
    self: reading.self(settings),
  };
}

/** The query string of the page after a page. */
export function nextLink(parsed: ParsedSearch, cursor: string): string {
  const query = new URLSearchParams(parsed.self);
  query.set(cursorParameter, cursor);
  return query.toString();
}

class Reading {
  readonly problems: Problem[] = [];
  private readonly request: SearchRequest;
  private readonly context: SearchContext;
  private readonly entries: readonly (readonly [name: string, value: string])[];
  private readonly refused = new Set<string>();

  constructor(context: SearchContext, request: SearchRequest) {
    this.request = request;
    this.context = context;
    this.entries = [...request.query].filter(([name]) => !transport.has(name));
    if (this.entries.length > limits.parameters) {
      throw refuse('_query', `more than ${limits.parameters} parameters`);
    }
  }

  settings(): Settings {
    const { type, query } = this.request;
    return settingNames
      .filter(name => query.has(name))
      .reduce(
        (settings, name) =>
          this.attempt(name, () => readSetting(this.context, settings, name, query.getAll(name), type)) ??
          settings,
        initialSettings(this.context, type, this.request.types),
      );
  }

  drafts(types: readonly string[]): Draft[] {
    return this.entries
      .filter(([name]) => !settingNames.includes(name) && !isInclude(name))
      .flatMap(([name, value]) => this.attempt(name, () => this.condition(types, name, value)) ?? []);
  }

  includes(types: readonly string[]): IncludeStep[] {
    return this.entries
      .filter(([name]) => isInclude(name))
      .flatMap(
        ([name, value]) => this.attempt(name, () => readInclude(this.context, types, name, value)) ?? [],
      );
  }

  /** The parameters that were used, as they were used. */
  self(settings: Settings): string {
    const used = this.entries.filter(([name]) => !this.refused.has(name));
    const counted = used.map(([name, value]) => [name, name === '_count' ? `${settings.count}` : value]);
    return new URLSearchParams(counted).toString();
  }

  /**
   * Over several types a parameter has a number in each: a condition that finds its rows in one of them holds,
   * one that must not find any must hold for all.
   */
  private condition(types: readonly string[], name: string, value: string): Draft[] {
    if (name.includes('\0') || value.includes('\0'))
      throw refuse(name.replaceAll('\0', ''), 'the character U+0000 is not text');
    const drafts = types.map(type => readExpression(this.context, type, name, value));
    const [first] = drafts;
    if (!first || drafts.every(draft => JSON.stringify(draft) === JSON.stringify(first)))
      return first ? [first] : [];
    return isNegative(first) ? drafts : [{ kind: 'or', filters: drafts }];
  }

  private attempt<T>(name: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.refused.add(name);
      this.problems.push(...error.problems);
      return undefined;
    }
  }
}

const isInclude = (name: string): boolean => /^_(?:rev)?include(?::|$)/.test(name);

const isNegative = (draft: Draft): boolean =>
  (draft.kind === 'token' && draft.negate === true) || (draft.kind === 'missing' && draft.missing);
