import { randomBytes } from 'node:crypto';
import { hostProofAnswerSchema, problemDocumentSchema } from '@muster/contracts';
import { type Clock, SECOND_MS } from '@muster/kernel';
import { isRevoked, isTokenRefused, type PublicJwk, type VerifiedHostProof, verifyHostProof } from '@muster/trust';
import type { HostTrusted } from '../../machine/trusted-here.js';
import type { ProofFacts } from '../facts.js';
import { type HostAnswer, type HostPlace, requestHost, wordsOf } from './request-host.js';

const NONCE_BYTES = 32;

interface Proving extends HostTrusted {
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const NOT_ACTIVE: readonly string[] = ['host-not-activated', 'host-retired'];
/** It may well be a host, and has no time for this question now. */
const BUSY: readonly string[] = ['rate-limited', 'overloaded', 'unavailable', 'clock-skew', 'time-step'];

const withoutProof = ({ status, body }: HostAnswer): ProofFacts => {
  const problem = problemDocumentSchema.safeParse(body);
  if (!problem.success) return { kind: 'not-proved', detail: `it answered ${status} to the question who it is` };
  const { code, detail } = problem.data;
  const said = detail.replace(/\.$/, '');
  if (NOT_ACTIVE.includes(code)) return { kind: 'not-active', detail: said };
  if (code === 'host-revoked') return { kind: 'revoked', detail: said };
  return BUSY.includes(code) ? { kind: 'skipped', detail: `it answered ${code}: ${said}` } : { kind: 'not-proved', detail: `it answered ${code}: ${said}` };
};

/** A certificate that has ended still says who it was, and by whose clock. */
const verified = async (proof: string, { root, nonce, nowMs }: { readonly root: PublicJwk; readonly nonce: string; readonly nowMs: number }): Promise<{ readonly found: VerifiedHostProof; readonly ended: string | null }> => {
  try {
    return { found: await verifyHostProof(proof, { root, nonce, atMs: nowMs }), ended: null };
  } catch (error) {
    if (!isTokenRefused(error, 'expired') && !isTokenRefused(error, 'not-yet-valid')) throw error;
    return { found: await verifyHostProof(proof, { root, nonce, atMs: 'any-time' }), ended: error.detail };
  }
};

const judged = async (proof: string, { root, nonce, nowMs, revocations }: { readonly root: PublicJwk; readonly nonce: string; readonly nowMs: number } & Pick<HostTrusted, 'revocations'>): Promise<ProofFacts> => {
  try {
    const { found, ended } = await verified(proof, { root, nonce, nowMs });
    const { host, certificate, keys, signedAtMs } = found;
    if (revocations !== undefined && isRevoked(revocations, { certificate: certificate.jti, keys })) return { kind: 'revoked', detail: `host ${host} stands on the vendor's revocation list ${revocations.sequence}` };
    const offsetMs = signedAtMs + SECOND_MS / 2 - nowMs; // the proof's time is cut to the second
    return ended === null ? { kind: 'proved', host, offsetMs } : { kind: 'ended', host, offsetMs, detail: ended };
  } catch (error) {
    if (!isTokenRefused(error)) throw error;
    return { kind: 'rogue', detail: `its proof is not believed: ${error.detail} (${error.reason})` };
  }
};

/** Has whoever answers at the address show that it is a host that the vendor certified. */
export const proveHost = async (place: HostPlace, { root, revocations, timeoutMs, clock }: Proving): Promise<ProofFacts> => {
  if (root === undefined) return { kind: 'skipped', detail: "the vendor's root key is not known here: give it by --root" };
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  const askedMs = clock.nowMs();
  let answer: HostAnswer;
  try {
    answer = await requestHost(place, { path: '/v1/host-proofs', timeoutMs, order: { nonce } });
  } catch (error) {
    return { kind: 'not-proved', detail: `it did not answer the question who it is: ${wordsOf(error)}` };
  }
  const parsed = hostProofAnswerSchema.safeParse(answer.body);
  const nowMs = (askedMs + clock.nowMs()) / 2; // signed somewhere on the way there and back
  return parsed.success ? judged(parsed.data.proof, { root, nonce, nowMs, revocations }) : withoutProof(answer);
};
