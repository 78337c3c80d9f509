import type { PoolPolicy } from '@muster/contracts';
import { toInstant } from '@muster/kernel';
import type { Rejection } from '../activation/screen-request.rule.js';
import { reject } from '../activation/screen-request.rule.js';
import type { EnrolmentState, KnownEnrolmentToken } from './enrolment.fold.js';

/** What a machine's request does to the count of its pool, and whether a token is drawn on for it. */
export type Standing =
  | { readonly status: 'counts' }
  /** It counts from now on: recorded before the request itself. */
  | { readonly status: 'enrols'; readonly tokenId: string }
  /** Served like any other once the others meet the threshold, and counted for nothing. */
  | { readonly status: 'not-counted' };

type CountingPolicy = Pick<PoolPolicy, 'countOnlyEnrolled'>;

/** Of a machine that presents nothing: whether it enrolled before decides, where the vendor's policy asks for it. */
export const countingStandingOf = (machine: string, pool: CountingPolicy, enrolled: { readonly has: (machine: string) => boolean }): Standing =>
  pool.countOnlyEnrolled === true && !enrolled.has(machine) ? { status: 'not-counted' } : { status: 'counts' };

const drawOn = (token: KnownEnrolmentToken | undefined, uses: number, nowMs: number): Standing | Rejection => {
  const refuse = (why: string): Rejection => reject('enrolment-not-valid', `${why} Nothing was counted.`);
  if (token === undefined) return refuse('This host knows no such enrolment token.');
  if (token.revoked) return refuse('The enrolment token was revoked.');
  if (nowMs >= token.expiresAtMs) return refuse(`The enrolment token ended at ${toInstant(token.expiresAtMs)}.`);
  if (uses >= token.maximumUses) return refuse(`The enrolment token has enrolled the ${token.maximumUses} machines that it was made for.`);
  return { status: 'enrols', tokenId: token.tokenId };
};

export interface EnrolmentRequest {
  readonly machine: string;
  /** The public half of the token that the machine has proved to hold. */
  readonly enrolment?: string | undefined;
}

/**
 * Judges the requests of one round in their order: each is judged as if those before it were recorded already, so that a token's last use goes to
 * one of them. Between rounds the head sees to that.
 *
 * A token enrols whether or not the pool asks for it: an organisation may enrol its machines before its vendor's policy takes effect.
 */
export const judgeEnrolments = ({ tokens, tokenIds, machines }: EnrolmentState, nowMs: number) => {
  const justEnrolled = new Set<string>();
  const justUsed = new Map<string, number>();
  const enrolled = { has: (machine: string): boolean => machines.has(machine) || justEnrolled.has(machine) };
  return ({ machine, enrolment }: EnrolmentRequest, pool: CountingPolicy): Standing | Rejection => {
    // Enrolled is enrolled: presenting a token once more draws nothing, even one that has ended since.
    if (enrolment === undefined || enrolled.has(machine)) return countingStandingOf(machine, pool, enrolled);
    const token = tokens.get(tokenIds.get(enrolment) ?? '');
    const used = justUsed.get(enrolment) ?? 0;
    const standing = drawOn(token, (token?.uses ?? 0) + used, nowMs);
    if (standing.status === 'enrols') {
      justEnrolled.add(machine);
      justUsed.set(enrolment, used + 1);
    }
    return standing;
  };
};
