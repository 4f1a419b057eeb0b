import type { Problem } from '../../errors.ts';
import { Evaluation } from '../definitions/fhirpath/evaluation.ts';
import { expression } from '../index/references.ts';

/** More problems than these tell a sender nothing more. */
const mostProblems = 50;

/** Where the validator is in a resource, and what it has found. */
export class Report {
  readonly problems: Problem[] = [];
  readonly path: (string | number)[] = [];
  depth = 0;
  /** The resource in question: inside another one, that one's. */
  evaluation: Evaluation;

  constructor(resource: unknown) {
    this.evaluation = new Evaluation(resource);
  }

  /** Says what is wrong with the element at the present place, and what would be right. Never quotes free text. */
  add(text: string, code: Problem['code'] = 'structure'): void {
    if (this.problems.length < mostProblems) {
      const place = expression(this.path);
      this.problems.push({ text, ...(place ? { expression: place } : {}), ...(code ? { code } : {}) });
    }
  }

  /** The same for an element within. */
  addAt(step: string | number, text: string, code?: Problem['code']): void {
    this.path.push(step);
    this.add(text, code);
    this.path.pop();
  }

  within(step: string | number, check: () => void): void {
    this.path.push(step);
    check();
    this.path.pop();
  }
}

/** Checks one value of a type. */
export type Check = (value: unknown, report: Report) => void;

/** A code or name in a message: quoted, and never long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);
}
