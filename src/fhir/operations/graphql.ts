import { indexSearchParameter } from '@medplum/core';
import { type FhirResponse, FhirRouter, makeSimpleRequest } from '@medplum/fhir-router';
import type { ResourceType, SearchParameter } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { LoadedDefinitions } from '../definitions/definitions.ts';
import { ReadingRepository } from '../graphql/reading-repository.ts';
import { teachTypes } from '../index/medplum-types.ts';
import type { Operation } from './operation.ts';

/** How much one query may ask for: fields within fields, searches, and resources of each search. */
const maxDepth = 10;
const maxSearches = 50;
const longestQuery = 20_000;

/**
 * Reads and searches in one request, as https://hl7.org/fhir/R4/graphql.html describes, through the caller's own
 * repository. A query that is too deep or too dear is refused before any of it runs.
 */
export const graphql: Operation = {
  name: 'graphql',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-graphql',
  documentation: `Queries, no mutations: at most ${maxDepth} levels and ${maxSearches} searches.`,
  levels: ['system'],
  methods: ['GET', 'POST'],
  async run({ parts, repository, query, body }) {
    const request = makeSimpleRequest('POST', '/$graphql', questionOf(query, body));
    request.config = { graphqlMaxDepth: maxDepth, graphqlMaxSearches: maxSearches };
    teach(parts.definitions);
    const answer = await new StrictRouter().handleRequest(request, new ReadingRepository(repository));
    return { kind: 'json', json: JSON.stringify(resultOf(answer)) };
  },
};

/** The library says of a query over its limits that it is; here it is refused. */
class StrictRouter extends FhirRouter {
  override log(_level: string, message: string): void {
    throw new HubError('invalid', `${message}: at most ${maxDepth} levels, and fewer lists within lists.`);
  }

  override async handleRequest(
    ...[request, repository]: Parameters<FhirRouter['handleRequest']>
  ): Promise<FhirResponse> {
    const found = this.find('POST', request.url);
    if (!found) throw new Error('the router has no $graphql');
    return found.handler(request, repository, this);
  }
}

function questionOf(query: URLSearchParams, body: unknown): { query: string; variables?: object } {
  const asked = typeof body === 'object' && body !== null ? body : Object.fromEntries(query);
  const text: unknown = 'query' in asked ? asked.query : undefined;
  if (typeof text !== 'string' || text.length > longestQuery)
    throw new HubError('invalid', {
      text: `$graphql takes {"query": "…"}, of at most ${longestQuery} characters.`,
      expression: 'query',
    });
  if (/\bmutation\b/.test(text))
    throw new HubError('invalid', 'GraphQL here reads and searches: no mutations.');
  if (/\b__schema\b|\b__type\b/.test(text))
    throw new HubError(
      'invalid',
      'No introspection here: the types are those of FHIR R4, the fields their elements.',
    );
  const variables: unknown = 'variables' in asked ? asked.variables : undefined;
  const name: unknown = 'operationName' in asked ? asked.operationName : undefined;
  return {
    query: text,
    ...(typeof variables === 'object' && variables !== null ? { variables } : {}),
    ...(typeof name === 'string' ? { operationName: name } : {}),
  };
}

/** What ran, with the errors of parts of it; or why nothing did. */
function resultOf([outcome, result]: FhirResponse): unknown {
  if (result) return result;
  const problems = (outcome.issue ?? []).map(issue => ({
    text: issue.details?.text ?? issue.diagnostics ?? 'The query cannot be run.',
    expression: 'query',
  }));
  throw new HubError('invalid', problems);
}

const taught = new WeakSet<LoadedDefinitions>();

/** Tells the library the types and search parameters that there are: once, when first needed. */
function teach(definitions: LoadedDefinitions): void {
  if (taught.has(definitions)) return;
  teachTypes(definitions.schema);
  for (const {
    type,
    code,
    url,
    kind,
    expression,
    targets,
    documentation,
  } of definitions.allSearchParameters()) {
    const parameter: SearchParameter = {
      resourceType: 'SearchParameter',
      status: 'active',
      name: code,
      description: documentation,
      base: [type as ResourceType],
      target: targets as ResourceType[],
      url,
      code,
      type: kind,
      expression,
    };
    indexSearchParameter(parameter);
  }
  taught.add(definitions);
}
