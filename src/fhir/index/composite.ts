import type { LoadedDefinitions } from '../definitions/definitions.ts';
import type { Branch, Evaluate } from '../definitions/fhirpath/branch.ts';
import { compile } from '../definitions/fhirpath/compile.ts';
import type { Evaluation } from '../definitions/fhirpath/evaluation.ts';
import type { Component, Extracted, SearchParam } from '../definitions/types.ts';
import { type Convert, convertFor } from './convert.ts';
import { emptyRows } from './rows.ts';

type TupleRow = Extracted['tuple'][number];
type Value = [code: string, sys: string, lo: number, hi: number];

interface Source {
  evaluate: Evaluate;
  convert: Convert;
}

/**
 * Adds the rows of a composite: one group for each element that its expression finds (the Observation, each of its
 * components), with the values of each part in it (https://hl7.org/fhir/R4/search.html#composite).
 */
export function compositeRows(
  parameter: SearchParam,
  param: number,
  definitions: LoadedDefinitions,
): (evaluation: Evaluation, rows: Extracted) => void {
  const groups = compile(parameter.expression, definitions.schema, parameter.type).map(branch => ({
    evaluate: branch.evaluate,
    parts: (parameter.components ?? []).map(part => sources(part, branch, parameter.type, definitions)),
  }));
  return (evaluation, rows) => {
    let group = 0;
    const self = [evaluation.resource];
    for (const { evaluate, parts } of groups) {
      for (const element of evaluate({ self, context: self, evaluation })) {
        const values = parts.map(part => valuesOf(part, element, evaluation));
        if (values.some(found => found.length === 0)) continue;
        values.forEach((found, part) => {
          for (const value of found) rows.tuple.push([param, part, group, ...value] satisfies TupleRow);
        });
        group += 1;
      }
    }
  };
}

function sources(
  part: Component,
  group: Branch,
  resourceType: string,
  definitions: LoadedDefinitions,
): Source[] {
  const branches = compile(part.expression, definitions.schema, group.type, resourceType);
  return branches.flatMap(branch => {
    const convert = convertFor(part.kind, branch, definitions);
    return convert ? [{ evaluate: branch.evaluate, convert }] : [];
  });
}

/** The values of one part, as the tables of single values would keep them. */
function valuesOf(part: readonly Source[], element: unknown, evaluation: Evaluation): Value[] {
  const rows = emptyRows();
  const self = [element];
  for (const { evaluate, convert } of part) {
    for (const value of evaluate({ self, context: self, evaluation })) convert(value, 0, rows);
  }
  const values: Value[] = [
    ...rows.tok.map(([, code, sys]): Value => [code, sys, 0, 0]),
    ...rows.dt.map(([, lo, hi]): Value => ['', '', lo, hi]),
    ...rows.num.map(([, val]): Value => ['', '', val, val]),
    ...rows.qty.map(([, code, val, sys]): Value => [code, sys, val, val]),
    ...rows.ref.map(([, target]): Value => [target, '', 0, 0]),
    ...rows.uri.map(([, uri]): Value => [uri, '', 0, 0]),
    // Displays of codes are for `:text`, which no part of a composite takes.
    ...(rows.tok.length > 0 ? [] : rows.str.map(([, norm]): Value => [norm, '', 0, 0])),
  ];
  return [...new Map(values.map(value => [value.join('\u0000'), value])).values()];
}
