import { Problem } from '@muster/kernel';
import { InvalidArgumentError, type Msg, PermissionViolationError, RequestError, TimeoutError } from '@nats-io/transport-node';
import { decodeProblem } from '../wire/problem-codec.js';
import { firstIssue, type Schema } from '../wire/schema.js';
import { ERROR_HEADER } from '../wire/wire-headers.js';

export const disconnected = (subject: string): Problem => new Problem('unavailable', `The message bus is away, so ${subject} was not asked.`);

/** The client's error as a problem of the catalogue. */
export function asRequestProblem(subject: string, error: unknown, timeoutMs: number): Problem {
  const reason = error instanceof RequestError && error.cause !== undefined ? error.cause : error;
  if (error instanceof RequestError && error.isNoResponders()) return new Problem('unavailable', `Nobody answers ${subject} now.`, { cause: error });
  if (reason instanceof TimeoutError) return new Problem('unavailable', `${subject} did not answer within ${timeoutMs} ms.`, { cause: error });
  if (reason instanceof PermissionViolationError) return new Problem('internal', `This service may not ask ${subject}.`, { cause: error });
  if (reason instanceof InvalidArgumentError) return new Problem('internal', `The request to ${subject} cannot be sent: ${reason.message}.`, { cause: error });
  return new Problem('unavailable', `The message bus went away while ${subject} was asked.`, { cause: error });
}

/** Throws the problem that a reply carries, if it is one. */
export function throwIfProblem(reply: Msg): void {
  const kind = reply.headers?.get(ERROR_HEADER);
  if (kind !== undefined && kind !== '') throw decodeProblem(kind, reply.string());
}

/** Reads a reply; one that is not JSON or not of the schema is a fault of the other side, not of this caller's. */
export function readReply<T>(subject: string, reply: Msg, schema: Schema<T>): T {
  throwIfProblem(reply);
  let value: unknown;
  try {
    value = reply.json();
  } catch (error) {
    throw new Problem('internal', `The answer of ${subject} is not JSON.`, { cause: error });
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new Problem('internal', `The answer of ${subject} is not what was agreed: ${firstIssue(result.error.issues)}.`);
  return result.data;
}
