import type { OperationOutcomeIssue } from '@medplum/fhirtypes';

/**
 * The kinds of failure a caller can meet, each with the HTTP status that says it
 * (https://hl7.org/fhir/R4/http.html#Status-Codes).
 */
export const statusOf = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  unprocessable: 422,
  'too-many-requests': 429,
  unavailable: 503,
} as const;

export type ErrorKind = keyof typeof statusOf;

/** https://hl7.org/fhir/R4/valueset-issue-type.html */
const issueCodeOf: Record<ErrorKind, OperationOutcomeIssue['code']> = {
  invalid: 'invalid',
  unauthorized: 'login',
  forbidden: 'forbidden',
  'not-found': 'not-found',
  'method-not-allowed': 'not-supported',
  'not-acceptable': 'not-supported',
  conflict: 'conflict',
  gone: 'deleted',
  'precondition-failed': 'conflict',
  'too-large': 'too-long',
  'unsupported-media-type': 'not-supported',
  unprocessable: 'business-rule',
  'too-many-requests': 'throttled',
  unavailable: 'transient',
};

/** What went wrong at one place: `expression` is a FHIRPath to the element at fault. */
export interface Problem {
  text: string;
  expression?: string;
  code?: OperationOutcomeIssue['code'];
  /** Absent: error. Only an error is a reason to refuse. */
  severity?: 'error' | 'warning' | 'information';
  /** Of a write: which of its operations is at fault. */
  operation?: number;
}

/** The one error type: a kind, and one or more problems a caller can act on. */
export class HubError extends Error {
  readonly kind: ErrorKind;
  readonly problems: Problem[];

  constructor(kind: ErrorKind, problems: string | Problem | Problem[]) {
    const list = typeof problems === 'string' ? [{ text: problems }] : [problems].flat();
    super(list.map(p => p.text).join('; '));
    this.name = 'HubError';
    this.kind = kind;
    this.problems = list;
  }

  get status(): number {
    return statusOf[this.kind];
  }

  /** The problems as OperationOutcome issues (https://hl7.org/fhir/R4/operationoutcome.html). */
  get issues(): OperationOutcomeIssue[] {
    return this.problems.map(problem => ({
      severity: problem.severity ?? 'error',
      code: problem.code ?? issueCodeOf[this.kind],
      details: { text: problem.text },
      ...(problem.expression ? { expression: [problem.expression] } : {}),
    }));
  }
}
