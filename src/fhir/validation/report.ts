import type { Problem } from '../../errors.ts';
import { Evaluation } from '../definitions/fhirpath/evaluation.ts';
import { expression } from '../index/references.ts';

/** More problems than these tell a sender nothing more. */
const mostProblems = 50;

/** Where the validator is in a resource, and what it has found. */
export class Report {
  readonly problems: Problem[] = [];
  /** Warnings and what else is no reason to refuse. */
  readonly remarks: Problem[] = [];
  /** What is being looked up for an answer. */
  readonly pending: Promise<void>[] = [];
  /** False: remarks are of no interest, and what only leads to them is not looked at. */
  readonly remarking: boolean;
  /** Something had to be decided at once that has to be looked up first: to be done again when it is known. */
  undecided = false;
  /** The profile whose rules are being checked: messages name it. */
  profile: string | undefined;
  readonly path: (string | number)[] = [];
  depth = 0;
  /** The resource in question: inside another one, that one's. */
  evaluation: Evaluation;

  constructor(resource: unknown, remarking = false) {
    this.evaluation = new Evaluation(resource);
    this.remarking = remarking;
  }

  /** Says what is wrong with the element at the present place, and what would be right. Never quotes free text. */
  add(text: string, code: Problem['code'] = 'structure'): void {
    append(this.problems, this.#problem(text, code));
  }

  /** The same for what is no reason to refuse the resource. */
  remark(text: string, code: Problem['code'], severity: NonNullable<Problem['severity']> = 'warning'): void {
    if (severity === 'error') this.add(text, code);
    else if (this.remarking) append(this.remarks, { ...this.#problem(text, code), severity });
  }

  /** What turns out later is said of the present place. */
  later<T>(answer: Promise<T>, say: (answer: T) => void): void {
    const [path, profile] = [[...this.path], this.profile];
    const told = answer.then(value => {
      const now = { path: [...this.path], profile: this.profile };
      this.#move(path, profile);
      say(value);
      this.#move(now.path, now.profile);
    });
    this.pending.push(told);
  }

  #move(path: readonly (string | number)[], profile: string | undefined): void {
    this.path.splice(0, this.path.length, ...path);
    this.profile = profile;
  }

  #problem(text: string, code: Problem['code']): Problem {
    const place = expression(this.path);
    const said = this.profile ? `${text} (${this.profile})` : text;
    return { text: said, ...(place ? { expression: place } : {}), ...(code ? { code } : {}) };
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

/** Two profiles that ask the same of an element, or a slice and what it is a slice of, say it once. */
function append(all: Problem[], problem: Problem): void {
  const said = all.some(one => one.text === problem.text && one.expression === problem.expression);
  if (!said && all.length < mostProblems) all.push(problem);
}

/** Checks one value of a type. */
export type Check = (value: unknown, report: Report) => void;

/** A code or name in a message: quoted, and never long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);
}
