import type { PermanentContact } from '@muster/client';
import { toInstant } from '@muster/kernel';
import { CliFailure } from '../failure/cli-failure.js';
import { exitCodes, type ExitCode } from '../failure/exit-codes.js';
import { reasonOf } from '../failure/problem-reason.js';
import { durationWords } from '../terminal/words.js';

/** What scripts are told of an attempt to be activated for good. Neither key nor lease token is in it. */
export const permanentJson = ({ atMs, product, requestId, outcome, state }: PermanentContact) => {
  const { reply } = outcome;
  return {
    at: toInstant(atMs),
    product,
    asked: 'permanent-activation',
    requestId,
    host: outcome.host,
    outcome: reply.type,
    code: 'code' in reply ? reply.code : null,
    detail: 'detail' in reply ? reply.detail : null,
    ...(reply.type === 'granted' ? { drawn: reply.drawn, remaining: reply.remaining } : {}),
    key: state.key,
    lease: state.lease === null ? null : { leaseId: state.lease.leaseId, organisation: state.lease.organisation, issuedAt: toInstant(state.lease.issuedAtMs), permanent: true },
    next: state.due === null ? null : toInstant(state.due.atMs),
    failed: outcome.failed,
  };
};

const allowanceWords = (drawn: boolean | null, remaining: number | null): string => {
  if (drawn === null || remaining === null) return '';
  return ` (${drawn ? 'one activation was used' : 'the same machine again: nothing was used'}, ${remaining} left)`;
};

export const permanentWords = ({ outcome: { reply, host, failed } }: PermanentContact): string => {
  switch (reply.type) {
    case 'granted':
      return `activated for good by ${host}${allowanceWords(reply.drawn, reply.remaining)}`;
    case 'waiting':
      return `the installation request waits at ${host} for somebody to take it to the authority; it asks again in ${durationWords(reply.retryAfterSeconds)}`;
    case 'refused':
      return `refused by ${host}: ${reply.detail} (${reply.code})`;
    case 'busy':
      return `${host} cannot answer now: ${reply.detail}`;
    case 'unreachable':
      return failed.length === 0 ? `nobody was asked: ${reply.detail}` : `no answer: ${failed.map(({ host: at, detail }) => `${at} ${detail}`).join(', ')}`;
    default:
      return reply satisfies never;
  }
};

const AUTHORITY_REMEDY = "Name the vendor's authority with --authority URL, or hand the request over: `muster machine installation-code`.";

/** @throws CliFailure when it was refused, or nobody answered */
export const permanentEnd = ({ outcome: { reply, host } }: PermanentContact): ExitCode => {
  switch (reply.type) {
    case 'granted':
      return exitCodes.ok;
    case 'waiting':
      return exitCodes.notActivated;
    case 'refused':
      throw new CliFailure(reasonOf({ code: reply.code, status: 0 }), `${host} refuses: ${reply.detail} (${reply.code})`);
    case 'busy':
      throw new CliFailure('unreachable', `${host} cannot answer now: ${reply.detail}`);
    case 'unreachable':
      throw new CliFailure('unreachable', host === null ? `Nobody was asked: ${reply.detail}.` : `${host} does not answer: ${reply.detail.replace(/\.$/, '')}.`, {
        remedy: host === null ? AUTHORITY_REMEDY : 'The request is kept: the next one repeats it under its id, and uses nothing twice.',
      });
    default:
      return reply satisfies never;
  }
};
