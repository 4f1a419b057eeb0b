import type { CodedValue, Membership, Terminology } from '../../terminology/terminology.ts';

/** What has been asked while one resource is checked: what had to be looked up is known when it is checked again. */
export type Answers = Map<string, Membership | Promise<Membership>>;

/** The terminology, which remembers what it had to look up for the present resource. */
export class LookUps implements Pick<Terminology, 'member'> {
  answers: Answers = new Map();
  readonly #terminology: Pick<Terminology, 'member'>;

  constructor(terminology: Pick<Terminology, 'member'>) {
    this.#terminology = terminology;
  }

  member(valueSet: string, coding: CodedValue): Membership | Promise<Membership> {
    if (this.answers.size === 0) return this.#ask(valueSet, coding);
    const key = keyOf(valueSet, coding);
    return this.answers.get(key) ?? this.#ask(valueSet, coding);
  }

  #ask(valueSet: string, coding: CodedValue): Membership | Promise<Membership> {
    const answer = this.#terminology.member(valueSet, coding);
    if (typeof answer !== 'string') this.answers.set(keyOf(valueSet, coding), answer);
    return answer;
  }
}

const keyOf = (valueSet: string, { system = '', version = '', code }: CodedValue): string =>
  `${valueSet} ${system} ${version} ${code}`;
