import type { ProblemDocument } from '@muster/contracts';
import { type Problem, problemCatalogue } from '@muster/kernel';
import { statusOf } from './problem-status.js';

/** RFC 9457: relative, so that each host can explain its own problems; the slug at its end is what programs compare. */
const typeOf = (problem: Problem): string => `/problems/${problem.kind}`;

/** A problem as its `application/problem+json` document; extensions cannot replace the standard members. */
export const problemDocumentOf = (problem: Problem, traceId: string): ProblemDocument => ({
  ...problem.extensions,
  type: typeOf(problem),
  title: problemCatalogue[problem.kind].title,
  status: statusOf(problem.kind),
  detail: problem.detail,
  code: problem.kind,
  traceId,
  ...(problem.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: problem.retryAfterSeconds }),
});
