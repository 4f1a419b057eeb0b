import type { Problem } from '../../errors.ts';
import { checkClaims } from './profiles/claims.ts';
import { checkExtension } from './profiles/extensions.ts';
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
  const { enforced = new Map() } = options;
  const checks = new ProfileChecks(options);
  // Resources are checked one after the other, without a pause: what is asked of the present one.
  let profiles: readonly string[] = [];
  const types = new TypeChecks(options.definitions, {
    resource: (value, type, report) => checkClaims(value, type, report, checks, { enforced, profiles }),
    extension: (value, report) => checkExtension(value, report, checks),
  });
  return (resource, asked = {}) => {
    const report = new Report(resource, asked.remarks ?? false);
    profiles = asked.profiles ?? [];
    types.resource(resource, report, true);
    const all = (): Problem[] => [...report.problems, ...report.remarks];
    return report.pending.length === 0 ? all() : Promise.all(report.pending).then(all);
  };
}
