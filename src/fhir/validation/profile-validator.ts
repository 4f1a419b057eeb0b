import type { Problem } from '../../errors.ts';
import { checkClaims } from './profiles/claims.ts';
import { checkExtension } from './profiles/extensions.ts';
import { type Answers, LookUps } from './profiles/look-ups.ts';
import { ProfileChecks, type ProfileParts } from './profiles/profile-check.ts';
import { Report } from './report.ts';
import { TypeChecks } from './validator.ts';

export interface ProfileValidatorOptions extends ProfileParts {
  /** By resource type: canonical URLs of the profiles that every resource of the type must conform to. */
  enforced?: ReadonlyMap<string, readonly string[]>;
}

/** How a resource is validated, beyond what it claims itself. */
export interface Asked {
  /** Canonical URLs of profiles that it must conform to. */
  profiles?: readonly string[];
  /** Also warnings and notes: problems with a `severity` other than `error`. */
  remarks?: boolean;
}

export type Validate = (resource: unknown, asked?: Asked) => Problem[] | Promise<Problem[]>;

/**
 * Checks a resource against FHIR R4, against the profiles that it claims or that are asked of it, and its extensions
 * against their definitions. It takes any JSON whatever and never throws; it is done at once unless a code has to be
 * looked up in the database.
 */
export function createProfileValidator(options: ProfileValidatorOptions): Validate {
  const { enforced = new Map(), terminology } = options;
  const lookUps = terminology && new LookUps(terminology);
  const checks = new ProfileChecks({ ...options, terminology: lookUps });
  // Resources are checked one after the other, without a pause: what is asked of the present one.
  let profiles: readonly string[] = [];
  const types = new TypeChecks(options.definitions, {
    resource: (value, type, report) => checkClaims(value, type, report, checks, { enforced, profiles }),
    extension: (value, report) => checkExtension(value, report, checks),
  });
  const run = (resource: unknown, asked: Asked, answers: Answers): Report => {
    const report = new Report(resource, asked.remarks ?? false);
    profiles = asked.profiles ?? [];
    if (lookUps) lookUps.answers = answers;
    types.resource(resource, report, true);
    return report;
  };
  return (resource, asked = {}) => {
    const answers: Answers = new Map();
    const report = run(resource, asked, answers);
    const isDone = report.pending.length === 0 && !report.undecided;
    return isDone ? told(report) : whenKnown(report, answers, () => run(resource, asked, answers));
  };
}

/** Once more with what was looked up, as often as that leads to more that has to be: slices within slices. */
async function whenKnown(first: Report, answers: Answers, again: () => Report): Promise<Problem[]> {
  let report = first;
  for (let known = -1; report.undecided && answers.size > known; ) {
    known = answers.size;
    await Promise.all(answers.values());
    for (const [key, answer] of answers) answers.set(key, await answer);
    report = again();
  }
  await Promise.all(report.pending);
  return told(report);
}

const told = (report: Report): Problem[] => [...report.problems, ...report.remarks];
