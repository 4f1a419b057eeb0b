import {
  applyPatch,
  fhirpathPatchTypedValue,
  parseFhirPathPatchParameters,
  toTypedValue,
} from '@medplum/core';
import type { Parameters as ParametersResource, Resource } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Patch } from '../repository.ts';

/**
 * The patched copy of a resource: JSON Patch (RFC 6902) or FHIRPath Patch
 * (https://hl7.org/fhir/R4/fhirpatch.html).
 */
export function patched(resource: Resource, patch: Patch): Resource {
  const copy = structuredClone(resource);
  return patch.format === 'json'
    ? jsonPatched(copy, patch.operations)
    : fhirPathPatched(copy, patch.parameters);
}

type Operations = Parameters<typeof applyPatch>[1];

const operationNames = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

function jsonPatched(resource: Resource, operations: unknown): Resource {
  requireOperations(operations);
  const document = { resource };
  const moved = operations.map(operation => ({
    ...operation,
    path: `/resource${operation.path}`,
    ...(operation.from === undefined ? {} : { from: `/resource${operation.from}` }),
  }));
  const errors = applyPatch(document, moved as unknown as Operations);
  const failed = errors.findIndex(error => error !== null);
  if (failed >= 0) {
    const { op, path } = operations[failed] as JsonOperation;
    const why = op === 'test' ? 'the value there is another one' : 'there is no such place in the resource';
    throw new HubError('unprocessable', {
      text: `Patch operation ${failed + 1} (${op} ${path}) cannot be applied: ${why}.`,
      code: 'processing',
    });
  }
  return document.resource;
}

interface JsonOperation {
  op: string;
  path: string;
  from?: string;
}

function requireOperations(operations: unknown): asserts operations is JsonOperation[] {
  const wrong = (text: string) => new HubError('invalid', text);
  if (!Array.isArray(operations)) throw wrong('A JSON Patch is an array of operations (RFC 6902).');
  operations.forEach((operation: Partial<JsonOperation> | null, index) => {
    const place = `Patch operation ${index + 1}`;
    if (typeof operation !== 'object' || operation === null) throw wrong(`${place} is not an object.`);
    const { op, path, from } = operation;
    if (!op || !operationNames.includes(op))
      throw wrong(`${place}: op must be one of ${operationNames.join(', ')}.`);
    if (!isPointer(path)) throw wrong(`${place}: path must be a JSON Pointer such as "/status".`);
    if ((op === 'move' || op === 'copy') && !isPointer(from))
      throw wrong(`${place}: ${op} needs a JSON Pointer in "from".`);
    if ((op === 'add' || op === 'replace') && !('value' in operation))
      throw wrong(`${place}: ${op} needs a "value".`);
  });
}

/** A JSON Pointer (RFC 6901) into data, never into JavaScript's own properties. */
function isPointer(path: unknown): boolean {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) return false;
  return !path
    .split('/')
    .some(step => step === '__proto__' || step === 'constructor' || step === 'prototype');
}

function fhirPathPatched(resource: Resource, parameters: Resource): Resource {
  if (parameters.resourceType !== 'Parameters') {
    throw new HubError('invalid', {
      text: 'A FHIRPath Patch is a Parameters resource with one "operation" parameter for each change.',
      expression: 'resourceType',
    });
  }
  try {
    fhirpathPatchTypedValue(
      toTypedValue(resource),
      parseFhirPathPatchParameters(parameters as ParametersResource),
    );
  } catch (error) {
    throw new HubError('unprocessable', {
      text: `The FHIRPath Patch cannot be applied: ${error instanceof Error ? error.message : 'its operations are malformed'}`,
      code: 'processing',
    });
  }
  return resource;
}
