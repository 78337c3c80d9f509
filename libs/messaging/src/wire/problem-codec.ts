import { isProblem, isProblemKind, Problem, type ProblemExtensions, type ProblemKind } from '@muster/kernel';

/** A problem as it crosses the bus: plain JSON, so that a service in any language can read and write it. */
interface WireProblem {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
  readonly extensions: ProblemExtensions;
}

/** The body of an error reply; its kind stands in the `Muster-Error` header too. */
export function encodeProblem(problem: Problem): string {
  const wire: WireProblem = {
    kind: problem.kind,
    detail: problem.detail,
    ...(problem.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: problem.retryAfterSeconds }),
    extensions: problem.extensions,
  };
  return JSON.stringify(wire);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parseRecord(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

const scalarTypes = new Set(['string', 'number', 'boolean']);

const scalarsOf = (value: unknown): ProblemExtensions =>
  isRecord(value) ? (Object.fromEntries(Object.entries(value).filter(([, member]) => scalarTypes.has(typeof member))) as ProblemExtensions) : {};

/** Rebuilds the problem that the other side met. A kind that this side does not know is `internal`: it cannot be acted on. */
export function decodeProblem(kind: string, body: string): Problem {
  const wire = parseRecord(body);
  const detail = typeof wire.detail === 'string' ? wire.detail : '';
  if (!isProblemKind(kind)) return new Problem('internal', `The answer is a problem of the unknown kind ${JSON.stringify(kind.slice(0, 64))}.`);
  return new Problem(kind, detail, {
    ...(typeof wire.retryAfterSeconds === 'number' ? { retryAfterSeconds: wire.retryAfterSeconds } : {}),
    extensions: scalarsOf(wire.extensions),
  });
}

/** What a caller may know of a failure: a problem as it is, anything else as `internal` without detail. */
export const toProblem = (error: unknown): Problem => (isProblem(error) ? error : new Problem('internal', '', { cause: error }));
